import type { InvocationRecord, InvocationSummary, LogEntry, StoredBody } from '../model/invocationRecord.ts';
import type { LogLevel, SourcePosition } from '../model/words.ts';

/*
 * How a record lies in the database. What is searched (event, result, log, error) is plain text in columns of its own,
 * so that a search sees what the user sees and not JSON escapes; the rest is JSON.
 */

/** Columns in the order of `insertSql`. */
export type RecordRow = [
  id: string,
  functionName: string,
  status: string,
  startKind: string | null,
  receivedAt: number,
  owner: number | null,
  bytes: number,
  summary: string,
  rest: string,
  words: string,
  event: string | Uint8Array,
  result: string | Uint8Array | null,
  log: string | Uint8Array,
];

/** Writes a record, or replaces the one that was written while it ran. */
export const insertSql = `insert into records
  (id, function, status, startKind, receivedAt, owner, bytes, summary, rest, words, event, result, log)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set status = excluded.status, startKind = excluded.startKind, owner = excluded.owner,
  bytes = excluded.bytes, summary = excluded.summary, rest = excluded.rest, words = excluded.words,
  event = excluded.event, result = excluded.result, log = excluded.log`;

type LogShape = [t: number, level: LogLevel, stream: LogEntry['stream'], length: number, at?: SourcePosition];
type BodyShape = Omit<StoredBody, 'data'>;

interface Rest {
  event: BodyShape;
  result?: BodyShape;
  logs: LogShape[];
  logsDropped: number;
}

/** Bytes that a record takes up, roughly: characters of its bodies and log, and a share for the rest. */
export function recordBytes(record: InvocationRecord): number {
  let bytes = 600 + record.event.data.length + (record.result?.data.length ?? 0);
  for (const entry of record.logs) bytes += entry.text.length + 40;
  return bytes;
}

/** `owner` is the process in which the invocation still runs. */
export function toRow(record: InvocationRecord, bytes: number, owner: number | null): RecordRow {
  const { event, result, logs, logsDropped, ...summary } = record;
  const rest: Rest = {
    event: shapeOf(event),
    ...(result && { result: shapeOf(result) }),
    logs: logs.map(({ t, level, stream, text, at }) =>
      at ? [t, level, stream, text.length, at] : [t, level, stream, text.length],
    ),
    logsDropped,
  };
  return [
    record.id,
    record.function,
    record.status,
    record.startKind ?? null,
    record.receivedAt,
    owner,
    bytes,
    JSON.stringify(summary),
    JSON.stringify(rest),
    wordsOf(summary),
    toColumn(event.data),
    result ? toColumn(result.data) : null,
    toColumn(logs.map((entry) => entry.text).join('\n')),
  ];
}

/** What a search finds besides event, result and log. */
export function wordsOf(summary: InvocationSummary): string {
  const { error } = summary;
  const failure = error ? [`${error.type}: ${error.message}`, ...error.stack] : [];
  return [summary.id, summary.label ?? '', ...failure].join('\n');
}

/** The record of a row as `select summary, rest, event, result, log` gives it. */
export function fromRow(row: Record<string, unknown>): InvocationRecord {
  const summary = JSON.parse(String(row.summary)) as InvocationSummary;
  const rest = JSON.parse(String(row.rest)) as Rest;
  const log = fromColumn(row.log);
  let start = 0;
  const logs = rest.logs.map(([t, level, stream, length, at]): LogEntry => {
    const text = log.slice(start, start + length);
    start += length + 1;
    return { t, level, stream, text, ...(at && { at }) };
  });
  return {
    ...summary,
    event: { ...rest.event, data: fromColumn(row.event) },
    ...(rest.result && { result: { ...rest.result, data: fromColumn(row.result) } }),
    logs,
    logsDropped: rest.logsDropped,
  };
}

/** Texts end at a zero character in the database's interface; blobs do not. */
function toColumn(text: string): string | Uint8Array {
  return text.includes('\0') ? Buffer.from(text) : text;
}

function fromColumn(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString() : String(value);
}

function shapeOf({ encoding, size, truncated }: StoredBody): BodyShape {
  return { encoding, size, truncated };
}
