// How large what we ship may be. Sizes are of production builds, in bytes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, 'budget.json');

/**
 * The budgets: by file, the most kilobytes it may have, and the words of CHANGELOG.md that say what the last rise was for.
 * @returns {Record<string, { maxKB: number, changelog: string }>}
 */
export function budgets() {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/**
 * What is wrong with sizes, one sentence each: files over their budget, and bundles that have none.
 * @param {Record<string, number>} sizes @returns {string[]}
 */
export function overBudget(sizes) {
  const known = budgets();
  return Object.entries(sizes).flatMap(([name, size]) => {
    const budget = known[name];
    const kilobytes = Math.ceil(size / 1024);
    if (!budget)
      return [`${name} (${kilobytes} KB) has no budget. Give it one in scripts/packaging/budget.json.`];
    if (kilobytes <= budget.maxKB) return [];
    return [
      `${name} has ${kilobytes} KB; its budget is ${budget.maxKB} KB. Make it smaller, or say in CHANGELOG.md what users get for it and raise the budget in scripts/packaging/budget.json with those words.`,
    ];
  });
}
