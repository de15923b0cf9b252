import { isFailure, type InvocationRecord } from '../model/invocationRecord.ts';
import { FireTrigger } from '../protocol/control/triggers.ts';
import { readEvent } from './event.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { reachHost } from './hostAccess.ts';
import { showRecord } from './invoke.ts';
import { write, type Terminal } from './terminal.ts';

export interface FireOptions {
  name: string;
  trigger?: string | undefined;
  event?: string;
  /** For timers: the time they are to fire for. */
  at?: string;
  /** For storage: the object they are to tell of. */
  key?: string;
  json?: true;
}

/** Fires a trigger of a function once, as if its time had come. Output and exit code are those of an invocation. */
export async function fire(terminal: Terminal, options: FireOptions): Promise<ExitCode> {
  const { name, trigger, at, key, json } = options;
  const event = options.event === undefined ? undefined : await readEvent(terminal, options.event);
  const root = await projectFolder(terminal, undefined);
  const access = await reachHost(root, terminal);
  try {
    const { record, text } = await access.connection.sendRequest(FireTrigger, {
      function: name,
      ...(trigger !== undefined && { trigger }),
      ...(event && { event }),
      options: { ...(at !== undefined && { at }), ...(key !== undefined && { key }) },
    });
    if (text !== undefined) await write(json ? terminal.stderr : terminal.stdout, `${text}\n`);
    if (!record) return exitCodes.ok;
    await showRecord(terminal, record, json === true);
    if (isFailure(record)) await write(terminal.stderr, afterwards(record, access.running));
    return record.status === 'ok' ? exitCodes.ok : exitCodes.functionFailed;
  } finally {
    await access.close();
  }
}

function afterwards({ attempt }: InvocationRecord, running: boolean): string {
  if (!running)
    return 'It is not repeated: no host of this folder stays. With porchlight start it would be.\n';
  if (attempt?.of === undefined || attempt.number >= attempt.of) return '';
  return `The host repeats it, up to ${attempt.of} attempts in all, as the platform does.\n`;
}
