import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { StartKind } from '../model/words.ts';
import type { ControlConnection } from '../protocol/control/connection.ts';
import { Invoke } from '../protocol/control/messages.ts';
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
  return runOnce(terminal, options.json, (connection, signal) =>
    connection.sendRequest(Invoke, params, { signal }),
  );
}

/** The start kind that options force. */
export function startKindOf(options: StartOptions): { startKind?: StartKind } {
  const startKind = (['cold', 'prewarmed', 'warm'] as const).find((kind) => options[kind]);
  return startKind ? { startKind } : {};
}

/** Lets the host of the folder carry out one invocation, and shows it. Ctrl+C aborts the signal. */
export async function runOnce(
  terminal: Terminal,
  json: boolean | undefined,
  run: (connection: ControlConnection, signal: AbortSignal) => Promise<InvocationRecord>,
): Promise<ExitCode> {
  const root = await projectFolder(terminal, undefined);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  try {
    const record = await withHost(root, terminal, (connection) => run(connection, interrupt.signal));
    await showRecord(terminal, record, json === true);
    return record.status === 'ok' ? exitCodes.ok : exitCodes.functionFailed;
  } finally {
    process.off('SIGINT', onSignal);
  }
}

/** Log and report line to stderr, the result to stdout; or the whole record as JSON. */
export async function showRecord(terminal: Terminal, record: InvocationRecord, json: boolean): Promise<void> {
  if (json) return write(terminal.stdout, `${JSON.stringify(record)}\n`);
  const paint = painter(terminal.stderr, terminal.env);
  for (const entry of record.logs) await write(terminal.stderr, `${logText(entry, paint)}\n`);
  await write(terminal.stderr, reportLine(record, paint));
  if (!record.result) return;
  await write(terminal.stdout, Buffer.from(record.result.data, record.result.encoding));
  // A prompt right behind the result would be taken for a part of it; a pipe gets the bytes as they are.
  if (terminal.stdout.isTTY) await write(terminal.stdout, '\n');
}
