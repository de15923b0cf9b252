import { sample, type Sample, type SampleFacts } from './sample.ts';

/*
 * Events of what calls Lambda over HTTP (developer guide "API Gateway", "Function URLs", "Application Load Balancer";
 * API Gateway guide "Payload format", "Lambda authorizer", "WebSocket").
 */

const platform = 'aws-lambda';
const agent = 'curl/8.5.0';
const sourceIp = '203.0.113.7';

const request = {
  method: ['method', 'POST'],
  path: ['path', '/orders'],
  body: ['body', '{"item":"lamp","count":2}'],
} as const satisfies Record<string, [string, string]>;

/** `26/Nov/2026:10:05:00 +0000`. */
function logTime(at: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) (\S+)/.exec(at.toUTCString())!;
  return `${day}/${month}/${year}:${time} +0000`;
}

function payload2(values: Record<keyof typeof request, string>, facts: SampleFacts, isUrl: boolean): unknown {
  const { method, path, body } = values;
  const prefix = isUrl ? 'abcdefghijklmnopqrstuvwxyz012345' : 'a1b2c3d4e5';
  const domainName = isUrl
    ? `${prefix}.lambda-url.${facts.region}.on.aws`
    : `${prefix}.execute-api.${facts.region}.amazonaws.com`;
  const routeKey = isUrl ? '$default' : `${method} ${path}`;
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: 'page=1',
    cookies: ['session=abc'],
    headers: {
      'content-type': 'application/json',
      host: domainName,
      'user-agent': agent,
      'x-forwarded-for': sourceIp,
    },
    queryStringParameters: { page: '1' },
    requestContext: {
      accountId: isUrl ? 'anonymous' : facts.accountId,
      apiId: prefix,
      domainName,
      domainPrefix: prefix,
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: agent },
      requestId: facts.id,
      routeKey,
      stage: '$default',
      time: logTime(facts.at),
      timeEpoch: facts.at.getTime(),
    },
    body,
    isBase64Encoded: false,
  };
}

function restContext({ method, path }: { method: string; path: string }, facts: SampleFacts): object {
  return {
    accountId: facts.accountId,
    apiId: 'a1b2c3d4e5',
    domainName: `a1b2c3d4e5.execute-api.${facts.region}.amazonaws.com`,
    extendedRequestId: 'ABCdEFGhIjK=',
    httpMethod: method,
    identity: { sourceIp, userAgent: agent },
    path: `/Prod${path}`,
    protocol: 'HTTP/1.1',
    requestId: facts.id,
    requestTime: logTime(facts.at),
    requestTimeEpoch: facts.at.getTime(),
    resourceId: 'abc123',
    resourcePath: path,
    stage: 'Prod',
  };
}

const headers = {
  Accept: 'application/json',
  'Content-Type': 'application/json',
  'User-Agent': agent,
  'X-Forwarded-For': sourceIp,
};
const multi = (values: Record<string, string>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));

/** HTTP samples of AWS Lambda. */
export const awsHttpSamples: readonly Sample[] = [
  sample({
    kind: 'http-api',
    platform,
    title: 'API Gateway HTTP API (payload 2.0)',
    words: 'apigateway v2 http rest',
    fields: request,
    make: (values, facts) => payload2(values, facts, false),
  }),
  sample({
    kind: 'function-url',
    platform,
    title: 'Function URL',
    words: 'http',
    fields: request,
    make: (values, facts) => payload2(values, facts, true),
  }),
  sample({
    kind: 'rest-api',
    platform,
    title: 'API Gateway REST API (payload 1.0)',
    words: 'apigateway v1 http proxy',
    fields: request,
    make: (values, facts) => ({
      resource: values.path,
      path: values.path,
      httpMethod: values.method,
      headers,
      multiValueHeaders: multi(headers),
      queryStringParameters: { page: '1' },
      multiValueQueryStringParameters: { page: ['1'] },
      pathParameters: null,
      stageVariables: null,
      requestContext: restContext(values, facts),
      body: values.body,
      isBase64Encoded: false,
    }),
  }),
  sample({
    kind: 'websocket',
    platform,
    title: 'API Gateway WebSocket message',
    words: 'apigateway socket',
    fields: { route: ['route key', '$default'], body: ['message', '{"action":"say","text":"hello"}'] },
    make: ({ route, body }, { id, region, at }) => ({
      requestContext: {
        routeKey: route,
        messageId: 'Msg1234=',
        eventType: 'MESSAGE',
        extendedRequestId: 'ABCdEFGhIjK=',
        requestTime: logTime(at),
        messageDirection: 'IN',
        stage: 'Prod',
        connectedAt: at.getTime() - 60_000,
        requestTimeEpoch: at.getTime(),
        identity: { sourceIp },
        requestId: id,
        domainName: `a1b2c3d4e5.execute-api.${region}.amazonaws.com`,
        connectionId: 'Conn1234=',
        apiId: 'a1b2c3d4e5',
      },
      body,
      isBase64Encoded: false,
    }),
  }),
  sample({
    kind: 'authorizer-token',
    platform,
    title: 'API Gateway token authorizer',
    words: 'apigateway lambda authorizer',
    fields: { token: ['token', 'Bearer abc'], path: ['path', '/orders'] },
    make: ({ token, path }, { region, accountId }) => ({
      type: 'TOKEN',
      authorizationToken: token,
      methodArn: `arn:aws:execute-api:${region}:${accountId}:a1b2c3d4e5/Prod/GET${path}`,
    }),
  }),
  sample({
    kind: 'authorizer-request',
    platform,
    title: 'API Gateway request authorizer',
    words: 'apigateway lambda authorizer',
    fields: { token: ['Authorization header', 'Bearer abc'], path: ['path', '/orders'] },
    make: ({ token, path }, facts) => ({
      type: 'REQUEST',
      methodArn: `arn:aws:execute-api:${facts.region}:${facts.accountId}:a1b2c3d4e5/Prod/GET${path}`,
      resource: path,
      path,
      httpMethod: 'GET',
      headers: { ...headers, Authorization: token },
      multiValueHeaders: multi({ ...headers, Authorization: token }),
      queryStringParameters: {},
      multiValueQueryStringParameters: {},
      pathParameters: {},
      stageVariables: {},
      requestContext: restContext({ method: 'GET', path }, facts),
    }),
  }),
  sample({
    kind: 'alb',
    platform,
    title: 'Application Load Balancer',
    words: 'elb elbv2 http target group',
    fields: request,
    make: ({ method, path, body }, { region, accountId }) => ({
      requestContext: {
        elb: {
          targetGroupArn: `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/lambda/49e9d65c45c6791a`,
        },
      },
      httpMethod: method,
      path,
      queryStringParameters: { page: '1' },
      headers: {
        accept: 'application/json',
        'content-type': 'application/json',
        host: `lambda-alb-123578498.${region}.elb.amazonaws.com`,
        'user-agent': agent,
        'x-forwarded-for': sourceIp,
        'x-forwarded-port': '443',
        'x-forwarded-proto': 'https',
      },
      body,
      isBase64Encoded: false,
    }),
  }),
];
