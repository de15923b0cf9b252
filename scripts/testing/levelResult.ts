/** Counts of one level of tests, or of several together. */
export interface LevelResult {
  passed: number;
  failed: number;
  skipped: number;
}

/** Adds results up. */
export function total(results: LevelResult[]): LevelResult {
  const sum = (key: keyof LevelResult) => results.reduce((count, result) => count + result[key], 0);
  return { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
}

/** The line that ends a run, such as `41 passed, 0 failed, 2 skipped`. */
export function summary(result: LevelResult): string {
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  return `${result.passed} passed, ${result.failed} failed${skipped}`;
}
