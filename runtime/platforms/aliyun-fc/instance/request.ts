import type * as Http from 'node:http';
import { builtin } from '../../../languages/nodejs/bootstrap.builtins.ts';
import { readWebEvent, type WebRequest } from '../../../model/webMessage.ts';
import { headerObject } from '../../../support/httpHeaders.ts';
import { decodePath, groupPairs, queryPairs, splitTarget } from '../../../support/httpText.ts';

/** `req` of a handler: Node's own kind of request, with what the platform adds. */
type Request = Http.IncomingMessage & {
  path: string;
  queries: Record<string, string | string[]>;
  clientIP: string;
  ip: string;
  body: Buffer;
  getHeader(name: string): string | string[] | undefined;
};

/** The request that an event is. One given by hand is posted to the function's root, and only a body is wanted of it. */
export function requestIn(event: Buffer): { web: WebRequest; byHand: boolean } {
  const web = readWebEvent(event);
  const headers: [string, string][] = [
    ['host', 'localhost'],
    ['content-type', 'application/octet-stream'],
    ['content-length', String(event.byteLength)],
  ];
  return { web: web ?? { method: 'POST', url: '/', headers, body: event }, byHand: web === undefined };
}

/** Makes `req`. Its body is there at once (`req.body`) and can be read as a stream. */
export function requestOf({ method, url, target, headers, remoteAddress, body }: WebRequest): Request {
  // Loaded when it is needed: functions without HTTP would wait for it.
  const { IncomingMessage } = builtin<typeof Http>('node:http');
  const clientIP = remoteAddress ?? '127.0.0.1';
  const bytes = Buffer.from(body);
  const { path, query } = splitTarget(url);
  const ignore = () => undefined;
  const socket = { encrypted: true, readable: false, remoteAddress: clientIP, end: ignore, destroy: ignore };
  const request = new IncomingMessage(socket as never) as Request;
  // The published runtime knows no exception for cookies.
  const joined = headerObject(headers, ', ');
  const queries: Request['queries'] = Object.create(null) as Request['queries'];
  for (const [name, values] of groupPairs(queryPairs(query), (key) => key)) {
    queries[name] = values.length > 1 ? values : values[0]!;
  }
  Object.assign(request, {
    complete: true,
    httpVersion: '1.1',
    httpVersionMajor: 1,
    httpVersionMinor: 1,
    method,
    url: target ?? url,
    path: decodePath(path),
    queries: { ...queries },
    headers: joined,
    clientIP,
    ip: clientIP,
    body: bytes,
    getHeader: (name: string) => joined[name.toLowerCase()],
    _read: () => {
      request.push(bytes);
      request.push(null);
    },
  });
  return request;
}
