import { utf8Text } from '../../support/httpText.ts';
import { checkedEvent, CloudEventError, isJsonType, type AttributeValue, type CloudEvent } from './event.ts';
import { decodeHeaderValue, encodeHeaderValue } from './headerText.ts';
import { readStructured, structuredObject } from './jsonFormat.ts';

/*
 * Events in HTTP messages (CloudEvents HTTP protocol binding 1.0): in binary mode attributes are headers and data is the
 * body, in structured mode the body is the event, in batched mode a list of events.
 */

/** How a message carries what it carries; undefined: it is none of an event. */
export type ContentMode = 'binary' | 'structured' | 'batched';

/** Headers with lower-case names, as Node gives them. */
export type Headers = Readonly<Record<string, string | undefined>>;

/** A message with an event. */
export interface EventMessage {
  headers: Record<string, string>;
  body: Uint8Array;
}

/** The mode of a message. Of an event in binary mode at least the id is there; what else is missing, reading it tells. */
export function contentMode(headers: Headers): ContentMode | undefined {
  const type = headers['content-type']?.trim().toLowerCase() ?? '';
  if (type.startsWith('application/cloudevents-batch')) return 'batched';
  if (type.startsWith('application/cloudevents')) return 'structured';
  return headers['ce-id'] ? 'binary' : undefined;
}

/** Reads the event of a message; undefined when it carries none. A `CloudEventError` says what is wrong with one. */
export function readMessage(headers: Headers, body: Uint8Array): CloudEvent | undefined {
  switch (contentMode(headers)) {
    case 'binary':
      return readBinary(headers, body);
    case 'structured':
      return readStructured(jsonOf(headers, body));
    case 'batched':
      throw new CloudEventError('A batch of CloudEvents is not taken here: send the events one by one.');
    case undefined:
      return undefined;
  }
}

/** Reads a batch, for those who asked for one. */
export function readBatch(headers: Headers, body: Uint8Array): CloudEvent[] {
  const events = jsonOf(headers, body);
  if (!Array.isArray(events)) {
    throw new CloudEventError('This is no batch of CloudEvents: its body is no JSON list.');
  }
  return events.map((event) => readStructured(event));
}

function jsonOf(headers: Headers, body: Uint8Array): unknown {
  const format = headers['content-type']!.split(';', 1)[0]!.trim();
  if (!/\+json$/i.test(format)) {
    throw new CloudEventError(
      `Events in the format ${format.slice(0, 100)} are not taken here: use application/cloudevents+json.`,
    );
  }
  const text = utf8Text(body);
  if (text === undefined) throw new CloudEventError('This is no valid CloudEvent: its body is no UTF-8.');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CloudEventError(
      `This is no valid CloudEvent: its body is no JSON (${(error as Error).message}).`,
      {
        cause: error,
      },
    );
  }
}

function readBinary(headers: Headers, body: Uint8Array): CloudEvent {
  const attributes: Record<string, AttributeValue> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('ce-') || value === undefined) continue;
    const text = decodeHeaderValue(value);
    if (text === undefined) {
      throw new CloudEventError(`This is no valid CloudEvent: ${header} holds escapes that are no UTF-8.`);
    }
    attributes[header.slice(3)] = text;
  }
  const contentType = headers['content-type'];
  if (contentType !== undefined) attributes['datacontenttype'] = contentType;
  return checkedEvent(attributes, dataOf(contentType, body));
}

function dataOf(contentType: string | undefined, body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined;
  const isJson = contentType !== undefined && isJsonType(contentType);
  if (!isJson && !/^text\//i.test(contentType ?? '')) return body;
  const text = utf8Text(body);
  if (text === undefined) return body;
  if (!isJson) return text;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CloudEventError(`The data of this CloudEvent is no JSON (${(error as Error).message}).`, {
      cause: error,
    });
  }
}

/** Attributes as headers: all but the content type, which is the message's own. */
export function attributeHeaders(attributes: CloudEvent['attributes']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => name !== 'datacontenttype')
      .map(([name, value]) => [`ce-${name}`, encodeHeaderValue(String(value))]),
  );
}

/** An event as a message in binary mode. */
export function writeBinary({ attributes, data }: CloudEvent): EventMessage {
  const { datacontenttype } = attributes;
  const isBytes = data instanceof Uint8Array;
  const contentType =
    datacontenttype ??
    (data === undefined ? undefined : isBytes ? 'application/octet-stream' : 'application/json');
  const headers = attributeHeaders(attributes);
  if (contentType !== undefined) headers['content-type'] = String(contentType);
  if (data === undefined) return { headers, body: new Uint8Array() };
  if (isBytes) return { headers, body: data };
  const isText = typeof data === 'string' && !isJsonType(String(contentType));
  return { headers, body: new TextEncoder().encode(isText ? data : JSON.stringify(data)) };
}

/** An event as a message in structured mode. */
export function writeStructured(event: CloudEvent): EventMessage {
  return {
    headers: { 'content-type': 'application/cloudevents+json; charset=UTF-8' },
    body: new TextEncoder().encode(JSON.stringify(structuredObject(event))),
  };
}
