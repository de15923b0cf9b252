import { appendFileSync } from 'node:fs';
import type Mocha from 'mocha';

/**
 * Runs mocha suites inside the extension host. Each test is one line of JSON in the file that PORCHLIGHT_TEST_REPORT
 * names, for counting, and readable text in PORCHLIGHT_TEST_LOG; without that, text goes to the console, which the
 * desktop editor passes on and the served one does not.
 */
export async function runSuites(load: () => void): Promise<void> {
  const { default: MochaClass } = await import('mocha');
  // Mocha's types ask for a subclass of its own Base, which only adds printing to the console.
  const reporter = Reporter as unknown as Mocha.ReporterConstructor;
  const mocha = new MochaClass({ ui: 'tdd', timeout: 60_000, color: false, reporter });
  // What mocha does itself for a file it loads: it puts `suite` and `test` among the globals.
  mocha.suite.emit('pre-require', globalThis as never, '', mocha);
  load();
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} editor tests failed`);
}

/** A line of the file that is for counting. */
export interface ReportedTest {
  status: 'passed' | 'failed' | 'skipped';
  name: string;
  /** The error of one that failed. */
  reason?: string;
}

const mark = { passed: '✔', failed: '✖', skipped: '﹣' };

/** Says what became of each test, in both forms. */
class Reporter {
  constructor(runner: Mocha.Runner) {
    runner.on('pass', (test) => tell('passed', test));
    runner.on('pending', (test) => tell('skipped', test));
    runner.on('fail', (test, error: unknown) => tell('failed', test, error));
  }
}

function tell(status: keyof typeof mark, test: Mocha.Runnable, error?: unknown): void {
  const name = test.fullTitle();
  const report = process.env['PORCHLIGHT_TEST_REPORT'];
  const line: ReportedTest = { status, name, ...(error !== undefined && { reason: String(error) }) };
  if (report) appendFileSync(report, `${JSON.stringify(line)}\n`);
  print(`${mark[status]} ${name}${test.duration === undefined ? '' : ` (${test.duration} ms)`}`);
  if (error !== undefined)
    print(indent(error instanceof Error ? (error.stack ?? error.message) : String(error)));
}

function print(text: string): void {
  const log = process.env['PORCHLIGHT_TEST_LOG'];
  if (log) appendFileSync(log, `${text}\n`);
  else console.log(text);
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
