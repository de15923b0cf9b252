import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import type { FilterConditions } from './invocationFilter.ts';

/** Whether a filter lets an invocation of a target through. `now` is milliseconds since the epoch. */
export function letsThrough(conditions: FilterConditions, one: RemoteInvocation, now: number): boolean {
  const { function: name, text, status, startKind, withinMs, loggedAt, where } = conditions;
  if (where === 'here' || (name !== undefined && name !== one.function)) return false;
  if (status !== undefined && status !== one.status) return false;
  if (startKind !== undefined && startKind !== one.startKind) return false;
  if (withinMs !== undefined && one.startedAt < now - withinMs) return false;
  if (loggedAt && !one.logs.some(({ at }) => at?.file === loggedAt.file && at.line === loggedAt.line))
    return false;
  return text === undefined || contains(one, text);
}

/** As the history searches: every word, anywhere in what is kept. */
function contains(one: RemoteInvocation, text: string): boolean {
  const { id, target, error, event, result, logs } = one;
  const bodies = [event, result].flatMap((body) => (body?.encoding === 'utf8' ? [body.data] : []));
  const all = [id, target, error?.type, error?.message, ...bodies, ...logs.map((entry) => entry.text)]
    .filter((part) => part !== undefined)
    .join('\n')
    .toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}
