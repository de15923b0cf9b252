import { noPlaces, type CodePlaces } from '../../runtime/deploy/remoteLogs/codePlaces.ts';
import { LogAssembler } from '../../runtime/deploy/remoteLogs/logAssembler.ts';
import type { LogWords } from '../../runtime/deploy/remoteLogs/logWords.ts';
import type { RemoteLogLine } from '../../runtime/model/deploy.ts';
import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';

/** When, what, and in which instance, where it is not that of the others. */
export type Written = [time: number, text: string, instance?: string, more?: Partial<RemoteLogLine>];

/** Puts lines together; their ids are the instance and a number that goes on. */
export function assembler(words: LogWords, places: CodePlaces = noPlaces) {
  const assembled = new LogAssembler({ target: 'prod', function: 'hello', words, places });
  let number = 0;
  const add = (usual: string, lines: readonly Written[]) =>
    assembled.add(
      lines.map(([time, text, instance = usual, more]) => ({
        ...{ id: `${instance} ${number++}`, time, instance, text },
        ...more,
      })),
    );
  return { add };
}

/** An invocation in a line: `id status start duration+init billed used/memory version: lines of the function`. */
export function overview(invocation: RemoteInvocation): string {
  const { id, status, startKind, durationMs, initMs, billedMs, memoryMB, maxMemoryMB, version } = invocation;
  const printed = invocation.logs.filter(({ stream }) => stream !== 'platform').map(({ text }) => text);
  const facts = [
    ...[id, status, startKind],
    durationMs === undefined ? undefined : `${durationMs}${initMs === undefined ? '' : `+${initMs}`}`,
    billedMs,
    maxMemoryMB === undefined ? undefined : `${maxMemoryMB}/${memoryMB}`,
    version === undefined ? undefined : `version ${version}`,
  ];
  return `${facts.filter((fact) => fact !== undefined).join(' ')}: ${printed.join(' | ')}`;
}
