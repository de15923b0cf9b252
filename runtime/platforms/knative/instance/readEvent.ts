import { CloudEventError, type CloudEvent as PlainEvent } from '../../../model/cloudEvents/event.ts';
import { contentMode, readMessage, type Headers } from '../../../model/cloudEvents/http.ts';
import { structuredObject } from '../../../model/cloudEvents/jsonFormat.ts';
import { notAcceptable, Refusal } from './answer.ts';
import type { CloudEventLike, EventClass } from './cloudEvent.ts';
import { headerText } from './headers.ts';
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
  const given = isBinary ? { attributes: event.attributes, data: body } : event;
  // Whoever sent no time did not mean that of its arrival, but so does the SDK.
  return new eventClass({ ...structuredObject({ ...given, data: undefined }), data: given.data }, false);
}
