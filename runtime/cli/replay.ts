import { Replay } from '../protocol/control/messages.ts';
import { readEvent } from './event.ts';
import type { ExitCode } from './exitCode.ts';
import { findInvocation } from './findInvocation.ts';
import { runOnce, startKindOf, type StartOptions } from './invoke.ts';
import type { Terminal } from './terminal.ts';

export interface ReplayOptions extends StartOptions {
  /** As `findInvocation` takes it. */
  id: string;
  event?: string;
  json?: true;
}

/** Sends the event of a recorded invocation again, or another one in its place. Output and exit code as of `invoke`. */
export async function replay(terminal: Terminal, options: ReplayOptions): Promise<ExitCode> {
  const event = options.event === undefined ? undefined : await readEvent(terminal, options.event);
  return runOnce(terminal, options.json, async (connection, { signal, ...stream }) => {
    const { id } = await findInvocation(connection, options.id);
    const params = { id, ...(event ? { event } : {}), ...startKindOf(options), ...stream };
    return connection.sendRequest(Replay, params, { signal });
  });
}
