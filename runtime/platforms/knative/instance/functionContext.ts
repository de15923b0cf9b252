import { headerText } from '../../../support/httpHeaders.ts';
import { CloudEvent, type CloudEventLike, type EventClass } from './cloudEvent.ts';
import type { FunctionLog } from './functionLog.ts';
import type { FunctionRequest } from './request.ts';

/** What a context is made of. */
export interface ContextFacts {
  request: FunctionRequest;
  body: unknown;
  rawBody: string | undefined;
  log: FunctionLog;
}

/** The class of the events that functions make; known once the function is loaded. */
let eventClass: EventClass = CloudEvent;

/** From now on events are made of this class. */
export function useEventClass(used: EventClass): void {
  eventClass = used;
}

/**
 * The first argument of a function. Values of the query are its own properties as well, but for the log. `req` is not
 * listed: it is not what is printed of a context.
 */
export class Context {
  readonly [name: string]: unknown;

  constructor({ request, body, rawBody, log }: ContextFacts) {
    const { method, url, headers, rawHeaders } = request;
    const query = queryOf(request.query);
    const all: Record<string, unknown> = {
      body,
      query,
      headers: { ...headers },
      method,
      httpVersion: '1.1',
      httpVersionMajor: 1,
      httpVersionMinor: 1,
      contentType: headerText(headers, 'content-type'),
      rawBody,
    };
    for (const [name, value] of Object.entries(all)) define(this, name, value);
    for (const [name, value] of Object.entries(query)) define(this, name, value);
    define(this, 'log', log);
    const req = { method, url, headers, rawHeaders: rawHeaders.flat(), httpVersion: '1.1' };
    Object.defineProperty(this, 'req', { value: req, writable: true, configurable: true });
  }

  /** Begins the event that answers; functions may take it off its context. */
  cloudEventResponse(data?: unknown): CloudEventResponse {
    return new CloudEventResponse(data);
  }
}

/** Any name is an ordinary property. */
function define(context: Context, name: string, value: unknown): void {
  Object.defineProperty(context, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Repeated names become lists. Without a prototype, as the server's parser makes it. */
function queryOf(text: string): Record<string, string | string[]> {
  const query = Object.create(null) as Record<string, string | string[]>;
  for (const [name, value] of new URLSearchParams(text)) {
    const known = query[name];
    query[name] = known === undefined ? value : [...(Array.isArray(known) ? known : [known]), value];
  }
  return query;
}

/** Builds an event part by part. */
class CloudEventResponse {
  readonly #fields: Record<string, unknown>;

  constructor(data: unknown) {
    this.#fields = { data };
  }

  version(specversion: string): this {
    this.#fields['specversion'] = specversion;
    return this;
  }

  id(id: string): this {
    this.#fields['id'] = id;
    return this;
  }

  type(type: string): this {
    this.#fields['type'] = type;
    return this;
  }

  source(source: string): this {
    this.#fields['source'] = source;
    return this;
  }

  response(): CloudEventLike {
    return new eventClass(this.#fields);
  }
}
