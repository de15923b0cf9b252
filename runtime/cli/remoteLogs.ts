import { PorchlightError } from '../model/errors.ts';
import type { RemoteLogLine } from '../model/deploy.ts';
import type { RemoteInvocation } from '../model/remoteInvocation.ts';
import { FollowRemoteLogs, RemoteLogged, RemoteLogTrouble } from '../protocol/control/messages.ts';
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
  const { name, target, follow = false, since = Date.now() - usualSpanMs, json } = options;
  if (name === undefined)
    throw new PorchlightError('USAGE', { detail: 'Name a function: porchlight logs NAME --target T.' });
  const root = await projectFolder(terminal, undefined);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  let written = Promise.resolve();
  const then = (action: () => Promise<void>): void => void (written = written.then(action));
  const output = json ? new Records(terminal, options) : undefined;
  try {
    await withHost(root, terminal, async (connection) => {
      connection.onNotification(RemoteLogged, ({ lines, invocations }) => {
        then(() => (output ? output.add(lines, invocations) : printLines(terminal, lines, options)));
      });
      connection.onNotification(RemoteLogTrouble, ({ message }) => {
        const text = message === null ? 'The log can be read again.' : `${message} Trying again.`;
        then(() => write(terminal.stderr, `${text}\n`));
      });
      const asked = { target, function: name, since, follow: follow === true };
      await connection.sendRequest(FollowRemoteLogs, asked, { signal: interrupt.signal });
    });
  } catch (error) {
    // Ctrl+C is how following ends.
    if (!interrupt.signal.aborted) throw error;
  } finally {
    process.off('SIGINT', onSignal);
    await written;
  }
  await output?.end();
  return exitCodes.ok;
}

function contains(text: string, wanted: string | undefined): boolean {
  return wanted === undefined || text.toLowerCase().includes(wanted.toLowerCase());
}

/**
 * Prints invocations as objects once they have ended, and again when more of one came in late: the last one counts. Lines
 * that belong to none are objects of their own.
 */
class Records {
  readonly #terminal: Terminal;
  readonly #grep: string | undefined;
  /** By id, those whose end was not told. */
  readonly #running = new Map<string, RemoteInvocation>();

  constructor(terminal: Terminal, { grep }: RemoteLogsOptions) {
    this.#terminal = terminal;
    this.#grep = grep;
  }

  async add(lines: RemoteLogLine[], invocations: RemoteInvocation[]): Promise<void> {
    for (const { time, instance, text, invocation } of lines) {
      if (invocation !== undefined || !contains(text, this.#grep)) continue;
      await this.#write({ time: new Date(time).toISOString(), instance, text });
    }
    for (const invocation of invocations) {
      if (invocation.status === 'running') this.#running.set(invocation.id, invocation);
      else await this.#print(invocation);
    }
  }

  /** Prints what had not ended by then. */
  async end(): Promise<void> {
    for (const invocation of [...this.#running.values()]) await this.#print(invocation);
  }

  async #print(invocation: RemoteInvocation): Promise<void> {
    this.#running.delete(invocation.id);
    if (invocation.logs.some(({ text }) => contains(text, this.#grep)) || this.#grep === undefined)
      await this.#write(invocation);
  }

  #write(object: object): Promise<void> {
    return write(this.#terminal.stdout, `${JSON.stringify(object)}\n`);
  }
}

async function printLines(
  terminal: Terminal,
  lines: RemoteLogLine[],
  { grep }: RemoteLogsOptions,
): Promise<void> {
  const paint = painter(terminal.stdout, terminal.env);
  for (const { time, instance, text } of lines) {
    if (!contains(text, grep)) continue;
    // Streams of Lambda end with what tells them apart, names of containers too.
    const origin = paint('cyan', instance.slice(-8));
    await write(terminal.stdout, `${paint('dim', timeOfDay(time))} ${origin}  ${text}\n`);
  }
}
