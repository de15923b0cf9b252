import { decodePath, groupPairs, joinGroups, queryPairs, splitTarget } from '../../support/httpText.ts';
import { authorizerV2 } from './httpAuth.ts';
import { commonLogTime, encodeBody, isTextType, pathBelow, sourceIp, type HttpFacts } from './httpRequest.ts';

/** Payload 2.0: function URLs and API Gateway HTTP APIs (developer guide "Invoking function URLs", `@types/aws-lambda`). */
export function httpEventV2({ request, trigger, definition, facts }: HttpFacts): unknown {
  const isUrl = trigger.shape === 'function-url';
  const { path, query } = splitTarget(request.url);
  const rawPath = pathBelow(path, trigger.mount);
  const groups = groupPairs(request.rawHeaders, (name) => name.toLowerCase());
  const cookies = (groups.get('cookie') ?? []).flatMap((value) => value.split(/;\s*/)).filter(Boolean);
  groups.delete('cookie');
  const headers = joinGroups(groups, ',');
  const parameters = queryPairs(query);
  const domainName = headers['host'] ?? 'localhost';
  const domainPrefix = domainName.split('.', 1)[0]!;
  const routeKey = isUrl ? '$default' : routeKeyOf(trigger.path, trigger.methods, request.method);
  const authorizer = authorizerV2(request, trigger, definition);
  const hasPathParameters = Object.keys(request.pathParameters).length > 0;
  return {
    version: '2.0',
    routeKey,
    rawPath: isUrl ? rawPath : decodePath(rawPath),
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(parameters.length > 0 && {
      queryStringParameters: joinGroups(
        groupPairs(parameters, (name) => name),
        ',',
      ),
    }),
    ...(hasPathParameters && !isUrl && { pathParameters: request.pathParameters }),
    requestContext: {
      accountId: isUrl && !authorizer ? 'anonymous' : definition.accountId,
      apiId: isUrl ? domainPrefix : 'local',
      ...(authorizer && { ...(isUrl && { authentication: null }), authorizer }),
      domainName,
      domainPrefix,
      http: {
        method: request.method,
        path: isUrl ? rawPath : decodePath(rawPath),
        protocol: 'HTTP/1.1',
        sourceIp: sourceIp(request.remoteAddress),
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey,
      stage: '$default',
      time: commonLogTime(facts.at),
      timeEpoch: facts.at.getTime(),
    },
    ...(request.body.byteLength > 0
      ? encodeBody(request.body, isTextType(headers['content-type']))
      : { isBase64Encoded: false }),
  };
}

/** `GET /p/{id}`; `ANY` for a route with every method, `$default` for the API's catch-all. */
function routeKeyOf(path: string, methods: string[], method: string): string {
  if (path === '/*') {
    return '$default';
  }
  return `${methods.length === 0 ? 'ANY' : method} ${path}`;
}
