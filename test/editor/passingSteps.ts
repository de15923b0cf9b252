import type { DebugProtocol } from '@vscode/debugprotocol';
import * as vscode from 'vscode';
import { Deferred } from '../../runtime/support/deferred.ts';

/** When messages of one step passed the debugger; milliseconds of `performance.now()`. */
export interface StepTimes {
  /** The debugger got the request. */
  askedMs: number;
  /** It said that the program stopped. */
  stoppedMs: number;
  /** The editor asked where, and was answered: the yellow arrow can move. */
  stackAskedMs: number;
  stackMs: number;
}

/** Looks on while the editor steps; asks nothing itself, as that would be in the way. Begins with the next session. */
export class PassingSteps implements vscode.Disposable {
  #times: Partial<StepTimes> = {};
  #stackRequest: number | undefined;
  #next: Deferred<StepTimes> | undefined;
  #factory: vscode.Disposable;

  constructor(folder: vscode.WorkspaceFolder) {
    this.#factory = vscode.debug.registerDebugAdapterTrackerFactory('pwa-node', {
      createDebugAdapterTracker: (session) =>
        session.workspaceFolder?.index !== folder.index
          ? undefined
          : {
              onWillReceiveMessage: (message) => this.#received(message as DebugProtocol.Request),
              onDidSendMessage: (message) =>
                this.#sent(message as DebugProtocol.Event & DebugProtocol.Response),
            },
    });
  }

  /** The next step's times, once it is over. */
  next(): Promise<StepTimes> {
    this.#times = {};
    this.#stackRequest = undefined;
    this.#next = new Deferred();
    return this.#next.promise;
  }

  dispose(): void {
    this.#factory.dispose();
  }

  #received({ command, seq }: DebugProtocol.Request): void {
    if (command === 'next') this.#times.askedMs = performance.now();
    if (command !== 'stackTrace' || this.#times.stoppedMs === undefined) return;
    if (this.#stackRequest !== undefined) return;
    this.#stackRequest = seq;
    this.#times.stackAskedMs = performance.now();
  }

  #sent(message: DebugProtocol.Event & DebugProtocol.Response): void {
    if (message.event === 'stopped' && this.#times.askedMs !== undefined)
      this.#times.stoppedMs ??= performance.now();
    if ((message.type as string) !== 'response' || message.request_seq !== this.#stackRequest) return;
    this.#stackRequest = undefined;
    const times = { ...this.#times, stackMs: performance.now() };
    this.#times = {};
    this.#next?.resolve(times as StepTimes);
  }
}
