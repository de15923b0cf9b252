import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import type { CallResult } from './load.ts';

/** What the soak holds against the host; empty when it kept its word. */
export function violations(calls: CallResult[], records: InvocationSummary[]): string[] {
  const found: string[] = [];
  const complain = (what: string, examples: string[]): void => {
    if (examples.length > 0)
      found.push(`${examples.length} ${what}, e.g. ${examples.slice(0, 3).join('; ')}`);
  };
  const seen = new Map<string, number>();
  for (const { id } of records) seen.set(id, (seen.get(id) ?? 0) + 1);
  const answered = calls.filter((one) => one.outcome === 'answered');
  const byId = new Map(records.map((record) => [record.id, record]));
  complain(
    'invocations recorded more than once',
    [...seen].filter(([, count]) => count > 1).map(([id]) => id),
  );
  complain(
    'answered invocations without a record',
    answered.flatMap(({ id, function: name }) =>
      id !== undefined && !seen.has(id) ? [`${name} ${id}`] : [],
    ),
  );
  complain(
    'records without an end',
    records.filter(({ status }) => status === 'running').map(({ id, function: name }) => `${name} ${id}`),
  );
  complain(
    'answers that were not the call’s own',
    calls.flatMap(({ wrong, function: name, n }) => (wrong === undefined ? [] : [`${name} ${n}: ${wrong}`])),
  );
  complain(
    'answers without an invocation id',
    answered.flatMap(({ id, status, n }) => (id === undefined ? [`call ${n}: ${status}`] : [])),
  );
  complain(
    'successes recorded as something else',
    answered.flatMap(({ id, status }) => {
      const record = id === undefined ? undefined : byId.get(id);
      return status === 200 && record && record.status !== 'ok' ? [`${record.id} ${record.status}`] : [];
    }),
  );
  complain(
    'failures recorded as successes',
    answered.flatMap(({ id, status }) => {
      const record = id === undefined ? undefined : byId.get(id);
      return status === 500 && record?.status === 'ok' ? [record.id] : [];
    }),
  );
  return found;
}

/** Whether memory (MiB, oldest first) kept growing: the median of the last third against that of the middle one. */
export function grows(samples: number[], toleranceMB: number): string | undefined {
  if (samples.length < 9) return undefined;
  const third = Math.floor(samples.length / 3);
  const middle = median(samples.slice(third, 2 * third));
  const last = median(samples.slice(-third));
  if (last - middle <= toleranceMB) return undefined;
  return `the host's memory grew from ${Math.round(middle)} to ${Math.round(last)} MiB`;
}

/** The middle value. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
