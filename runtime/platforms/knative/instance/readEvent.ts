import { CloudEventError, type CloudEvent as PlainEvent } from '../../../model/cloudEvents/event.ts';
import { contentMode, readMessage, type Headers } from '../../../model/cloudEvents/http.ts';
import { notAcceptable, Refusal } from './answer.ts';
import type { CloudEventLike, EventClass } from './cloudEvent.ts';
import { headerText } from '../../../support/httpHeaders.ts';
import type { FunctionRequest } from './request.ts';

/**
 * The CloudEvent of a request, as an object of a class; undefined when it carries none, a `Refusal` for one that is wrong.
 * In binary mode its data is the body as the function's server has read it.
 */
export function eventOf(
  request: FunctionRequest,
  body: unknown,
  eventClass: EventClass,
): CloudEventLike | undefined {
  const headers: Headers = Object.fromEntries(
    Object.keys(request.headers).map((name) => [name, headerText(request.headers, name)]),
  );
  const isBinary = contentMode(headers) === 'binary';
  let event: PlainEvent | undefined;
  try {
    event = readMessage(headers, isBinary ? Buffer.alloc(0) : request.body);
  } catch (error) {
    if (!(error instanceof CloudEventError)) throw error;
    throw new Refusal(notAcceptable(error.message), error.name, error.message);
  }
  if (!event) return undefined;
  const { attributes } = event;
  // Bytes of an event in structured mode are no Buffer there.
  const data = isBinary ? body : event.data instanceof Uint8Array ? new Uint8Array(event.data) : event.data;
  return new eventClass({ ...attributes, data }, false);
}
