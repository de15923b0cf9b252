import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { budgets, overBudget } from '../../../scripts/packaging/budget.mjs';
import { root } from '../../../scripts/setup.mjs';

test('a bundle that is too large, or that nobody gave a budget, is told', () => {
  const { maxKB } = budgets()['extension.cjs']!;
  assert.deepEqual(overBudget({ 'extension.cjs': maxKB * 1024 }), []);
  assert.match(
    overBudget({ 'extension.cjs': maxKB * 1024 + 1 })[0]!,
    /^extension\.cjs has \d+ KB; its budget/,
  );
  assert.match(overBudget({ 'other.cjs': 1 })[0]!, /^other\.cjs \(1 KB\) has no budget/);
});

test('the changelog gives the reason for every size', () => {
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  for (const [name, { changelog: words }] of Object.entries(budgets()))
    assert.ok(
      words.length > 5 && changelog.includes(words),
      `CHANGELOG.md does not say "${words}" (${name})`,
    );
});
