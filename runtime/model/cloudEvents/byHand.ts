import { utf8Text } from '../../support/httpText.ts';
import { looksLikeEvent } from './jsonFormat.ts';

/**
 * What an event that somebody gives by hand is posted as: a JSON object with `specversion` as a CloudEvent in structured
 * mode, other JSON, text or bytes as that. Undefined for an empty one: nothing is posted of it.
 */
export function contentTypeByHand(event: Uint8Array): string | undefined {
  if (event.byteLength === 0) return undefined;
  const text = utf8Text(event);
  if (text === undefined) return 'application/octet-stream';
  try {
    const value: unknown = JSON.parse(text);
    return looksLikeEvent(value) ? 'application/cloudevents+json; charset=utf-8' : 'application/json';
  } catch {
    return 'text/plain; charset=utf-8';
  }
}
