// How large what we ship may be. Sizes are of production builds, in bytes.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, 'budget.json');

/**
 * The budgets: by file, the most kilobytes it may have, and the words of CHANGELOG.md that say what the last rise was for.
 * @returns {Record<string, { maxKB: number, changelog: string }>}
 */
export function budgets() {
  return JSON.parse(readFileSync(file, 'utf8'));
}

const sharedFile = /require\("\.\/(shared-\w+\.cjs)"\)/g;

/**
 * Sizes of the bundles of a folder, in bytes. `extension.cjs` counts with all that it loads at once, which is what
 * activation reads; what parts share that are loaded later is `shared`, as these files have no lasting names.
 * @param {string} folder @returns {Record<string, number>}
 */
export function bundleSizes(folder) {
  const files = readdirSync(folder).filter((name) => /\.(cjs|js|css)$/.test(name));
  const size = (name) => statSync(join(folder, name)).size;
  const needed = (name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(sharedFile)].map((found) => found[1]);
  };
  const first = new Set(files.includes('extension.cjs') ? ['extension.cjs'] : []);
  // A set goes on to what is added to it meanwhile.
  for (const name of first) needed(name).forEach((each) => first.add(each));
  const sizes = {};
  for (const name of files) {
    const counted = first.has(name) ? 'extension.cjs' : name.startsWith('shared-') ? 'shared' : name;
    sizes[counted] = (sizes[counted] ?? 0) + size(name);
  }
  return sizes;
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
