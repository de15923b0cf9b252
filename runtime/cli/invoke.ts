import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { StartKind } from '../model/words.ts';
import type { ControlConnection } from '../protocol/control/connection.ts';
import { Invoke, ResultPassedOn, type InvokeParams } from '../protocol/control/messages.ts';
import { readEvent } from './event.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { withHost } from './hostAccess.ts';
import { logText, reportLine } from './invocationText.ts';
import { painter, write, type Terminal } from './terminal.ts';

/** A forced start kind. */
export interface StartOptions {
  cold?: true;
  prewarmed?: true;
  warm?: true;
}

export interface InvokeOptions extends StartOptions {
  name: string;
  event?: string;
  json?: true;
}

/** Invokes a function once. Ctrl+C interrupts the invocation; its record comes all the same. */
export async function invoke(terminal: Terminal, options: InvokeOptions): Promise<ExitCode> {
  const event = await readEvent(terminal, options.event);
  const params = { function: options.name, event, label: `invoke ${options.name}`, ...startKindOf(options) };
  return runOnce(terminal, options.json, (connection, { signal, ...stream }) =>
    connection.sendRequest(Invoke, { ...params, ...stream }, { signal }),
  );
}

/** The start kind that options force. */
export function startKindOf(options: StartOptions): { startKind?: StartKind } {
  const startKind = (['cold', 'prewarmed', 'warm'] as const).find((kind) => options[kind]);
  return startKind ? { startKind } : {};
}

/** Of one invocation: what ends it, and what its result is called when it is to come while it is made. */
interface RunOptions extends Pick<InvokeParams, 'stream'> {
  signal: AbortSignal;
}

/**
 * Lets the host of the folder carry out one invocation, and shows it; a result that is made bit by bit is written as it
 * comes. Ctrl+C aborts the signal.
 */
export async function runOnce(
  terminal: Terminal,
  json: boolean | undefined,
  run: (connection: ControlConnection, options: RunOptions) => Promise<InvocationRecord>,
): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  const { signal } = interrupt;
  let written: Promise<void> | undefined;
  const onPart = ({ data }: { data: string }): void => {
    written = write(terminal.stdout, Buffer.from(data, 'base64'));
  };
  try {
    const record = await withHost(root, terminal, (connection) => {
      if (json) return run(connection, { signal });
      connection.onNotification(ResultPassedOn, onPart);
      return run(connection, { signal, stream: 'result' });
    });
    await written;
    await showRecord(terminal, record, { json: json === true, hasResult: written !== undefined });
    return record.status === 'ok' ? exitCodes.ok : exitCodes.functionFailed;
  } finally {
    process.off('SIGINT', onSignal);
  }
}

/** Log and report line to stderr, the result to stdout unless it has been written; or the whole record as JSON. */
export async function showRecord(
  terminal: Terminal,
  record: InvocationRecord,
  { json, hasResult = false }: { json: boolean; hasResult?: boolean },
): Promise<void> {
  if (json) return write(terminal.stdout, `${JSON.stringify(record)}\n`);
  const paint = painter(terminal.stderr, terminal.env);
  if (hasResult) await endLine(terminal);
  for (const entry of record.logs) await write(terminal.stderr, `${logText(entry, paint)}\n`);
  await write(terminal.stderr, reportLine(record, paint));
  if (!record.result || hasResult) return;
  await write(terminal.stdout, Buffer.from(record.result.data, record.result.encoding));
  await endLine(terminal);
}

/** What stands right behind the result would be taken for a part of it; a pipe gets the bytes as they are. */
async function endLine({ stdout }: Terminal): Promise<void> {
  if (stdout.isTTY) await write(stdout, '\n');
}
