import { PorchlightError } from '../model/errors.ts';
import type { Platform } from '../model/platform.ts';

/** Events up to this many bytes are checked to be JSON before an instance gets them. */
const checkedBytes = 256 * 1024;

/** An event as its platform hands it over; throws what the caller has to hear of its size or form. */
export function checkEvent(event: Uint8Array, { limits, jsonEvents }: Platform): Uint8Array {
  if (event.byteLength > limits.requestBytes) {
    throw new PorchlightError('EVENT_TOO_LARGE', { bytes: event.byteLength, limit: limits.requestBytes });
  }
  if (!jsonEvents) return event;
  if (event.byteLength === 0) return Buffer.from('{}');
  // Large ones are parsed once, where they are used: their handler fails then with the parser's words.
  if (event.byteLength > checkedBytes) return event;
  try {
    JSON.parse(Buffer.from(event.buffer, event.byteOffset, event.byteLength).toString('utf8'));
    return event;
  } catch (error) {
    const detail = (error as Error).message;
    throw new PorchlightError(
      'EVENT_NOT_JSON',
      { detail: `${detail}.`, source: 'the event' },
      { cause: error },
    );
  }
}
