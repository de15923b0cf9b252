import type { AttachedDebugger } from '../instances/debugPort.ts';
import type { DebugLedger, DebugRelay } from '../languages/debugRelay.ts';
import type { Clock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';
import { toDisposable, type Disposable } from '../support/disposable.ts';
import { Emitter } from '../support/emitter.ts';

/** An instance whose inspector is open. */
export interface DebuggableInstance {
  id: string;
  function: string;
  sequence: number;
  pid: number;
  inspectorUrl: string;
  /** Settles when the process is gone, so that nobody waits for a debugger in vain. */
  gone?: Promise<unknown>;
}

/** How long an editor may take to connect, and then to set its breakpoints. The instance waits so long at most. */
export const attachLimits = { connectMs: 10_000, readyMs: 30_000 } as const;

/** One instance and the debugger it waits for, or has. Ends once, by whoever is first. */
export class DebugSession implements Disposable {
  readonly instance: DebuggableInstance;
  readonly relay: DebugRelay;
  /** What the debugger did in the instance; also of use when the session is over. */
  readonly ledger: DebugLedger | undefined;
  #clock: Clock;
  #outcome = new Deferred<AttachedDebugger | { declined: string }>();
  #ended = new Emitter<void>();
  #over = false;
  #cancelTimer: () => void;

  /** The session is over: detached, declined or given up. Fires once. */
  readonly onDidEnd = this.#ended.event;

  constructor(
    instance: DebuggableInstance,
    relay: DebugRelay,
    ledger: DebugLedger | undefined,
    clock: Clock,
  ) {
    this.instance = instance;
    this.relay = relay;
    this.ledger = ledger;
    this.#clock = clock;
    this.#cancelTimer = this.#limit(attachLimits.connectMs, 'did not connect');
    relay.onDidConnect(() => {
      this.#cancelTimer();
      this.#cancelTimer = this.#limit(attachLimits.readyMs, 'did not set its breakpoints');
    });
    relay.onDidDetach(({ error }) => this.decline(error?.message ?? 'the debugger was detached.'));
    relay.ready.then(
      () => this.#attached(),
      // The detach that goes with it says why.
      () => {},
    );
    void instance.gone?.then(() => this.decline('the instance ended.'));
  }

  /** The debugger once its breakpoints are set, or why there is none. Never rejects. */
  get outcome(): Promise<AttachedDebugger | { declined: string }> {
    return this.#outcome.promise;
  }

  /** Ends the session; when the instance still waits, it goes on without a debugger and with this reason. */
  decline(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer();
    this.#outcome.resolve({ declined: reason });
    this.relay.dispose();
    this.#ended.fire();
    this.#ended.dispose();
  }

  dispose(): void {
    this.decline('debugging was stopped.');
  }

  #limit(ms: number, what: string): () => void {
    return this.#clock.after(ms, () => this.decline(`the editor ${what} within ${ms / 1000} s.`));
  }

  #attached(): void {
    if (this.#over) return;
    this.#cancelTimer();
    const { relay } = this;
    const ended = this.onDidEnd;
    const isOver = () => this.#over;
    this.#outcome.resolve({
      pausedUs: () => relay.pausedUs(),
      get paused() {
        return relay.paused;
      },
      onDidPause: relay.onDidPause,
      onDidResume: relay.onDidResume,
      // A waiter that hears of the attach in a later turn must not miss the end.
      onDidDetach: (listener) => {
        if (!isOver()) return ended(() => listener(undefined));
        queueMicrotask(() => listener(undefined));
        return toDisposable(() => {});
      },
      dispose: () => this.dispose(),
    });
  }
}
