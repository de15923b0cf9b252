/** The budgets: by file, the most kilobytes, and the words of CHANGELOG.md that say what the last rise was for. */
export function budgets(): Record<string, { maxKB: number; changelog: string }>;
/** What is wrong with sizes in bytes, one sentence each. */
export function overBudget(sizes: Record<string, number>): string[];
/** Sizes of the bundles of a folder, in bytes: `extension.cjs` with all that it loads at once, `shared` for what is loaded later. */
export function bundleSizes(folder: string): Record<string, number>;
