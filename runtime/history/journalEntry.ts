import type { InvocationRecord } from '../model/invocationRecord.ts';

/*
 * A journal is text: one entry a line, a letter and JSON. JSON holds no line breaks, so that a line that was cut off
 * or is rubbish ends at the next line break at the latest, and costs nothing but itself.
 */

/** `begun`: accepted, not ended yet. `ended`: the finished record. `closed`: its writer ended in good order. */
export type JournalEntry = { kind: 'begun' | 'ended'; record: InvocationRecord } | { kind: 'closed' };

const letters = { begun: 'B', ended: 'E' } as const;

/** The last line of a journal whose writer closed it. */
export const closedLine = 'X\n';

/** The line of a finished record. */
export function encodeEnded(record: InvocationRecord): string {
  return `${letters.ended}${JSON.stringify(record)}\n`;
}

/** What may be known of an invocation when it begins: all but what is so of every one, and what its end brings. */
type Accepted = Exclude<
  keyof InvocationRecord,
  keyof typeof running | 'said' | 'error' | 'result' | 'warnings' | 'start' | 'stream'
>;

/** The line of an invocation that was accepted: what is known by then. It takes a fifth of the time of a whole record. */
export function encodeBegun(record: InvocationRecord): string {
  const accepted: Record<Accepted, unknown> = {
    id: record.id,
    function: record.function,
    platform: record.platform,
    artifact: record.artifact,
    version: record.version,
    trigger: record.trigger,
    triggerName: record.triggerName,
    attempt: record.attempt,
    startKind: record.startKind,
    instance: record.instance,
    receivedAt: record.receivedAt,
    memoryMB: record.memoryMB,
    parent: record.parent,
    replayOf: record.replayOf,
    requestId: record.requestId,
    label: record.label,
    event: record.event,
    clientContext: record.clientContext,
  };
  return `${letters.begun}${JSON.stringify(accepted)}\n`;
}

/** What is so of every invocation that has not ended. */
const running = {
  phases: [],
  durationMs: 0,
  wallMs: 0,
  billedMs: 0,
  pausedMs: 0,
  debugged: false,
  maxMemoryMB: 0,
  status: 'running',
  notes: [],
  logCount: 0,
  logs: [],
  logsDropped: 0,
};

/** The entry of a line (without its break); undefined when it is none. */
export function decodeEntry(line: string): JournalEntry | undefined {
  const letter = line[0];
  if (letter === 'X' && line.length === 1) return { kind: 'closed' };
  if (letter !== letters.begun && letter !== letters.ended) return undefined;
  try {
    const value = JSON.parse(line.slice(1)) as object;
    const begun = letter === letters.begun;
    const record: unknown = begun ? { ...running, ...value } : value;
    return isRecord(record) ? { kind: begun ? 'begun' : 'ended', record } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether everything is there that writing, searching and showing a record rely on. */
function isRecord(value: unknown): value is InvocationRecord {
  if (!isObject(value)) return false;
  const {
    id,
    function: name,
    status,
    receivedAt,
    phases,
    notes,
    event,
    result,
    logs,
    error,
    startKind,
    replayOf,
    version,
  } = value;
  return (
    [id, name, status].every((text) => typeof text === 'string' && text.length <= 1024) &&
    [startKind, replayOf, version].every((text) => text === undefined || typeof text === 'string') &&
    Number.isSafeInteger(receivedAt) &&
    [phases, notes].every(Array.isArray) &&
    isBody(event) &&
    (result === undefined || isBody(result)) &&
    Array.isArray(logs) &&
    logs.every((entry) => isObject(entry) && typeof entry.text === 'string') &&
    (error === undefined || (isObject(error) && Array.isArray(error.stack)))
  );
}

function isBody(value: unknown): boolean {
  return isObject(value) && typeof value.data === 'string';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
