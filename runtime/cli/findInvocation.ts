import { PorchlightError } from '../model/errors.ts';
import { failureStatuses, type InvocationRecord, type InvocationSummary } from '../model/invocationRecord.ts';
import type { ControlConnection } from '../protocol/control/connection.ts';
import { GetInvocation, QueryInvocations, type QueryParams } from '../protocol/control/messages.ts';
import { shortId, timeOfDay } from './invocationText.ts';

/** Invocations among which a part of an id is looked for, newest first. */
const searched = 1000;

/** The recorded invocation that a person names: by its id, by the part of it that logs show, `last` or `last-failure`. */
export async function findInvocation(
  connection: ControlConnection,
  named: string,
): Promise<InvocationRecord> {
  const found = await summaryOf(connection, named);
  const record = await connection.sendRequest(GetInvocation, { id: found?.id ?? named });
  if (record) return record;
  throw new PorchlightError('INVOCATION_UNKNOWN', { id: named });
}

/** The invocation before another one of the same function, if there is one. */
export async function invocationBefore(
  connection: ControlConnection,
  { id, function: name }: InvocationSummary,
): Promise<InvocationRecord | undefined> {
  const [before] = await query(connection, { function: name, before: id });
  return before && ((await connection.sendRequest(GetInvocation, { id: before.id })) ?? undefined);
}

function query(
  connection: ControlConnection,
  params: Omit<QueryParams, 'limit'>,
  limit = 1,
): Promise<InvocationSummary[]> {
  return connection.sendRequest(QueryInvocations, { ...params, limit });
}

/** Undefined when the name can only be a whole id. */
async function summaryOf(
  connection: ControlConnection,
  named: string,
): Promise<InvocationSummary | undefined> {
  const { root } = connection.hello;
  if (named === 'last') {
    const [last] = await query(connection, {});
    if (last) return last;
    throw new PorchlightError('USAGE', {
      detail: `No invocation is recorded for ${root}. Make one first: porchlight invoke NAME`,
    });
  }
  if (named === 'last-failure') {
    const latest = await Promise.all(failureStatuses.map((status) => query(connection, { status })));
    const [last] = latest.flat().sort((a, b) => b.receivedAt - a.receivedAt);
    if (last) return last;
    throw new PorchlightError('NO_FAILURE', { root });
  }
  return byPart(await query(connection, {}, searched), named);
}

/** The one whose id begins or ends so, dashes aside; throws when there are several. */
export function byPart(
  summaries: readonly InvocationSummary[],
  named: string,
): InvocationSummary | undefined {
  const plain = (id: string): string => id.replaceAll('-', '').toLowerCase();
  const part = plain(named);
  if (part.length < 4) return undefined;
  const found = summaries.filter(({ id }) => plain(id).endsWith(part) || plain(id).startsWith(part));
  const exact = found.find(({ id }) => id === named);
  if (exact || found.length < 2) return exact ?? found[0];
  const known = found
    .slice(0, 5)
    .map(({ id, function: name, receivedAt }) => `${id} (${name}, ${timeOfDay(receivedAt)})`);
  if (found.length > known.length) known.push(`${found.length - known.length} more`);
  throw new PorchlightError('INVOCATION_AMBIGUOUS', { id: shortId(named), known: known.join(', ') });
}
