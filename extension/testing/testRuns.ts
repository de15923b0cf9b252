import type * as vscode from 'vscode';
import type { TestOutcome } from '../../runtime/model/testing/testCase.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { failureMessages, outputLines, reasonMessage } from './testMessages.ts';
import type { TestTree } from './testTree.ts';
import { failureText } from '../../runtime/model/errors.ts';

/** What running saved events needs of other features. */
export interface TestRunServices {
  api: EditorApi;
  hosts: Hosts;
  /** Saves what is unsaved in a folder: what runs is what one sees. */
  saveFiles(host: FolderHost, api: HostApi): Promise<void>;
  /** Debugs functions of a folder from now on; the result ends what was begun for it. */
  debug(host: FolderHost, functions: string[]): Promise<{ end(): Promise<void> }>;
}

/** A test that was run. */
export interface FinishedTest {
  item: vscode.TestItem;
  outcome: TestOutcome;
  messages: vscode.TestMessage[];
}

/** Carries out what is asked for in the editor's Testing view. */
export class TestRuns implements Disposable {
  readonly #services: TestRunServices;
  readonly #controller: vscode.TestController;
  readonly #tree: TestTree;
  readonly #store = new DisposableStore();
  readonly #finished = this.#store.add(new Emitter<FinishedTest>());

  constructor(services: TestRunServices, controller: vscode.TestController, tree: TestTree) {
    this.#services = services;
    this.#controller = controller;
    this.#tree = tree;
  }

  /** A test was run and is shown. */
  get onDidFinish(): Event<FinishedTest> {
    return this.#finished.event;
  }

  /** Runs once, or with a continuous request until it is cancelled: at once, and whenever something changes. */
  async run(request: vscode.TestRunRequest, token: vscode.CancellationToken, debug: boolean): Promise<void> {
    if (!request.continuous) return this.#once(request, token, debug);
    const touched = new Set<string>();
    let running = this.#once(request, token, debug);
    const listening = this.#services.hosts.onDidChange((change) => {
      if (change.kind !== 'mirror' || change.change.kind !== 'tests') return;
      for (const id of change.change.touched) touched.add(`${change.host.folder.path}\n${id}`);
      running = running.then(() => this.#again(request, token, debug, touched));
    });
    this.#store.add(listening);
    await new Promise<void>((resolve) => {
      if (token.isCancellationRequested) resolve();
      else token.onCancellationRequested(() => resolve());
    });
    listening.dispose();
    await running;
  }

  async #again(
    { include, exclude, profile }: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    debug: boolean,
    touched: Set<string>,
  ): Promise<void> {
    const items = this.#tree.leaves(include, exclude).filter((item) => touched.has(item.id));
    touched.clear();
    if (items.length === 0 || token.isCancellationRequested) return;
    const request = new this.#services.api.TestRunRequest(items, undefined, profile, true);
    await this.#once(request, token, debug);
  }

  async #once(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
    debug: boolean,
  ): Promise<void> {
    const run = this.#controller.createTestRun(request);
    const cancel = new AbortController();
    const cancelled = [token, run.token].map((each) => each.onCancellationRequested(() => cancel.abort()));
    if (token.isCancellationRequested) cancel.abort();
    try {
      const items = this.#tree.leaves(request.include, request.exclude);
      for (const item of items) run.enqueued(item);
      const hosts = new Set(items.flatMap((item) => this.#tree.testOf(item)?.host ?? []));
      for (const host of hosts) {
        const own = items.filter((item) => this.#tree.testOf(item)?.host === host);
        await this.#onHost(run, host, own, cancel.signal, debug);
      }
    } finally {
      for (const each of cancelled) each.dispose();
      run.end();
    }
  }

  async #onHost(
    run: vscode.TestRun,
    host: FolderHost,
    items: vscode.TestItem[],
    signal: AbortSignal,
    debug: boolean,
  ): Promise<void> {
    const { api, hosts, saveFiles } = this.#services;
    let debugging: { end(): Promise<void> } | undefined;
    let current: vscode.TestItem | undefined;
    try {
      const running = await hosts.running(host);
      await saveFiles(host, running);
      const names = items.map((item) => this.#tree.testOf(item)!.id.split('/')[0]!);
      if (debug) debugging = await this.#services.debug(host, [...new Set(names)]);
      for (const item of items) {
        current = item;
        if (signal.aborted) run.skipped(item);
        else {
          run.started(item);
          this.#show(run, item, await running.runTest(this.#tree.testOf(item)!.id, signal));
        }
      }
    } catch (error) {
      const message = new api.TestMessage(failureText(error));
      // Untrusted, no host, a host that went: the rest would end in the same way.
      const rest = current ? items.slice(items.indexOf(current)) : items;
      for (const item of rest) run.errored(item, message);
    } finally {
      await debugging?.end();
    }
  }

  #show(run: vscode.TestRun, item: vscode.TestItem, outcome: TestOutcome): void {
    const { api } = this.#services;
    for (const { text, at } of outputLines(api, outcome)) {
      run.appendOutput(`${text.replaceAll(/\r?\n/g, '\r\n')}\r\n`, at, item);
    }
    let messages: vscode.TestMessage[] = [];
    switch (outcome.status) {
      case 'passed':
        run.passed(item, outcome.durationMs);
        break;
      case 'failed':
        run.failed(item, (messages = failureMessages(api, outcome)), outcome.durationMs);
        break;
      case 'errored':
        run.errored(item, (messages = [reasonMessage(api, outcome, item)]), outcome.durationMs);
        break;
      case 'cancelled':
        run.skipped(item);
    }
    this.#finished.fire({ item, outcome, messages });
  }

  dispose(): void {
    this.#store.dispose();
  }
}
