import type { InvocationRecord, InvocationSummary, LogEntry, StoredBody } from '../model/invocationRecord.ts';
import type { LogLevel, SourcePosition } from '../model/words.ts';

/*
 * How a record lies in the database: event, result and log are plain text in columns of their own, which are read only
 * when somebody looks at the record; the rest is JSON.
 */

/** Columns in the order of `insertSql` and, with `seq` behind them, of `updateSql`. */
export type RecordRow = [
  id: string,
  functionName: string,
  status: string,
  startKind: string | null,
  receivedAt: number,
  owner: string | null,
  block: number,
  bytes: number,
  summary: string,
  rest: string,
  event: string | Uint8Array,
  result: string | Uint8Array | null,
  log: string | Uint8Array,
];

const columns =
  'id, function, status, startKind, receivedAt, owner, block, bytes, summary, rest, event, result, log';

const places = columns.replace(/\w+/g, '?');

export const insertSql = `insert into records (${columns}) values (${places})`;

/** Gives the row of an invocation its newer record. */
export const updateSql = `update records set (${columns}) = (${places}) where seq = ?`;

/** What a row takes besides the record. */
export interface RowPlace {
  bytes: number;
  /** The session in which the invocation still runs. */
  owner: string | null;
  /** The block that its text goes to. */
  block: number;
}

type LogShape = [t: number, level: LogLevel, stream: LogEntry['stream'], length: number, at?: SourcePosition];
type BodyShape = Omit<StoredBody, 'data'>;

interface Rest {
  event: BodyShape;
  clientContext?: unknown;
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

/** The row of a record. */
export function toRow(record: InvocationRecord, { bytes, owner, block }: RowPlace): RecordRow {
  const { event, clientContext, result, logs, logsDropped, ...summary } = record;
  const rest: Rest = {
    event: shapeOf(event),
    ...(clientContext !== undefined && { clientContext }),
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
    block,
    bytes,
    JSON.stringify(summary),
    JSON.stringify(rest),
    toColumn(event.data),
    result ? toColumn(result.data) : null,
    toColumn(logs.map((entry) => entry.text).join('\n')),
  ];
}

/** The record of a row as `select summary, rest, event, result, log` gives it. */
export function fromRow(row: Record<string, unknown>): InvocationRecord {
  const summary = JSON.parse(String(row.summary)) as InvocationSummary;
  const rest = JSON.parse(String(row.rest)) as Rest;
  return {
    ...summary,
    event: { ...rest.event, data: fromColumn(row.event) },
    ...(rest.clientContext !== undefined && { clientContext: rest.clientContext }),
    ...(rest.result && { result: { ...rest.result, data: fromColumn(row.result) } }),
    logs: logOf(rest, fromColumn(row.log)),
    logsDropped: rest.logsDropped,
  };
}

/** The entries of a row as `select rest, log` gives it; without `log` (it is large), their texts are empty. */
export function logOfRow(row: Record<string, unknown>): LogEntry[] {
  return logOf(JSON.parse(String(row.rest)) as Rest, row.log === null ? '' : fromColumn(row.log));
}

function logOf(rest: Rest, log: string): LogEntry[] {
  let start = 0;
  return rest.logs.map(([t, level, stream, length, at]): LogEntry => {
    const text = log.slice(start, start + length);
    start += length + 1;
    return { t, level, stream, text, ...(at && { at }) };
  });
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
