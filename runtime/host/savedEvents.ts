import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import { PorchlightError } from '../model/errors.ts';
import { mayBeEvent } from '../model/testing/eventFiles.ts';
import type { TestCase, TestList, TestOutcome } from '../model/testing/testCase.ts';
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
    const follow = (change: SourceChange): void => {
      this.#follow(change, [...redefined]).catch((error: unknown) =>
        host.say('warn', `Saved events cannot be listed: ${String(error)}`),
      );
      redefined.clear();
    };
    registry.onDidAdd(({ definition }) => redefined.add(definition.name));
    // However the project was read again.
    registry.onDidChange(() => follow({ kind: 'content' }));
    registry.onDidFollow((change) => {
      if (change.kind !== 'content') follow(change);
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
    if (change.kind === 'inspect') return;
    const before = await this.#load();
    const known = new Set(before.tests.flatMap(({ files }) => files));
    const changed = change.kind === 'content' ? [] : change.files;
    const files = changed.filter((file) => known.has(file) || mayBeEvent(file));
    const isCode = change.kind === 'code' && files.length < changed.length;
    const names = new Set(isCode ? change.functions : redefined);
    if (change.kind !== 'content' && files.length === 0 && names.size === 0) return;
    this.#tests = undefined;
    const { tests, problems, folders } = await this.#load();
    const were = new Set(before.tests.map(contentOf));
    const touched = tests.filter(
      (test) =>
        names.has(test.function) ||
        !were.has(contentOf(test)) ||
        test.files.some((file) => files.includes(file)),
    );
    const notice = { tests, problems, folders, touched: touched.map(({ id }) => id) };
    this.#host.broadcast((client) => client.sendNotification(TestsChanged, notice));
  }
}

/** What makes a test another one; that it stands on another line does not. */
function contentOf({ id, files, fault }: TestCase): string {
  return JSON.stringify([id, files, fault]);
}
