import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './check.ts';

function auths(name: string, text: string): unknown[] {
  const { functions, problems } = parse(name, text);
  assert.deepEqual(
    problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  const triggers = functions.flatMap(({ definition }) => definition.triggers);
  return triggers.map((trigger) => (trigger.kind === 'http' ? (trigger.auth ?? 'everybody') : trigger.kind));
}

test('s.yaml: authType of HTTP triggers', () => {
  const trigger = (config: string) =>
    `        - triggerName: t\n          triggerType: http\n          triggerConfig: ${config}\n`;
  const text = `edition: 3.0.0
resources:
  hello:
    component: fc3
    props:
      functionName: hello
      runtime: nodejs20
      handler: index.handler
      code: ./code
      triggers:
${trigger('{ authType: anonymous, methods: [GET] }')}${trigger('{ authType: function, methods: [GET] }')}${trigger('{ authType: jwt, methods: [GET], authConfig: { tokenLookup: "query:token" } }')}${trigger('{ authType: jwt, methods: [GET], authConfig: { tokenLookup: "header:X-Token,removePrefix:Bearer" } }')}`;
  assert.deepEqual(auths('s.yaml', text), [
    'everybody',
    { kind: 'signature', stated: 'authType: function' },
    { kind: 'token', stated: 'authType: jwt', from: { query: 'token' } },
    { kind: 'token', stated: 'authType: jwt', from: { header: 'x-token' } },
  ]);
});

test('SAM: function URLs, events, and what their API says', () => {
  const text = `Transform: AWS::Serverless-2016-10-31
Globals:
  HttpApi: { Auth: { DefaultAuthorizer: Jwt } }
Resources:
  Shop:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        DefaultAuthorizer: Own
        Authorizers: { Own: { FunctionArn: x, Identity: { Header: X-Token } } }
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      CodeUri: code
      FunctionUrlConfig: { AuthType: AWS_IAM }
      Events:
        A: { Type: Api, Properties: { Path: /a, Method: get } }
        B: { Type: Api, Properties: { Path: /b, Method: get, RestApiId: !Ref Shop } }
        C: { Type: Api, Properties: { Path: /c, Method: get, RestApiId: !Ref Shop, Auth: { Authorizer: NONE } } }
        D: { Type: Api, Properties: { Path: /d, Method: get, Auth: { ApiKeyRequired: true } } }
        E: { Type: HttpApi, Properties: { Path: /e, Method: get } }
        F: { Type: HttpApi, Properties: { Path: /f, Method: get, Auth: { Authorizer: AWS_IAM } } }
`;
  assert.deepEqual(auths('template.yaml', text), [
    'everybody',
    { kind: 'token', stated: 'Authorizer: Own', from: { header: 'x-token' } },
    'everybody',
    { kind: 'apiKey', stated: 'ApiKeyRequired: true' },
    { kind: 'token', stated: 'Authorizer: Jwt' },
    { kind: 'signature', stated: 'Authorizer: AWS_IAM' },
    { kind: 'signature', stated: 'AuthType: AWS_IAM' },
  ]);
});

test('serverless.yml: authorizers, API keys and function URLs', () => {
  const text = `service: shop
provider: { name: aws, runtime: nodejs22.x }
functions:
  hello:
    handler: index.handler
    url: { authorizer: aws_iam }
    events:
      - http: { path: a, method: get, authorizer: aws_iam }
      - http: { path: b, method: get, private: true }
      - http: { path: c, method: get, authorizer: { name: check, identitySource: method.request.header.X-Token } }
      - httpApi: { path: /d, method: get, authorizer: { name: jwt } }
      - httpApi: GET /e
`;
  assert.deepEqual(auths('serverless.yml', text), [
    { kind: 'signature', stated: 'authorizer: aws_iam' },
    { kind: 'apiKey', stated: 'private: true' },
    { kind: 'token', stated: 'authorizer: check', from: { header: 'x-token' } },
    { kind: 'token', stated: 'authorizer: jwt' },
    'everybody',
    { kind: 'signature', stated: 'AuthType: aws_iam' },
  ]);
});

test('porchlight.yaml: who is let in, and whether that is checked', () => {
  const parsed = parse(
    'porchlight.yaml',
    `functions:
  hello: { handler: index.handler, checkAuth: true, triggers: [{ http: { auth: token } }] }
`,
  );
  const [{ definition }] = parsed.functions as [(typeof parsed.functions)[number]];
  assert.equal(definition.checksAuth, true);
  const [trigger] = definition.triggers;
  assert.deepEqual(trigger?.kind === 'http' && trigger.auth, { kind: 'token', stated: 'auth: token' });
});
