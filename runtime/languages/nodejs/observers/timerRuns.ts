type AnyFunction = (...args: unknown[]) => unknown;

/** Calls `onRun` whenever a timer that is waiting runs; it runs as before. */
export function watchRuns(subject: object, onRun: () => void): void {
  const timer = subject as Record<'_onTimeout' | '_onImmediate', unknown>;
  for (const field of ['_onTimeout', '_onImmediate'] as const) {
    const original = timer[field];
    if (typeof original !== 'function') continue;
    timer[field] = function (this: unknown, ...args: unknown[]): unknown {
      onRun();
      return Reflect.apply(original as AnyFunction, this, args);
    };
  }
}
