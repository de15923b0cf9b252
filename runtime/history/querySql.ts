import type { LoggedAt, QueryParams } from '../protocol/control/messages.ts';

/** Most that one query returns. */
const longestPage = 1000;

/** How many invocations a query asks for, within bounds. */
export function limitOf(params: Pick<QueryParams, 'limit'>): number {
  return Math.max(0, Math.min(longestPage, Math.trunc(params.limit) || 0));
}

/** The conditions of a query on the columns of `records`, all but its words. */
export function conditionsOf(params: QueryParams): { sql: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, value: string | number | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    values.push(value);
  };
  add('function = ?', params.function);
  add('status = ?', params.status);
  add('startKind = ?', params.startKind);
  add('receivedAt >= ?', params.from);
  add('receivedAt <= ?', params.to);
  add('(receivedAt, seq) < (select receivedAt, seq from records where id = ?)', params.before);
  return { sql: conditions.length > 0 ? conditions.join(' and ') : 'true', values };
}

/** Of so many invocations, the newest that other conditions leave, it is found out whether a line printed. */
export const loggedWindow = 2000;

/**
 * Conditions for having printed from a line: what each entry came from is within the JSON of the columns, in one
 * spelling, so that looking for the text of it does.
 */
export function loggedAtOf({ file, line, artifact }: LoggedAt): { sql: string; values: string[] } {
  const place = `${JSON.stringify({ file: String(file), line: Math.trunc(Number(line)) }).slice(0, -1)},"column":`;
  const code = artifact === undefined ? [] : [`"artifact":${JSON.stringify(String(artifact))}`];
  return {
    sql: ['instr(rest, ?) > 0', ...code.map(() => 'instr(summary, ?) > 0')].join(' and '),
    values: [place, ...code],
  };
}

/** The same conditions as facts that blocks of records are marked with. */
export function factsOf(params: Pick<QueryParams, 'function' | 'status' | 'startKind'>): string[] {
  const facts: string[] = [];
  if (params.function !== undefined) facts.push(`function ${params.function}`);
  if (params.status !== undefined) facts.push(`status ${params.status}`);
  if (params.startKind !== undefined) facts.push(`start ${params.startKind}`);
  return facts;
}
