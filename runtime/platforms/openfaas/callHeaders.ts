import { durationMs } from '../../model/goDuration.ts';

/*
 * Headers by which gateway and watchdog speak of a call (openfaas/faas, `MakeCallIDMiddleware`; openfaas/of-watchdog,
 * `executor`).
 */

type Headers = readonly (readonly [name: string, value: string])[];

/** The first value of a header; undefined when it is absent or empty. */
export function headerOf(headers: Headers, name: string): string | undefined {
  return headers.find(([given]) => given.toLowerCase() === name)?.[1] || undefined;
}

/** Id of a call: the caller's own, when it sent one. */
export function callIdOf(headers: Headers, created: string): string {
  return headerOf(headers, 'x-call-id') ?? created;
}

/** `X-Start-Time`: nanoseconds since the epoch, of which milliseconds are known. */
export function startTime(at: Date): string {
  return `${at.getTime()}000000`;
}

/** `X-Duration-Seconds`, as Go writes a fraction. */
export function durationSeconds(ms: number): string {
  return (ms / 1000).toFixed(6);
}

/** Time a caller gives (`X-Timeout`, a duration of Go with its unit), in milliseconds; anything else is not heeded. */
export function callerTimeoutMs(headers: Headers): number | undefined {
  const text = headerOf(headers, 'x-timeout') ?? '';
  return /^\d+$/.test(text.trim()) ? undefined : durationMs(text);
}
