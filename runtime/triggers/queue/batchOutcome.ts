import type { Outcome } from '../../model/platform.ts';

/** Which messages of a batch failed, by id. `why`: an answer that does not follow the contract fails all of them. */
export interface BatchOutcome {
  failed: ReadonlySet<string>;
  why?: string;
}

/**
 * What came of a batch. A function that reports failures answers `{ batchItemFailures: [{ itemIdentifier }] }`: nothing
 * and an empty list mean success, anything it does not name counts as handled, and an answer that is not of that form
 * means that the whole batch failed (Lambda developer guide "Implementing partial batch responses").
 */
export function batchOutcome(
  ids: readonly string[],
  outcome: Outcome,
  reportsItemFailures: boolean,
): BatchOutcome {
  if (outcome.kind === 'error') return { failed: new Set(ids) };
  if (!reportsItemFailures) return { failed: new Set() };
  const all = (why: string): BatchOutcome => ({
    failed: new Set(ids),
    why: `The whole batch counts as failed: ${why}`,
  });
  const text = Buffer.from(outcome.body).toString('utf8').trim();
  if (text === '' || text === 'null') return { failed: new Set() };
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return all('the answer is no JSON.');
  }
  if (typeof answer !== 'object' || answer === null)
    return all('the answer is not { batchItemFailures: [...] }.');
  const items = (answer as Record<string, unknown>)['batchItemFailures'] ?? [];
  if (!Array.isArray(items)) return all('batchItemFailures is no list.');
  const failed = new Set<string>();
  for (const item of items as unknown[]) {
    const id = (item as { itemIdentifier?: unknown } | null)?.itemIdentifier;
    if (typeof id !== 'string' || id === '')
      return all('an item of batchItemFailures has no itemIdentifier with the id of a message.');
    if (!ids.includes(id)) return all(`no message of the batch has the id "${id.slice(0, 80)}".`);
    failed.add(id);
  }
  return { failed };
}
