import { isBase64 } from '../../support/httpText.ts';
import { checkedEvent, CloudEventError, type CloudEvent } from './event.ts';

/* Events as JSON objects (CloudEvents JSON event format 1.0). */

/** Whether a value is an event in this format, right or wrong: an object that states its version. */
export function looksLikeEvent(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && 'specversion' in value;
}

/** The event of a JSON object; a `CloudEventError` says what is wrong with it. */
export function readStructured(value: unknown): CloudEvent {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CloudEventError('This is no valid CloudEvent: it is no JSON object.');
  }
  const { data, data_base64: base64, ...rest } = value as Record<string, unknown>;
  // Unset is the same as absent.
  const attributes = Object.fromEntries(Object.entries(rest).filter(([, each]) => each !== null));
  const hasBytes = base64 !== undefined && base64 !== null;
  if (hasBytes && data !== undefined && data !== null) {
    throw new CloudEventError('This is no valid CloudEvent: it has both "data" and "data_base64".');
  }
  if (!hasBytes) return checkedEvent(attributes, data ?? undefined);
  if (typeof base64 !== 'string' || !isBase64(base64)) {
    throw new CloudEventError('This is no valid CloudEvent: its "data_base64" is no base64.');
  }
  return checkedEvent(attributes, Buffer.from(base64, 'base64'));
}

/** An event as a JSON object. */
export function structuredObject({ attributes, data }: CloudEvent): Record<string, unknown> {
  if (data === undefined) return { ...attributes };
  if (data instanceof Uint8Array) {
    return { ...attributes, data_base64: Buffer.from(data).toString('base64') };
  }
  return { ...attributes, data };
}
