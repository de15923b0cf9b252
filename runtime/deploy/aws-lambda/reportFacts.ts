import type { RemoteFacts } from '../../model/remoteInvocation.ts';
import { given, type LineWords } from '../remoteLogs/logWords.ts';

/** Fields are separated by tabs; copies of logs have blanks in their place. */
const between =
  /\t|(?<!Billed|Init|Restore|Max) +(?=(?:Billed |Init |Restore |Max Memory|Memory |Status:|Duration:|Error ))/;

/** What the `REPORT` line of an invocation says (developer guide, "Logging"): figures, and in newer ones how it ended. */
export function readReport(text: string): Pick<LineWords, 'facts' | 'status' | 'error'> | undefined {
  const fields = /^REPORT RequestId: \S+([^\n]*)/m.exec(text)?.[1];
  if (fields === undefined) return undefined;
  const said = new Map(
    fields.split(between).flatMap((field): [string, string][] => {
      const [, name, value] = /^([^:]+): (.+)$/.exec(field.trim()) ?? [];
      return name === undefined ? [] : [[name, value!]];
    }),
  );
  const number = (name: string): number | undefined => {
    const value = Number.parseFloat(said.get(name) ?? '');
    return Number.isFinite(value) ? value : undefined;
  };
  // An environment that is restored from a snapshot is a new one as well.
  const initMs = number('Init Duration') ?? number('Restore Duration');
  const facts: RemoteFacts = {
    startKind: initMs === undefined ? 'warm' : 'cold',
    ...given('durationMs', number('Duration')),
    ...given('initMs', initMs),
    ...given('billedMs', number('Billed Duration')),
    ...given('memoryMB', number('Memory Size')),
    ...given('maxMemoryMB', number('Max Memory Used')),
  };
  const type = said.get('Error Type');
  return {
    facts,
    status: statusOf(said.get('Status'), type),
    ...(type !== undefined && { error: { type, message: '', stack: [], weight: 0 } }),
  };
}

/** How an invocation ended by the word of its report and the type of its error. */
export function statusOf(word: string | undefined, errorType?: string): NonNullable<LineWords['status']> {
  if (errorType === 'Runtime.OutOfMemory') return 'oom';
  if (word === 'timeout') return 'timeout';
  if (word === 'failure' || errorType === 'Runtime.ExitError') return 'crashed';
  return word === 'error' ? 'error' : 'ok';
}
