import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { budgets, bundleSizes, overBudget } from '../../../scripts/packaging/budget.mjs';
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

test('the extension counts with what it loads at once', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-sizes-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const files = {
    'extension.cjs': 'var a = require("./shared-A.cjs");',
    'shared-A.cjs': 'require("./shared-B.cjs"); import("./commands.cjs")',
    'shared-B.cjs': 'require("./shared-A.cjs")',
    'shared-C.cjs': 'xyz',
    'shared-D.cjs': 'xy',
    'commands.cjs': 'require("./shared-A.cjs"), require("./shared-C.cjs")',
    'commands.cjs.map': 'not shipped',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  assert.deepEqual(bundleSizes(folder), {
    'commands.cjs': files['commands.cjs'].length,
    'extension.cjs': ['extension.cjs', 'shared-A.cjs', 'shared-B.cjs'].reduce(
      (sum, name) => sum + files[name as keyof typeof files].length,
      0,
    ),
    shared: 5,
  });
});
