/*
 * Where something was created: a stack is captured (1 to 3 µs) and formatted only when somebody asks, which is when
 * something was left open.
 */

/** Frames kept: enough to get through a package to the code that called it. */
const depth = 8;

/** A stack that has not been formatted. */
export interface Captured {
  stack?: unknown;
}

/** Keeps the stack above `below`. */
export function capture(below: (...args: never[]) => unknown): Captured {
  const holder: Captured = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = depth;
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = stackTraceLimit;
  return holder;
}
