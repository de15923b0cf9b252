import type { GatewayRequest, GatewayResponse, Outcome } from '../../model/platform.ts';
import { decodePath, groupPairs, joinGroups, queryPairs, splitTarget } from '../../support/httpText.ts';
import { answer, answerObject, bodyOf, headersOf, statusOf } from '../httpAnswer.ts';
import { canonical, encodeBody } from './httpEvent.ts';

/* Alibaba Cloud's API Gateway in front of a function (FC documentation "API Gateway trigger"). */

/** Shape of HTTP triggers that are its routes. */
export const apiGatewayShape = 'api-gateway';

/** The event of a request. */
export function apiGatewayEvent(request: GatewayRequest): Uint8Array {
  const { path, query } = splitTarget(request.url);
  const headers = joinGroups(groupPairs(request.rawHeaders, canonical), ',');
  const parameters = groupPairs(queryPairs(query), (name) => name);
  const event = {
    path: decodePath(path),
    httpMethod: request.method,
    headers,
    queryParameters: joinGroups(parameters, ','),
    pathParameters: request.pathParameters,
    ...encodeBody(request.body, headers['Content-Type']),
  };
  return Buffer.from(JSON.stringify(event), 'utf8');
}

/** The answer: what a function returns has to have this gateway's form, everything else is a failure of the function. */
export function apiGatewayResponse(outcome: Outcome, { requestId }: { requestId: string }): GatewayResponse {
  const id: [string, string] = ['X-Ca-Request-Id', requestId];
  const given = outcome.kind === 'result' ? answerObject(outcome.body) : undefined;
  const status = statusOf(given?.statusCode);
  if (!given || status === undefined) {
    return answer(503, 'text/plain; charset=utf-8', 'Service Unavailable', [id]);
  }
  // What the next connection works out itself is not the function's to say.
  const headers = headersOf(given.headers).filter(
    ([name]) => !/^(connection|content-length|keep-alive|transfer-encoding)$/i.test(name),
  );
  return { status, headers: [...headers, id], body: bodyOf(given.body, given.isBase64Encoded) };
}
