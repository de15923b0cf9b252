import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { GatewayRequest, GatewayResponse, Outcome } from '../../model/platform.ts';
import { asItComes, type StreamForm, type StreamStart } from '../../model/resultStream.ts';
import { webEvent } from '../../model/webMessage.ts';
import { splitTarget } from '../../support/httpText.ts';
import { webAnswer } from '../web.ts';
import { failed, headersFit } from './httpResponse.ts';

/*
 * HTTP triggers of Function Compute 2.0: the handler gets a request and answers it by itself, `(req, resp, context)` in
 * Node.js and WSGI in Python. Sources: FC documentation "HTTP handlers" (2.0), published runtimes.
 */

/** Shape of such triggers. */
const shape = 'fc2';

/** Where triggers lie below the domain of their account; functions see this part of the path in the request's URL. */
const proxyPrefix = '/2016-08-15/proxy/';

/** Languages whose handlers are called with requests. */
const languages = new Set(['nodejs', 'python']);

/** Whether a trigger hands over requests. */
export function isHttp2(trigger: HttpTrigger): boolean {
  return trigger.shape === shape;
}

/** Whether a function's handler takes requests; it then has no other form of call. */
export function takesRequests({ language, triggers }: FunctionDefinition): boolean {
  return (
    languages.has(language) && triggers.some((trigger) => trigger.kind === 'http' && trigger.shape === shape)
  );
}

/** The request as the function's instance gets it. */
export function http2Event(request: GatewayRequest, { mount }: HttpTrigger): Uint8Array {
  const { path, query } = splitTarget(request.url);
  const target = query === '' ? path : `${path}?${query}`;
  return webEvent({ ...request, url: target }, mount, {
    remoteAddress: request.remoteAddress.replace(/^::ffff:/, ''),
    ...(target.startsWith(proxyPrefix) && { target }),
  });
}

/** Headers of an answer that are the platform's. */
const ignored = /^(connection|content-length|date|keep-alive|server|x-fc-.*)$/i;

const headersOf = (
  headers: readonly [string, string][],
  requestId: string,
): [name: string, value: string][] => [
  ...headers.filter(([name]) => !ignored.test(name)),
  ['X-Fc-Request-Id', requestId],
];

/** The answer a handler gave. */
export function http2Response(outcome: Outcome, { requestId }: { requestId: string }): GatewayResponse {
  const id: [string, string] = ['X-Fc-Request-Id', requestId];
  const own = webAnswer(outcome, id);
  if (!own) return failed(id);
  const headers = headersOf(own.headers.slice(0, -1), requestId);
  return headersFit(headers) ? { ...own, headers } : failed(id);
}

/** An answer whose body is a stream of the handler's. */
export function http2Stream(
  { web }: StreamStart,
  { requestId }: { requestId: string },
): StreamForm | undefined {
  if (!web) return undefined;
  const headers = headersOf(web.headers, requestId);
  return headersFit(headers) ? asItComes({ status: web.status, headers }, true) : undefined;
}
