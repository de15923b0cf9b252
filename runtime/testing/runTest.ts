import { PorchlightError } from '../model/errors.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import { checkOutcome, type Observed, type Unfulfilled } from '../model/testing/checkOutcome.ts';
import type { Expectation } from '../model/testing/savedEvent.ts';
import type { TestFailure, TestOutcome } from '../model/testing/testCase.ts';
import { milliseconds, parseDuration } from '../model/units.ts';
import type { StartKind } from '../model/words.ts';
import { findsPattern, RegExpTimeout } from '../support/boundedRegExp.ts';
import type { LoadedTest } from './listTests.ts';

/** A finished invocation, as tests look at it. */
export interface Invoked extends Observed {
  record: InvocationRecord;
}

/** The function of a test; what it is sent was bound before. */
export interface TestTarget {
  /** Invokes and waits for the complete record; a start kind is forced. Throws what is wrong with the event itself. */
  invoke(startKind: StartKind | undefined, label: string): Promise<Invoked>;
  /** Processes are not kept: there are no warm invocations. */
  ephemeral: boolean;
  /** A text without the function's secrets. */
  redact(text: string): string;
}

/** Cold starts that are measured when the first one was over its budget, and warm invocations. */
const coldRuns = 3;
const warmRuns = 5;
/** The log goes along for people. */
const mostLogLines = 500;
const mostDiffText = 64 * 1024;

/** Sends a saved event to its function and compares what comes of it with what is expected. Never rejects. */
export async function runTest(
  test: LoadedTest,
  target: TestTarget,
  signal: AbortSignal,
  nowMs: () => number,
): Promise<TestOutcome> {
  return new Run(test, target, signal).carryOut(nowMs);
}

class Run {
  readonly #test: LoadedTest;
  readonly #target: TestTarget;
  readonly #signal: AbortSignal;
  readonly #expectation: Expectation;
  readonly #outcome: TestOutcome;

  constructor(test: LoadedTest, target: TestTarget, signal: AbortSignal) {
    this.#test = test;
    this.#target = target;
    this.#signal = signal;
    this.#expectation = test.expected?.expectation ?? {};
    const { id, function: name } = test.case;
    this.#outcome = {
      id,
      function: name,
      name: test.case.name,
      status: 'passed',
      durationMs: 0,
      failures: [],
      measures: [],
      invocations: [],
      logs: [],
      logsDropped: 0,
    };
  }

  async carryOut(nowMs: () => number): Promise<TestOutcome> {
    const outcome = this.#outcome;
    const began = nowMs();
    try {
      if (this.#test.case.fault !== undefined)
        throw new PorchlightError('USAGE', { detail: this.#test.case.fault });
      await this.#run();
      outcome.status = outcome.failures.length > 0 ? 'failed' : 'passed';
    } catch (error) {
      outcome.status = 'errored';
      outcome.reason = this.#target.redact(reasonOf(error));
    }
    if (this.#signal.aborted) outcome.status = 'cancelled';
    outcome.durationMs = nowMs() - began;
    return outcome;
  }

  async #run(): Promise<void> {
    const { cold, warm } = this.#expectation;
    const first = await this.#invoke(cold === undefined ? undefined : 'cold');
    if (this.#signal.aborted) return;
    const { record } = first;
    const outcome = this.#outcome;
    if (record.startKind) outcome.startKind = record.startKind;
    if (record.error) outcome.error = record.error;
    outcome.logs = record.logs.slice(0, mostLogLines);
    outcome.logsDropped = record.logsDropped + record.logs.length - outcome.logs.length;
    for (const failure of checkOutcome(this.#expectation, first, findsPattern)) this.#fail(failure);
    if (cold === undefined && warm === undefined) return;
    if (record.debugged) {
      outcome.measures.push('time budgets are not looked at under a debugger');
    } else if (outcome.failures.length > 0) {
      outcome.measures.push('time budgets were not measured, as other expectations do not hold');
    } else {
      if (cold !== undefined) await this.#measureCold(cold, record);
      if (warm !== undefined && !this.#signal.aborted) await this.#measureWarm(warm);
    }
  }

  async #invoke(startKind: StartKind | undefined, note = ''): Promise<Invoked> {
    const invoked = await this.#target.invoke(startKind, `test ${this.#test.case.name}${note}`);
    this.#outcome.invocations.push(invoked.record.id);
    return invoked;
  }

  /** One slow start says little on a busy machine: then the median of three counts. */
  async #measureCold(budget: string, { wallMs }: InvocationRecord): Promise<void> {
    const limit = parseDuration(budget)!;
    const times = [wallMs];
    while (wallMs > limit && times.length < coldRuns && !this.#signal.aborted) {
      const again = await this.#invoke('cold', `, cold start ${times.length + 1}`);
      if (!this.#isGood(again, 'cold')) return;
      times.push(again.record.wallMs);
    }
    const how = times.length === 1 ? 'one cold start' : `median of ${times.length} cold starts`;
    this.#judge('cold', budget, times, how);
  }

  async #measureWarm(budget: string): Promise<void> {
    if (this.#target.ephemeral) {
      const message = `warm: nothing can be measured: the process model of ${this.#outcome.function} is ephemeral, so that no invocation is warm`;
      return this.#fail({ what: 'warm', path: ['warm'], message });
    }
    const times: number[] = [];
    // The first one warms up: code is compiled, connections are opened.
    for (let run = 0; run <= warmRuns && !this.#signal.aborted; run++) {
      const again = await this.#invoke('warm', `, warm ${run === 0 ? 'up' : run}`);
      if (!this.#isGood(again, 'warm')) return;
      if (run > 0) times.push(again.record.wallMs);
    }
    this.#judge('warm', budget, times, `median of ${times.length} warm invocations`);
  }

  #isGood({ record }: Invoked, what: 'cold' | 'warm'): boolean {
    const { error } = record;
    if (this.#signal.aborted) return false;
    if (record.debugged) {
      this.#outcome.measures.push(`${what} was not measured: a debugger came along`);
      return false;
    }
    const expected =
      this.#expectation.status ?? (this.#expectation.error === undefined ? 'ok' : record.status);
    if (record.status === expected || this.#expectation.statusCode !== undefined) return true;
    const why = error ? `, ${error.type}: ${error.message}` : '';
    const message = `${what}: the function answered the first time, but when it was invoked again to measure, it ended with ${record.status}${why}`;
    this.#fail({ what, path: [what], message });
    return false;
  }

  #judge(what: 'cold' | 'warm', budget: string, times: number[], how: string): void {
    if (times.length === 0 || this.#signal.aborted) return;
    const sorted = [...times].sort((a, b) => a - b);
    const median = sorted[Math.floor((sorted.length - 1) / 2)]!;
    const measured = `${what} ${milliseconds(median)} (${how}, from acceptance to answer; budget ${budget.trim()})`;
    this.#outcome.measures.push(measured);
    if (median <= parseDuration(budget)!) return;
    const message = `${what}: expected at most ${budget.trim()}, but it took ${milliseconds(median)} (${how}, from acceptance to answer)`;
    this.#fail({ what, path: [what], message });
  }

  #fail({ what, path, message, expected, actual }: Unfulfilled): void {
    const { redact } = this.#target;
    const at = this.#test.expected?.locate(path) ?? this.#test.case.at;
    this.#outcome.failures.push({
      what,
      message: redact(message),
      at: { file: at.file, line: at.line, column: at.column },
      ...(expected === undefined ? {} : { expected: cut(redact(expected)) }),
      ...(actual === undefined ? {} : { actual: cut(redact(actual)) }),
    } satisfies TestFailure);
  }
}

function cut(text: string): string {
  return text.length > mostDiffText ? `${text.slice(0, mostDiffText)}\n…` : text;
}

function reasonOf(error: unknown): string {
  if (error instanceof PorchlightError || error instanceof RegExpTimeout) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
