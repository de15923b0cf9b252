/** The budgets: by file, the most kilobytes, and the words of CHANGELOG.md that say what the last rise was for. */
export function budgets(): Record<string, { maxKB: number; changelog: string }>;
/** What is wrong with sizes in bytes, one sentence each. */
export function overBudget(sizes: Record<string, number>): string[];
