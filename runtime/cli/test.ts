import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import type { TestCase, TestList, TestOutcome } from '../model/testing/testCase.ts';
import type { ControlConnection, RpcConnection } from '../protocol/control/connection.ts';
import { ListTests, RunTest, TestsChanged } from '../protocol/control/messages.ts';
import { exitCodes, type ExitCode } from './exitCode.ts';
import { projectFolder } from './folder.ts';
import { reachHost } from './hostAccess.ts';
import { junitXml } from './junit.ts';
import { painter, write, type Terminal } from './terminal.ts';
import { outcomeText, problemText, summaryText } from './testText.ts';

export interface TestOptions {
  dir: string;
  function?: string[];
  filter?: string;
  reporter: 'text' | 'json';
  junit?: string;
  watch?: true;
  bail?: true;
}

/** Runs saved events and compares what comes of them with their expectations. Ctrl+C interrupts. */
export async function test(terminal: Terminal, options: TestOptions): Promise<ExitCode> {
  const root = await projectFolder(terminal, options.dir);
  const interrupt = new AbortController();
  const onSignal = (): void => interrupt.abort();
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const changes = new Changes();
  try {
    const access = await reachHost(root, terminal, {
      subscribe: options.watch === true,
      setUp: (connection) => changes.listen(connection),
    });
    try {
      const run = new TestRun(terminal, options, root, access.connection, interrupt.signal);
      const list = await access.connection.sendRequest(ListTests, { watched: options.watch === true });
      const code = await run.all(run.choose(list), list);
      return options.watch ? await run.watch(changes, code) : code;
    } finally {
      await access.close();
    }
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}

/** What the host told of tests since it was last asked. */
class Changes {
  #touched = new Set<string>();
  #list: TestList | undefined;
  #closed: string | undefined;
  #wake: (() => void) | undefined;

  listen(connection: RpcConnection): void {
    connection.onNotification(TestsChanged, ({ touched, ...list }) => {
      for (const id of touched) this.#touched.add(id);
      this.#list = list;
      this.#wake?.();
    });
    connection.onClose((reason) => {
      this.#closed = reason;
      this.#wake?.();
    });
  }

  /** The tests to run again; undefined when it was asked to end. */
  async next(signal: AbortSignal): Promise<{ list: TestList; touched: Set<string> } | undefined> {
    while (!this.#list && this.#closed === undefined && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    if (signal.aborted) return undefined;
    if (!this.#list) {
      throw new PorchlightError('HOST_UNREACHABLE', { root: 'this folder', detail: `${this.#closed}.` });
    }
    const change = { list: this.#list, touched: this.#touched };
    this.#list = undefined;
    this.#touched = new Set();
    return change;
  }
}

class TestRun {
  readonly #terminal: Terminal;
  readonly #options: TestOptions;
  readonly #root: string;
  readonly #connection: ControlConnection;
  readonly #signal: AbortSignal;
  readonly #paint: ReturnType<typeof painter>;

  constructor(
    terminal: Terminal,
    options: TestOptions,
    root: string,
    connection: ControlConnection,
    signal: AbortSignal,
  ) {
    this.#terminal = terminal;
    this.#options = options;
    this.#root = root;
    this.#connection = connection;
    this.#signal = signal;
    this.#paint = painter(terminal.stdout, terminal.env);
  }

  /** The tests that are asked for; there have to be some. */
  choose({ tests, folders }: TestList): TestCase[] {
    const { function: names, filter } = this.#options;
    const known = Object.keys(folders);
    const unknown = names?.find((name) => !known.includes(name));
    if (unknown !== undefined) {
      throw new PorchlightError('FUNCTION_UNKNOWN', { name: unknown, known: known.join(', ') });
    }
    if (known.length === 0) throw new PorchlightError('PROJECT_NOT_FOUND', { root: this.#root });
    const chosen = this.#fitting(tests);
    if (chosen.length > 0 || this.#options.watch) return chosen;
    throw new PorchlightError('USAGE', {
      detail:
        filter !== undefined && tests.length > 0
          ? `No test has "${filter}" in its name${names ? ` among those of ${names.join(', ')}` : ''}. There are: ${tests.map(({ id }) => id).join(', ')}.`
          : howToWrite(names?.[0] ?? known[0]!, folders),
    });
  }

  #fitting(tests: readonly TestCase[]): TestCase[] {
    const { function: names, filter } = this.#options;
    const words = filter?.toLowerCase() ?? '';
    return tests.filter(
      (test) =>
        (names?.includes(test.function) ?? true) && (words === '' || test.id.toLowerCase().includes(words)),
    );
  }

  /** Runs tests and writes what is asked for. */
  async all(tests: readonly TestCase[], { problems }: TestList): Promise<ExitCode> {
    const { reporter, bail, junit } = this.#options;
    const { stdout, stderr } = this.#terminal;
    for (const problem of problems) await write(stderr, problemText(problem, this.#root));
    const began = performance.now();
    const outcomes: TestOutcome[] = [];
    let shown = '';
    for (const test of tests) {
      if (this.#signal.aborted) break;
      const outcome = await this.#connection.sendRequest(RunTest, { id: test.id }, { signal: this.#signal });
      outcomes.push(outcome);
      if (reporter === 'text') {
        if (shown !== test.function) await write(stdout, `${this.#paint('bold', test.function)}\n`);
        shown = test.function;
        await write(stdout, outcomeText(outcome, this.#root, this.#paint));
      }
      if (bail && outcome.status !== 'passed') break;
    }
    const durationMs = performance.now() - began;
    if (reporter === 'json') {
      const report = { tests: outcomes, problems, notRun: tests.length - outcomes.length, durationMs };
      await write(stdout, `${JSON.stringify(report)}\n`);
    } else if (tests.length > 0) {
      const left = tests.length - outcomes.length;
      if (left > 0) await write(stdout, `${left} more ${left === 1 ? 'was' : 'were'} not run.\n`);
      await write(stdout, `\n${summaryText(outcomes, durationMs, this.#paint)}`);
    }
    if (junit !== undefined) await this.#writeJunit(junit, outcomes);
    return exitCodeOf(outcomes);
  }

  async #writeJunit(path: string, outcomes: readonly TestOutcome[]): Promise<void> {
    const file = resolve(this.#terminal.cwd, path);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, junitXml(outcomes, this.#root, new Date()));
    } catch (error) {
      const detail = `The report cannot be written to ${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}. Give another path with --junit.`;
      throw new PorchlightError('USAGE', { detail }, { cause: error });
    }
  }

  /** Runs again what changes concern, until it is asked to end. Ends as the last run did that came to its end. */
  async watch(changes: Changes, first: ExitCode): Promise<ExitCode> {
    let last = first;
    const { stdout } = this.#terminal;
    const text = this.#options.reporter === 'text';
    if (text) await write(stdout, 'Waiting for changes. Ctrl+C ends it.\n');
    for (let change; (change = await changes.next(this.#signal));) {
      const { list, touched } = change;
      const tests = this.#fitting(list.tests).filter(({ id }) => touched.has(id));
      if (tests.length === 0) continue;
      if (text) await write(stdout, '\n');
      const code = await this.all(tests, list);
      if (!this.#signal.aborted) last = code;
    }
    return last === exitCodes.ok ? exitCodes.ok : exitCodes.functionFailed;
  }
}

function exitCodeOf(outcomes: readonly TestOutcome[]): ExitCode {
  const has = (status: TestOutcome['status']): boolean => outcomes.some((each) => each.status === status);
  if (has('failed') || has('cancelled')) return exitCodes.functionFailed;
  return has('errored') ? exitCodes.userMistake : exitCodes.ok;
}

function howToWrite(name: string, folders: Record<string, string>): string {
  return [
    `There are no saved events${name ? ` of ${name}` : ''} to test with. Put one into ${folders[name]}:`,
    '  hello.json           the event, e.g. {"name": "Ada"}',
    '  hello.expect.yaml    what has to come of it, e.g. result: { message: "Hello, Ada!" }',
    'Without the second file the event has to end well. Events may also be listed under "events" in porchlight.yaml.',
  ].join('\n');
}
