import type { Answer } from '../instances/pendingCalls.ts';
import { requestIdOf, addNote } from '../model/invocationRecord.ts';
import { Ended } from './ended.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { phrase } from '../support/l10n.ts';

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
  const facts = { bytes, platform: fn.platform.displayName, limit };
  addNote(summary, phrase('The result has {bytes} bytes; {platform} returns at most {limit}.', facts));
  const error = fn.platform.fault({ kind: 'tooLarge', bytes, limit, requestId, maxMemoryMB });
  return new Ended('error', 'tooLarge', error);
}
