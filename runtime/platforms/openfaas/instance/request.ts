import qs from 'qs';
import { readWebEvent, type WebRequest } from '../../../model/webMessage.ts';
import { headerObject } from '../../../support/httpHeaders.ts';

/** A request as a template's server sees it. */
export interface FunctionRequest {
  /** A request that arrived by HTTP; otherwise an event given by hand, whose result is the body alone. */
  isHttp: boolean;
  method: string;
  path: string;
  query: Record<string, unknown>;
  /** Names lower case, values as Node's parser joins them. */
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
}

/** The request an event is. One given by hand is posted to the function's root. */
export function requestOf(event: Buffer): FunctionRequest {
  const web = readWebEvent(event);
  const { method, url, headers, body }: WebRequest = web ?? {
    method: 'POST',
    url: '/',
    headers: [
      ['host', 'localhost'],
      ['content-type', typeByHand(event)],
      ['content-length', String(event.byteLength)],
    ],
    body: event,
  };
  const [path = '/', query = ''] = url.split(/\?(.*)/s);
  return {
    isHttp: web !== undefined,
    method,
    path,
    query: qs.parse(query, { allowPrototypes: true }),
    headers: headerObject(headers),
    body: Buffer.from(body),
  };
}

function typeByHand(event: Buffer): string {
  try {
    const value: unknown = JSON.parse(event.toString('utf8'));
    return typeof value === 'object' ? 'application/json' : 'text/plain';
  } catch {
    return 'text/plain';
  }
}
