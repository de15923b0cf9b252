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

/** The line of a record. */
export function encodeEntry(kind: 'begun' | 'ended', record: InvocationRecord): string {
  return `${letters[kind]}${JSON.stringify(record)}\n`;
}

/** The entry of a line (without its break); undefined when it is none. */
export function decodeEntry(line: string): JournalEntry | undefined {
  const letter = line[0];
  if (letter === 'X' && line.length === 1) return { kind: 'closed' };
  if (letter !== letters.begun && letter !== letters.ended) return undefined;
  try {
    const record: unknown = JSON.parse(line.slice(1));
    return isRecord(record) ? { kind: letter === letters.begun ? 'begun' : 'ended', record } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether everything is there that writing, searching and showing a record rely on. */
function isRecord(value: unknown): value is InvocationRecord {
  if (!isObject(value)) return false;
  const { id, function: name, status, receivedAt, phases, notes, event, result, logs, error, startKind } = value;
  return (
    [id, name, status].every((text) => typeof text === 'string' && text.length <= 1024) &&
    (startKind === undefined || typeof startKind === 'string') &&
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
