import { inspect } from 'node:util';
import type { OpenWorkKind } from '../../../protocol/instance/observations.ts';
import { capture, type Captured } from './capture.ts';

/** Something an invocation began, and how to see whether it is finished. */
export interface Tracked {
  what: OpenWorkKind;
  /** The thing itself; never shown. */
  subject: object;
  stack: Captured | undefined;
  isOpen(this: void, subject: object): boolean;
  detail?(this: void, subject: object): string | undefined;
}

/** Stacks captured per invocation; what an invocation begins after that many is only counted. */
const stacksPerInvocation = 64;
/**
 * Stacks an instance may capture at once, and per millisecond: 1 % of all time at 4 µs each. By hand nobody reaches that;
 * under load a part of the invocations goes without lines.
 */
const stacksAtOnce = 1000;
const stacksPerMs = 2.5;
/** Things held on to per invocation. Finished ones make room first. */
const most = 4096;

/** What the running invocation has begun. Between invocations nothing is tracked. */
export class Tracker {
  #items: Tracked[] = [];
  #stacks = 0;
  #compactAt = 256;
  #running = false;
  #allowed = stacksAtOnce;
  #allowedAt = performance.now();

  /** Whether an invocation runs whose work is tracked. */
  get running(): boolean {
    return this.#running;
  }

  begin(): void {
    this.#running = true;
    if (this.#items.length === 0) return;
    this.#items = [];
    this.#stacks = this.#allowed > 0 ? 0 : this.#refill();
    this.#compactAt = 256;
  }

  /** Gives back what time allows; without any, the limit of the invocation counts as used up. */
  #refill(): number {
    const now = performance.now();
    this.#allowed = Math.min(stacksAtOnce, this.#allowed + (now - this.#allowedAt) * stacksPerMs);
    this.#allowedAt = now;
    return this.#allowed > 0 ? 0 : stacksPerInvocation;
  }

  /** `below`: the function of ours that user code called. */
  add(
    what: OpenWorkKind,
    subject: object,
    below: (...args: never[]) => unknown,
    isOpen: Tracked['isOpen'],
    detail?: Tracked['detail'],
  ): void {
    if (!this.#running) return;
    if (this.#items.length >= this.#compactAt && !this.#compact()) return;
    const stack = this.#mayCapture() ? capture(below) : undefined;
    this.#items.push({ what, subject, stack, isOpen, ...(detail ? { detail } : {}) });
  }

  #mayCapture(): boolean {
    if (this.#stacks >= stacksPerInvocation) return false;
    this.#stacks++;
    this.#allowed--;
    return true;
  }

  /** Ends the tracking and gives what is not finished. */
  end(): Tracked[] {
    this.#running = false;
    if (this.#items.length === 0) return this.#items;
    // A server listens only once its address has been looked up: it is looked at again.
    return this.#items.filter(({ what, isOpen, subject }) => what === 'server' || isOpen(subject));
  }

  /** Whether there is room again. */
  #compact(): boolean {
    this.#items = this.#items.filter(({ isOpen, subject }) => isOpen(subject));
    this.#compactAt = Math.min(most, Math.max(256, this.#items.length * 2));
    return this.#items.length < most;
  }
}

/** Whether a promise is pending, without a handler on it: one would make its rejection look handled. */
export function isPending(promise: object): boolean {
  const options = { depth: 0, customInspect: false, maxStringLength: 0, maxArrayLength: 0 };
  // With more properties than its state, as async hooks add, it takes several lines.
  return /^Promise \{\s*<pending>/.test(inspect(promise, options));
}
