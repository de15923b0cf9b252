import { PorchlightError } from '../model/errors.ts';
import type { RemoteLogLine } from '../model/deploy.ts';
import { FollowRemoteLogs, RemoteLogged } from '../protocol/control/messages.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { timeOfDay } from './invocationText.ts';
import { painter, write, type Terminal } from './terminal.ts';

export interface RemoteLogsOptions {
  name: string | undefined;
  target: string;
  follow?: true;
  grep?: string;
  /** Milliseconds since the epoch. */
  since?: number;
  json?: true;
}

/** What is shown when nobody says since when, in milliseconds. */
const usualSpanMs = 15 * 60_000;

/** Prints what a deployed function has written, and with `follow` what it writes, until Ctrl+C. */
export async function remoteLogs(terminal: Terminal, options: RemoteLogsOptions): Promise<ExitCode> {
  const { name, target, follow = false, since = Date.now() - usualSpanMs } = options;
  if (name === undefined)
    throw new PorchlightError('USAGE', { detail: 'Name a function: porchlight logs NAME --target T.' });
  const root = await projectFolder(terminal, undefined);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  try {
    await withHost(root, terminal, async (connection) => {
      let written = Promise.resolve();
      connection.onNotification(RemoteLogged, ({ lines }) => {
        for (const line of lines) written = written.then(() => print(terminal, line, options));
      });
      const asked = { target, function: name, since, follow: follow === true };
      await connection.sendRequest(FollowRemoteLogs, asked, { signal: interrupt.signal });
      await written;
    });
  } catch (error) {
    // Ctrl+C is how following ends.
    if (!interrupt.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', onSignal);
  }
  return exitCodes.ok;
}

async function print(
  terminal: Terminal,
  line: RemoteLogLine,
  { grep, json }: RemoteLogsOptions,
): Promise<void> {
  const { time, instance, text } = line;
  if (grep !== undefined && !text.toLowerCase().includes(grep.toLowerCase())) return;
  if (json) {
    const told = { time: new Date(time).toISOString(), instance, text };
    return write(terminal.stdout, `${JSON.stringify(told)}\n`);
  }
  const paint = painter(terminal.stdout, terminal.env);
  // Streams of Lambda end with what tells them apart, names of containers too.
  const origin = paint('cyan', instance.slice(-8));
  return write(terminal.stdout, `${paint('dim', timeOfDay(time))} ${origin}  ${text}\n`);
}
