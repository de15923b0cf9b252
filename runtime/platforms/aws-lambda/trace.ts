import type { ApiRequest } from '../../model/invokeApi.ts';
import type { InvocationFacts } from '../../model/platform.ts';
import { randomHex } from '../../support/randomHex.ts';

/*
 * X-Ray's trace header. Its `Parent` is made of the invocation's id, so that a request which carries the header names
 * its caller without anything being remembered: SDKs send it with every call (recursion detection).
 */

const idForm = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-/;
const rootForm = /\bRoot=(1-[0-9a-f]{8}-[0-9a-f]{24})\b/i;
const parentForm = /\bParent=([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})(?![0-9a-f])/i;
const sampledForm = /\bSampled=([01])\b/i;

/** The header of an invocation: the trace of its caller, when there is one. Otherwise not sampled, so that it leads nowhere. */
export function traceHeader({ invocationId, requestId, call }: InvocationFacts): string {
  const trace = call?.trace ?? '';
  const root = rootForm.exec(trace)?.[1] ?? newRoot();
  const sampled = sampledForm.exec(trace)?.[1] ?? '0';
  const id = idForm.exec(invocationId ?? requestId);
  const parent = id ? id[1]! + id[2]! + id[3]! : randomHex(16);
  return `Root=${root};Parent=${parent};Sampled=${sampled}`;
}

function newRoot(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${randomHex(24)}`;
}

/** How the id of the invocation begins whose header came with a request. */
export function callerPrefix(headers: ApiRequest['headers']): string | undefined {
  const header = headers['x-amzn-trace-id'];
  if (typeof header !== 'string') return undefined;
  const parts = parentForm.exec(header)?.slice(1);
  return parts && `${parts.join('-').toLowerCase()}-`;
}
