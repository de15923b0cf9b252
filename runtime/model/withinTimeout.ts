import type { InvocationSummary } from './invocationRecord.ts';

/**
 * The time of an invocation as clouds count it, in milliseconds: what it takes to end an instance whose time is over is no
 * part of it (Lambda's runtime interface emulator reports it so).
 */
export function withinTimeout(
  { status, durationMs }: Pick<InvocationSummary, 'status' | 'durationMs'>,
  { timeoutMs }: { timeoutMs: number },
): number {
  return status === 'timeout' ? Math.min(durationMs, timeoutMs) : durationMs;
}
