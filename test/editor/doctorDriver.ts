import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { DebugDriver } from './debugDriver.ts';
import { waitingFor } from './waitingFor.ts';

/** What the user was told of a breakpoint, and what was offered. */
export interface Explanation {
  message: string;
  actions: string[];
}

/** Plays the person who wonders why a breakpoint is not hit. One per suite. */
export class DoctorDriver {
  readonly debug: DebugDriver;
  /** What is chosen of the next dialogs; nothing when empty. */
  answers: (string | undefined)[] = [];
  #told: Explanation[] = [];

  private constructor(debug: DebugDriver) {
    this.debug = debug;
    debug.api.dialogs.info = async (message, ...actions) => {
      this.#told.push({ message, actions });
      return this.answers.shift();
    };
  }

  static async create(): Promise<DoctorDriver> {
    return new DoctorDriver(await DebugDriver.create());
  }

  /** Forgets what was told and chosen; for the beginning of a test. */
  reset(): void {
    this.answers = [];
    this.#told = [];
  }

  /** Does something to breakpoints, and waits until all debuggers know. */
  async settled<T>(action: () => T | Promise<T>): Promise<T> {
    const sent = this.debug.breakpointsSet();
    const result = await action();
    await waitingFor(() => this.debug.untoldSessions(), sent);
    return result;
  }

  /** The hints after a call, as `file:line reason`. */
  hints(): string[] {
    return this.debug.api.hints.all
      .map(({ breakpoint: { location }, diagnosis }) => {
        const name = location.uri.path.split('/').at(-1);
        return `${name}:${location.range.start.line + 1} ${diagnosis.reason.kind}`;
      })
      .sort();
  }

  /** Calls a function and waits until the breakpoints have been looked at. */
  async call(name: string, event: unknown, stops: string[] = []): Promise<InvocationRecord> {
    const examined = new Promise<void>((resolve) => {
      const subscription = this.debug.api.hints.onDidExamine(() => {
        subscription.dispose();
        resolve();
      });
    });
    const record = await waitingFor(
      () => `the answer of ${name}`,
      this.debug.passing(this.debug.invoke(name, event), stops),
    );
    await waitingFor(() => `a look at breakpoints after ${JSON.stringify(record.notes)}`, examined);
    return record;
  }

  /** What "Explain Breakpoint" tells. */
  async explain(breakpoint: vscode.SourceBreakpoint): Promise<Explanation> {
    const { uri, range } = this.current(breakpoint).location;
    const argument = { uri, lineNumber: range.start.line + 1 };
    await waitingFor(
      () => 'an explanation',
      Promise.resolve(vscode.commands.executeCommand('porchlight.explainBreakpoint', argument)),
    );
    assert.equal(this.#told.length, 1);
    return this.#told.pop()!;
  }

  /** The editor's own view of a breakpoint, which moves. */
  current(breakpoint: vscode.SourceBreakpoint): vscode.SourceBreakpoint {
    return vscode.debug.breakpoints.find(({ id }) => id === breakpoint.id) as vscode.SourceBreakpoint;
  }
}
