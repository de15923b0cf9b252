import { decodePath, fromPairs, groupPairs, queryPairs, splitTarget } from '../../support/httpText.ts';
import { authorizerV1 } from './httpAuth.ts';
import { commonLogTime, encodeBody, pathBelow, sourceIp, type HttpFacts } from './httpRequest.ts';

/** The stage SAM names when a template names none. */
const stage = 'Prod';

/** Payload 1.0: API Gateway REST APIs (`@types/aws-lambda`, `APIGatewayProxyEvent`). Absent parts are null there. */
export function httpEventV1({ request, trigger, definition, facts }: HttpFacts): unknown {
  const { path: sent, query } = splitTarget(request.url);
  const path = decodePath(pathBelow(sent, trigger.mount));
  const headers = groupPairs(request.rawHeaders, (name) => name);
  const parameters = groupPairs(queryPairs(query), (name) => name);
  const find = (name: string) => request.rawHeaders.find(([other]) => other.toLowerCase() === name)?.[1];
  const hasPathParameters = Object.keys(request.pathParameters).length > 0;
  const body =
    request.body.byteLength > 0 ? encodeBody(request.body, true) : { body: null, isBase64Encoded: false };
  return {
    resource: trigger.path,
    path,
    httpMethod: request.method,
    headers: lastValues(headers),
    multiValueHeaders: fromPairs([...headers]),
    queryStringParameters: parameters.size > 0 ? lastValues(parameters) : null,
    multiValueQueryStringParameters: parameters.size > 0 ? fromPairs([...parameters]) : null,
    pathParameters: hasPathParameters ? request.pathParameters : null,
    stageVariables: null,
    requestContext: {
      accountId: definition.accountId,
      apiId: 'local',
      authorizer: authorizerV1(request, trigger),
      domainName: find('host') ?? 'localhost',
      extendedRequestId: facts.requestId,
      httpMethod: request.method,
      identity: {
        accessKey: null,
        accountId: null,
        apiKey: null,
        apiKeyId: null,
        caller: null,
        clientCert: null,
        cognitoAuthenticationProvider: null,
        cognitoAuthenticationType: null,
        cognitoIdentityId: null,
        cognitoIdentityPoolId: null,
        principalOrgId: null,
        sourceIp: sourceIp(request.remoteAddress),
        user: null,
        userAgent: find('user-agent') ?? null,
        userArn: null,
      },
      path: `/${stage}${path}`,
      protocol: 'HTTP/1.1',
      requestId: facts.requestId,
      requestTime: commonLogTime(facts.at),
      requestTimeEpoch: facts.at.getTime(),
      resourceId: 'local',
      resourcePath: trigger.path,
      stage,
    },
    ...body,
  };
}

function lastValues(groups: Map<string, string[]>): Record<string, string> {
  return fromPairs([...groups].map(([name, values]) => [name, values.at(-1)!]));
}
