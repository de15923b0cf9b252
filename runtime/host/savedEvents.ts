import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { PorchlightError } from '../model/errors.ts';
import { mayBeEvent } from '../model/testing/eventFiles.ts';
import type { TestList, TestOutcome } from '../model/testing/testCase.ts';
import { TestsChanged } from '../protocol/control/messages.ts';
import { listTests, type LoadedTests } from '../testing/listTests.ts';
import { runTest } from '../testing/runTest.ts';
import type { SourceChange } from './functionSource.ts';
import type { Host } from './host.ts';
import { testTarget } from './testTarget.ts';

/** The saved events of a host's functions: lists them, runs them, and tells when they or the code behind them change. */
export class SavedEvents {
  readonly #host: Host;
  #tests: Promise<LoadedTests> | undefined;
  /** One test at a time, so that measured times are not each other's. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: Host) {
    this.#host = host;
    const { registry } = host;
    const redefined = new Set<string>();
    registry.onDidAdd(({ definition }) => redefined.add(definition.name));
    registry.onDidFollow((change) => {
      this.#follow(change, [...redefined]).catch((error: unknown) =>
        host.say('warn', `Saved events cannot be listed: ${String(error)}`),
      );
      redefined.clear();
    });
  }

  async list(): Promise<TestList> {
    const { tests, problems, folders } = await this.#load();
    return { tests, problems, folders };
  }

  /** Throws when there is no such test; whatever else happens is its outcome. */
  async run(id: string, signal: AbortSignal): Promise<TestOutcome> {
    const test = (await this.#load()).loaded.get(id);
    if (!test) throw new PorchlightError('TEST_UNKNOWN', { id });
    const { registry, debug } = this.#host;
    const runtime: FunctionRuntime = registry.get(test.case.function);
    const start = (): Promise<TestOutcome> => {
      const definitions = registry.all.map(({ definition }) => definition);
      const target = testTarget(runtime, test.input, definitions, signal);
      return runTest(test, target, signal, () => runtime.clock.nowUs() / 1000);
    };
    // Somebody at a breakpoint holds up nobody.
    if (debug.isDebugging(test.case.function)) return start();
    const run = this.#last.then(start);
    this.#last = run.catch(() => {});
    return run;
  }

  #load(): Promise<LoadedTests> {
    const { registry, options } = this.#host;
    const definitions = registry.all.map(({ definition }) => definition);
    this.#tests ??= listTests(options.root, definitions, registry.events);
    // A failure is told to who asked; the next one looks again.
    this.#tests.catch(() => (this.#tests = undefined));
    return this.#tests;
  }

  async #follow(change: SourceChange, redefined: readonly string[]): Promise<void> {
    const before = await this.#load();
    if (change.kind === 'inspect') return;
    const known = new Set(before.tests.flatMap(({ files }) => files));
    const files =
      change.kind === 'content' ? [] : change.files.filter((file) => known.has(file) || mayBeEvent(file));
    const names = new Set(
      change.kind === 'code' && files.length < change.files.length ? change.functions : redefined,
    );
    if (change.kind === 'events' && files.length === 0) return;
    if (change.kind === 'code' && names.size === 0) return;
    this.#tests = undefined;
    const { tests, problems, folders } = await this.#load();
    const content = new Map(before.tests.map((test) => [test.id, JSON.stringify(test)]));
    const touched = tests.filter(
      (test) =>
        names.has(test.function) ||
        content.get(test.id) !== JSON.stringify(test) ||
        test.files.some((file) => files.includes(file)),
    );
    const notice = { tests, problems, folders, touched: touched.map(({ id }) => id) };
    this.#host.broadcast((client) => client.sendNotification(TestsChanged, notice));
  }
}
