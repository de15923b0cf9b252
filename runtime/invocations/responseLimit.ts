import type { Answer } from '../instances/instance.ts';
import { requestIdOf } from '../model/invocationRecord.ts';
import { Ended } from './ended.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';

/** What becomes of a result that is larger than the platform returns; undefined for any other. */
export function checkResponse(
  fn: FunctionRuntime,
  { summary }: Invocation,
  { message, body }: Answer,
): Ended | undefined {
  if (message.type !== 'result') return undefined;
  const bytes = message.omittedBytes ?? body.byteLength;
  const limit = fn.platform.limits.responseBytes;
  if (bytes <= limit) return undefined;
  const { maxMemoryMB } = summary;
  const requestId = requestIdOf(summary);
  summary.notes.push(`The result has ${bytes} bytes; ${fn.platform.displayName} returns at most ${limit}.`);
  return new Ended(
    'error',
    'tooLarge',
    fn.platform.fault({ kind: 'tooLarge', bytes, limit, requestId, maxMemoryMB }),
  );
}
