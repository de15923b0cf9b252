import type { LoadProgress, LoadShape } from '../model/load.ts';
import { LoadProgressed, RunLoad } from '../protocol/control/load.ts';
import { readEvent } from './event.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { startKindOf, type StartOptions } from './invoke.ts';
import { loadText } from './loadText.ts';
import { progressLine } from './progressLine.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface LoadOptions extends LoadShape, StartOptions {
  name: string;
  event?: string;
  json?: true;
}

/** Sends calls to a function at a rate and shows what came of them. Ctrl+C cancels: what ended by then counts. */
export async function load(terminal: Terminal, options: LoadOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const { name, invocations, rate, concurrency } = options;
  const event = options.event === undefined ? undefined : await readEvent(terminal, options.event);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  const progress = progressLine(terminal);
  try {
    const result = await withHost(
      root,
      terminal,
      (connection) =>
        connection.sendRequest(
          RunLoad,
          {
            function: name,
            invocations,
            concurrency,
            ...(rate === undefined ? {} : { rate }),
            ...(event ? { event } : {}),
            ...startKindOf(options),
          },
          { signal: interrupt.signal },
        ),
      {
        setUp: (of) =>
          void of.onNotification(LoadProgressed, (told) => progress.show(inWords(told, invocations))),
      },
    );
    progress.clear();
    const paint = painter(terminal.stdout, terminal.env);
    await write(terminal.stdout, options.json ? `${JSON.stringify(result)}\n` : loadText(result, paint));
    const good = result.statuses.ok ?? 0;
    return good === result.sent ? exitCodes.ok : exitCodes.functionFailed;
  } finally {
    progress.clear();
    process.off('SIGINT', onSignal);
  }
}

function inWords({ ended, failed, instances }: LoadProgress, invocations: number): string {
  const alive = instances === 1 ? '1 instance' : `${instances} instances`;
  return `${ended} of ${invocations} answered, ${failed} not ok, ${alive}`;
}
