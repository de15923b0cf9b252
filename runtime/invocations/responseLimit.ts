import type { Answer } from '../instances/pendingCalls.ts';
import { requestIdOf } from '../model/invocationRecord.ts';
import { Ended } from './ended.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';

/** What becomes of a result that is larger than the platform returns; undefined for any other. */
export function checkResponse(
  fn: FunctionRuntime,
  invocation: Invocation,
  { message, body }: Answer,
): Ended | undefined {
  if (message.type !== 'result') return undefined;
  const { streamed } = invocation;
  // Its caller has it; how long it may be was checked as it came.
  if (streamed?.passedOn) return undefined;
  const bytes = message.omittedBytes ?? streamed?.bytes ?? body.byteLength;
  const limit = fn.platform.limits.responseBytes;
  if (bytes <= limit) return undefined;
  const { summary } = invocation;
  const { maxMemoryMB } = summary;
  const requestId = requestIdOf(summary);
  summary.notes.push(`The result has ${bytes} bytes; ${fn.platform.displayName} returns at most ${limit}.`);
  const error = fn.platform.fault({ kind: 'tooLarge', bytes, limit, requestId, maxMemoryMB });
  return new Ended('error', 'tooLarge', error);
}
