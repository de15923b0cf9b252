import { AsyncLocalStorage } from 'node:async_hooks';

/*
 * Which call the running code belongs to. With one call at a time that is simply the one that has begun. With several
 * the code's asynchronous context says it; that makes every `await` dearer for good on Node 20, so it is used only then.
 */

/** What output and errors are attributed to. */
export interface AttributedCall {
  readonly id: string;
  /** A debugger was attached when it began. */
  readonly debugged: boolean;
}

/**
 * Calls that have begun and are not answered, oldest first. A list: a set whose members come and go keeps the former ones
 * in memory (`TurnoverMap` says why).
 */
const active: AttributedCall[] = [];
let contexts: AsyncLocalStorage<AttributedCall> | undefined;

/** From now on several calls may be under way at the same time. */
export function allowConcurrentCalls(): void {
  contexts ??= new AsyncLocalStorage<AttributedCall>();
}

/** Runs the beginning of a call; what it starts belongs to it. */
export function enterCall(call: AttributedCall, run: () => void): void {
  active.push(call);
  if (contexts) contexts.run(call, run);
  else run();
}

/** The call was answered. */
export function leaveCall(call: AttributedCall): void {
  const index = active.indexOf(call);
  if (index >= 0) active.splice(index, 1);
}

/** How many calls are under way. */
export function activeCalls(): number {
  return active.length;
}

/** The call that the running code belongs to, if it is under way; undefined outside of calls. */
export function currentCall(): AttributedCall | undefined {
  if (!contexts) return oldestCall();
  const call = contexts.getStore();
  return call && active.includes(call) ? call : undefined;
}

/** The call that has been under way for longest. */
export function oldestCall(): AttributedCall | undefined {
  return active[0];
}
