import { promisify } from 'node:util';
import type { OpenWorkKind } from '../../../protocol/instance/observations.ts';
import { requireBuiltin } from './requireBuiltin.ts';
import { isPending, type Tracker } from './tracker.ts';

type AnyFunction = (...args: unknown[]) => unknown;

/** Fields of Node's timers that say how they stand; unchanged from Node 18 to 24. */
interface NodeTimer {
  _destroyed?: boolean;
  _idleTimeout?: number;
  _onTimeout?: unknown;
  _onImmediate?: unknown;
  hasRef?(): boolean;
}

const kinds: Record<string, OpenWorkKind> = {
  setTimeout: 'timer',
  setInterval: 'interval',
  setImmediate: 'immediate',
};

/** Waiting, and not released by `unref()`, which says that nobody minds when it never runs. */
export function isWaiting(subject: object): boolean {
  const timer = subject as NodeTimer;
  return timer._destroyed === false && timer.hasRef?.() !== false;
}

function detailOf(subject: object): string | undefined {
  const ms = (subject as NodeTimer)._idleTimeout;
  return typeof ms === 'number' && ms > 0 ? `${ms} ms` : undefined;
}

/** Gives a wrapper the name and the properties of what it wraps. */
export function resemble(
  patched: AnyFunction,
  original: AnyFunction,
  others: PropertyDescriptorMap = {},
): void {
  const { prototype: _, ...own } = Object.getOwnPropertyDescriptors(original) as PropertyDescriptorMap;
  Object.defineProperties(patched, { ...own, ...others });
}

/** Watches the timers made through the globals and `node:timers`. Before user code loads: it may keep the functions. */
export function watchTimers(tracker: Tracker, onPromisified: () => void): void {
  const target = requireBuiltin<Record<string, AnyFunction>>('timers');
  const globals = globalThis as unknown as Record<string, unknown>;
  for (const [name, what] of Object.entries(kinds)) {
    const original = target[name]!;
    const patched = function (this: unknown, ...args: unknown[]): unknown {
      const timer = Reflect.apply(original, this, args) as object;
      tracker.add(what, timer, patched, isWaiting, detailOf);
      return timer;
    };
    // `promisify(setTimeout)` gives the function of `node:timers/promises`, which is watched once it is loaded.
    const promisified = {
      configurable: true,
      enumerable: true,
      get: () => {
        onPromisified();
        return Reflect.get(original, promisify.custom) as unknown;
      },
    };
    resemble(
      patched,
      original,
      Reflect.has(original, promisify.custom) ? { [promisify.custom]: promisified } : {},
    );
    if (globals[name] === original) globals[name] = patched;
    target[name] = patched;
  }
}

/** Watches `setTimeout` and `setImmediate` of `node:timers/promises`. */
export function watchTimerPromises(tracker: Tracker, module: Record<string, unknown>): void {
  for (const name of ['setTimeout', 'setImmediate']) {
    const original = module[name] as AnyFunction;
    const patched = function (this: unknown, ...args: unknown[]): unknown {
      const promise = Reflect.apply(original, this, args) as object;
      const ms = name === 'setTimeout' ? args[0] : undefined;
      const released = (args[name === 'setTimeout' ? 2 : 1] as { ref?: unknown } | undefined)?.ref === false;
      if (!released)
        tracker.add(kinds[name]!, promise, patched, isPending, () =>
          typeof ms === 'number' ? `${ms} ms` : undefined,
        );
      return promise;
    };
    resemble(patched, original);
    module[name] = patched;
  }
}
