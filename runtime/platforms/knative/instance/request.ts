import { readWebEvent } from '../../../model/webMessage.ts';
import { contentTypeByHand } from '../../../model/cloudEvents/byHand.ts';
import { headerObject, type HeaderPair } from '../../../support/httpHeaders.ts';

/** A request as the function's server has it. */
export interface FunctionRequest {
  method: string;
  /** Path and query as sent. */
  url: string;
  path: string;
  query: string;
  /** Names lower case; repeated values joined as Node joins them. */
  headers: NodeJS.Dict<string | string[]>;
  rawHeaders: HeaderPair[];
  body: Buffer;
  /** It came over HTTP, so that its answer is one; otherwise an event was given by hand. */
  isHttp: boolean;
}

/**
 * The request of an invocation. An event that is no HTTP request is posted to the function, as `func invoke` does: a JSON
 * object with `specversion` as a CloudEvent, anything else as the body.
 */
export function requestOf(event: Buffer): FunctionRequest {
  const web = readWebEvent(event);
  if (web) return request(web.method, web.url, web.headers, Buffer.from(web.body), true);
  const headers: HeaderPair[] = [['Host', 'localhost']];
  const type = contentTypeByHand(event);
  if (type !== undefined) headers.push(['Content-Type', type], ['Content-Length', String(event.byteLength)]);
  return request('POST', '/', headers, event, false);
}

function request(
  method: string,
  url: string,
  rawHeaders: HeaderPair[],
  body: Buffer,
  isHttp: boolean,
): FunctionRequest {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  return { method, url, path, query, headers: headerObject(rawHeaders), rawHeaders, body, isHttp };
}
