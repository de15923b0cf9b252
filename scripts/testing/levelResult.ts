/** Counts of one level of tests, or of several together. */
export interface LevelResult {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, each with its error: told again at the end, where it is not overlooked. */
  failures: string[];
  /** Their names, where they can be run again by them. */
  failedTests: string[];
  /** What failed and passed when it was tried again: told at the end as well, for somebody to find out why. */
  unsteady: string[];
}

type Count = 'passed' | 'failed' | 'skipped';

/** A result, of which only what is not nothing needs to be said. */
export function levelResult(counts: Partial<LevelResult> = {}): LevelResult {
  return { passed: 0, failed: 0, skipped: 0, failures: [], failedTests: [], unsteady: [], ...counts };
}

/** Adds results up. */
export function total(results: LevelResult[]): LevelResult {
  const sum = (key: Count) => results.reduce((count, result) => count + result[key], 0);
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    failures: results.flatMap(({ failures }) => failures),
    failedTests: results.flatMap(({ failedTests }) => failedTests),
    unsteady: results.flatMap(({ unsteady }) => unsteady),
  };
}

/**
 * What a second try makes of a first one that failed: what failed only once is told as unsteady. For tests of a window:
 * editor, browser and debugger are others' programs. A try that broke off (something failed that has no name) proves
 * nothing about what it did not reach.
 */
export function afterSecondTry(first: LevelResult, second: LevelResult): LevelResult {
  const brokeOff = (one: LevelResult) => one.failedTests.length !== one.failed;
  if (brokeOff(second) || second.passed + second.failed < first.failed) return first;
  if (brokeOff(first)) return second.failed > 0 ? first : { ...second, unsteady: first.failures };
  const again = new Set(second.failedTests);
  const before = new Set(first.failedTests);
  const twice = first.failedTests.map((name) => again.has(name));
  const failures = first.failures.filter((_, index) => twice[index]);
  return {
    ...first,
    passed: first.passed + first.failed - failures.length,
    failed: failures.length,
    failures,
    failedTests: first.failedTests.filter((_, index) => twice[index]),
    unsteady: [
      ...first.failures.filter((_, index) => !twice[index]),
      ...second.failures.filter((_, index) => !before.has(second.failedTests[index]!)),
    ],
  };
}

/** The line that ends a run, such as `41 passed, 0 failed, 2 skipped`. */
export function summary(result: LevelResult): string {
  const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : '';
  return `${result.passed} passed, ${result.failed} failed${skipped}`;
}

/** One failure as a line of the summary. */
export function failureLine(failure: string): string {
  const line = failure.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)} …` : line;
}
