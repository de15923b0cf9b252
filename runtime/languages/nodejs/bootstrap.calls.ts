import type { HandlerCall, HandlerContract } from '../../protocol/instance/contract.ts';
import type { InvokeCommand } from '../../protocol/instance/messages.ts';
import type { Observers } from '../../protocol/instance/observations.ts';
import { enterCall, currentCall, leaveCall, oldestCall } from './bootstrap.callContext.ts';
import { nowUs, send } from './bootstrap.channel.ts';

type Handler = (...args: never[]) => unknown;

/** What a call needs of the process around it. */
export interface CallHost {
  contract: HandlerContract;
  lifetime: Record<string, unknown>;
  /** Whether waiting for the host keeps the process alive. */
  channel: { hold(): void; release(): void };
  /** Whether timers, sockets or the like would go on after an answer. */
  hasOpenWork(): boolean;
  /** A call was answered: the next may begin. */
  onAnswered(): void;
  /** Absent when invocations are not watched. */
  observers?: Observers;
}

/** Who hears of an error that nothing caught. */
interface Failing {
  fail(error: unknown, handled: boolean): void;
}

/** Promises made of handlers' results while a debugger is attached, with the call they belong to. */
const derived = new WeakMap<Promise<unknown>, Failing>();
let onIdle: (() => void) | undefined;
/** Whose code is being called under a debugger: what it throws there comes as an uncaught exception. */
let starting: Failing | undefined;

/**
 * Runs code of the user in a turn of its own with nothing of ours on the stack that catches: then a debugger which
 * stops at uncaught errors stops where it throws.
 */
export function withNothingCatching(code: () => unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      const failing = { fail: reject };
      starting = failing;
      const value = code();
      starting = undefined;
      if (isThenable(value)) derived.set(Promise.resolve(value).then(resolve), failing);
      else resolve(value);
    });
  });
}

class Call implements HandlerCall {
  readonly id: string;
  readonly event: Buffer;
  readonly deadline: number;
  readonly data: Record<string, unknown>;
  readonly lifetime: Record<string, unknown>;
  readonly debugged: boolean;
  #host: CallHost;
  #startUs = nowUs();
  #settled = false;

  constructor(command: InvokeCommand, event: Buffer, host: CallHost) {
    this.id = command.id;
    this.event = event;
    this.deadline = Date.now() + command.timeoutMs;
    this.data = { ...copyOf(host.lifetime), ...command.context };
    this.lifetime = host.lifetime;
    this.debugged = command.debugged;
    this.#host = host;
  }

  begin(handler: Handler): void {
    this.#host.observers?.begin(this.id);
    enterCall(this, () => {
      const start = () => {
        this.#startUs = nowUs();
        this.#host.contract.start(handler, this);
      };
      // Under a debugger nothing of ours may be on the stack: V8 would predict "caught" and not stop at a throw.
      if (this.debugged) {
        setImmediate(() => {
          starting = this;
          start();
          starting = undefined;
        });
      } else {
        try {
          start();
        } catch (error) {
          this.fail(error, false);
        }
      }
    });
  }

  run(code: () => unknown, done: (value: unknown, fromPromise: boolean) => void): void {
    if (this.debugged) {
      const value = code();
      if (!isThenable(value)) return done(value, false);
      derived.set(
        Promise.resolve(value).then((result) => this.#finish(() => done(result, true))),
        this,
      );
      return;
    }
    let value: unknown;
    try {
      value = code();
    } catch (error) {
      return this.fail(error, false);
    }
    if (!isThenable(value)) return this.#finish(() => done(value, false));
    Promise.resolve(value).then(
      (result) => this.#finish(() => done(result, true)),
      (error: unknown) => this.fail(error, false),
    );
  }

  /** What the contract does with a value (encoding it) may throw as well. */
  #finish(settle: () => void): void {
    try {
      settle();
    } catch (error) {
      this.fail(error, false);
    }
  }

  succeed(body: Buffer): void {
    const endUs = nowUs();
    if (!this.#settle()) return;
    const observing = this.#answered();
    send(
      {
        type: 'result',
        id: this.id,
        startUs: this.#startUs,
        endUs,
        peakKB: peakKB(),
        leftOpen: this.#host.hasOpenWork(),
        ...observing,
      },
      body,
    );
    this.#afterAnswer(observing);
  }

  fail(error: unknown, handled: boolean): void {
    this.#answerError(error, handled, false);
  }

  /** The process ends after this: code outside of the handler's promise failed. */
  failAndExit(error: unknown): void {
    this.#answerError(error, false, true);
  }

  #answerError(error: unknown, handled: boolean, exiting: boolean): void {
    const endUs = nowUs();
    if (!this.#settle()) return;
    const { contract } = this.#host;
    const observing = exiting ? undefined : this.#answered();
    send(
      {
        type: 'error',
        id: this.id,
        startUs: this.#startUs,
        endUs,
        peakKB: peakKB(),
        leftOpen: this.#host.hasOpenWork(),
        handled,
        error: contract.describe(error, handled),
        ...(exiting ? { exiting } : {}),
        ...observing,
      },
      contract.errorBody(error, handled, this),
    );
    if (!exiting) this.#afterAnswer(observing);
  }

  /** Marks the answer when observations will follow it. */
  #answered(): { observing: true } | undefined {
    return this.#host.observers?.answered() ? { observing: true } : undefined;
  }

  /** What was noticed follows the answer, so that no caller waits for it; then the next call may begin. */
  #afterAnswer(observing: { observing: true } | undefined): void {
    const { observers, onAnswered } = this.#host;
    if (!observing || !observers) return onAnswered();
    observers.report((observations) => {
      send({ type: 'observed', id: this.id, observations });
      onAnswered();
    });
  }

  whenIdle(callback: (() => void) | undefined): void {
    if (this.#settled) return;
    onIdle = callback;
    if (callback) this.#host.channel.release();
    else this.#host.channel.hold();
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    onIdle = undefined;
    this.#host.channel.hold();
    leaveCall(this);
    return true;
  }
}

/** Handlers may change what their context holds, and must not see each other's changes. */
function copyOf(value: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key in value) {
    const item = value[key];
    copy[key] = typeof item === 'object' && item !== null ? copyOf(item as Record<string, unknown>) : item;
  }
  return copy;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

let measuredUs = 0;
let measuredKB = 0;

/**
 * Peak resident memory in KiB, which Node states on every system. Asking takes microseconds: calls that follow each
 * other within a millisecond share an answer.
 */
function peakKB(): number {
  const us = nowUs();
  if (us - measuredUs > 1000) {
    measuredUs = us;
    measuredKB = process.resourceUsage().maxRSS;
  }
  return measuredKB;
}

/** Hands an event to the handler. */
export function startCall(handler: Handler, command: InvokeCommand, event: Buffer, host: CallHost): void {
  new Call(command, event, host).begin(handler);
}

/** Handles what user code leaves uncaught, by the platform's rules. */
export function watchUncaught(getHost: () => CallHost | undefined): void {
  const fail = (kind: 'exception' | 'rejection', error: unknown) => {
    const host = getHost();
    const verdict = host?.contract.uncaught(kind, error) ?? { report: error, exitCode: 1 };
    if (verdict === 'crash') {
      process.stderr.write(`${String((error as Error | undefined)?.stack ?? error)}\n`);
      process.exit(1);
    }
    const call = (currentCall() ?? oldestCall()) as Call | undefined;
    if (call) call.failAndExit(verdict.report);
    else if (host) send({ type: 'fatal', error: host.contract.describe(verdict.report, false) });
    process.exit(verdict.exitCode);
  };
  process.on('uncaughtException', (error, origin) => {
    if (origin === 'unhandledRejection') return;
    const call = starting;
    starting = undefined;
    if (call) return call.fail(error, false);
    fail('exception', error);
  });
  process.on('unhandledRejection', (error, promise) => {
    const call = derived.get(promise);
    if (call) call.fail(error, false);
    else fail('rejection', error);
  });
  process.on('beforeExit', () => {
    const run = onIdle;
    onIdle = undefined;
    run?.();
  });
}
