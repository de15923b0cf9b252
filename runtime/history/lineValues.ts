import type { Database } from 'node-sqlite3-wasm';
import type { InvocationSummary } from '../model/invocationRecord.ts';
import type { LineValues, LineValuesParams } from '../protocol/control/messages.ts';
import { limitOf, loggedAtOf } from './querySql.ts';
import { logOfRow } from './recordRow.ts';

/** Among so many of a function's newest invocations it is looked. */
const window = 500;
const mostInvocations = 50;

/** A log of more characters is not read for the sake of a line: it is only told how often that printed. */
const longestLog = 4 * 1024 * 1024;

const mostValues = 3;
const longestValue = 500;

/** What the newest ended invocations of a function printed from a line, newest first. Within a transaction. */
export function lineValuesOf(database: Database, params: LineValuesParams): LineValues[] {
  const { at } = params;
  const name = String(params.function);
  const logged = loggedAtOf(at);
  const limit = Math.min(mostInvocations, limitOf(params));
  const order = 'order by receivedAt desc, seq desc';
  const latest = `select seq, rest, summary, owner, receivedAt from records where function = ? ${order} limit ${window}`;
  // First which, then their logs: sorting would carry along the logs of all.
  const found = `select seq from (${latest}) where owner is null and ${logged.sql} ${order} limit ${limit}`;
  const rows = database.all(
    `select summary, rest, case when length(log) <= ${longestLog} then log end as log from records
     where seq in (${found}) ${order}`,
    [name, ...logged.values],
  );
  return rows.map((row) => {
    const printed = logOfRow(row).filter((entry) => entry.at?.file === at.file && entry.at.line === at.line);
    return {
      summary: JSON.parse(String(row.summary)) as InvocationSummary,
      count: printed.length,
      values:
        row.log === null ? [] : printed.slice(-mostValues).map(({ text }) => text.slice(0, longestValue)),
    };
  });
}
