import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFor } from '../../../../../runtime/model/projectFiles/index.ts';
import { check, parse } from '../check.ts';

const file = 'serverless.yml';

test('defaults of the framework, and what a function has of its provider', () => {
  const text = `service: shop
frameworkVersion: '3'
provider:
  name: aws
  runtime: nodejs20.x
  timeout: 10
  environment: { SHARED: all, OVER: provider, GONE: x, N: 1 }
functions:
  get-order:
    handler: src/get.handler
    environment: { OVER: function, GONE: null }
  put:
    name: \${self:service}-put
    handler: put.handler
    memorySize: 256
    runtime: python3.12
    timeout: 3
`;
  check(
    parse(file, text),
    `shop-dev-get-order (aws-lambda nodejs20.x) src/get.handler in /project
  1024 MB, 10 s, us-east-1
  SHARED=all
  OVER=function
  N=1
shop-put (aws-lambda python3.12) put.handler in /project
  256 MB, 3 s, us-east-1
  SHARED=all
  OVER=provider
  GONE=x
  N=1`,
    '',
  );
});

test('events become triggers with the shape of their API', () => {
  const text = `service: s
provider: { name: aws, region: eu-west-1, stage: prod, httpApi: { payload: '2.0', cors: true } }
functions:
  f:
    handler: a.b
    url: { cors: true }
    events:
      - http: GET /users/{id}
      - http: { path: users, method: post, cors: true, private: true }
      - http: { path: '/files/{proxy+}', method: any }
      - http: { path: '', method: get, integration: lambda }
      - http: { path: mock, method: get, integration: mock }
      - httpApi: '*'
      - httpApi: PATCH /x
      - httpApi: { method: '*', path: '/y/{id}' }
      - schedule: rate(1 hour)
      - schedule: { rate: [cron(0 12 * * ? *), rate(2 hours)], enabled: false, name: nightly }
      - sqs: arn:aws:sqs:eu-west-1:123456789012:jobs
      - sqs: { arn: !GetAtt Jobs.Arn, batchSize: 10 }
      - s3: photos
      - s3: { bucket: docs, event: 's3:ObjectRemoved:*', rules: [{ prefix: in/ }, { suffix: .pdf }], existing: true }
      - sns: { topicName: news, filterPolicy: { kind: [a] } }
      - stream: { type: dynamodb, arn: arn:x, batchSize: 5 }
      - stream: arn:aws:kinesis:eu-west-1:123456789012:stream/s
      - eventBridge: { schedule: rate(5 minutes) }
      - eventBridge: { pattern: { source: [my.app] }, eventBus: bus }
      - websocket: $connect
      - alb: { listenerArn: x, priority: 1, conditions: { path: /a } }
      - cloudwatchLog: /aws/x
      - alexaSkill
      - shedule: rate(1 hour)
`;
  check(
    parse(file, text),
    `s-prod-f (aws-lambda nodejs) a.b in /project
  1024 MB, 6 s, eu-west-1
  http http GET /users/{id} as rest-api
  http http-2 POST /users as rest-api
  http http-3 ANY /files/{proxy+} as rest-api
  http http-4 GET / as rest-api
  http httpApi ANY /* as http-api
  http httpApi-2 PATCH /x as http-api
  http httpApi-3 ANY /y/{id} as http-api
  timer schedule {"type":"Schedule","Schedule":"rate(1 hour)"}
  timer nightly {"type":"Schedule","Schedule":"cron(0 12 * * ? *)","Enabled":false}
  timer nightly-2 {"type":"Schedule","Schedule":"rate(2 hours)","Enabled":false}
  queue sqs {"type":"SQS","Queue":"arn:aws:sqs:eu-west-1:123456789012:jobs"}
  queue sqs-2 {"type":"SQS","Queue":"!GetAtt Jobs.Arn","BatchSize":10}
  storage s3 {"type":"S3","Bucket":"photos","Events":"s3:ObjectCreated:*"}
  storage s3-2 {"type":"S3","Bucket":"docs","Events":"s3:ObjectRemoved:*","Filter":{"S3Key":{"Rules":[{"Name":"prefix","Value":"in/"},{"Name":"suffix","Value":".pdf"}]}}}
  queue sns {"type":"SNS","Topic":"news","FilterPolicy":{"kind":["a"]}}
  event stream {"type":"DynamoDB","Stream":"arn:x","BatchSize":5}
  event stream-2 {"type":"Kinesis","Stream":"arn:aws:kinesis:eu-west-1:123456789012:stream/s"}
  timer eventBridge {"type":"Schedule","Schedule":"rate(5 minutes)"}
  event eventBridge-2 {"type":"EventBridgeRule","Pattern":{"source":["my.app"]},"EventBusName":"bus"}
  event websocket {"type":"websocket","value":"$connect"}
  event alb {"type":"alb","listenerArn":"x","priority":1,"conditions":{"path":"/a"}}
  event cloudwatchLog {"type":"CloudWatchLogs","LogGroupName":"/aws/x"}
  event alexaSkill {"type":"AlexaSkill"}
  event shedule {"type":"shedule","value":"rate(1 hour)"}
  http url ANY /s-prod-f/* mounted at /s-prod-f as function-url`,
    `warning 11:53-59 SETTING_INVALID s-prod-f.events.http.integration: events made by mapping templates are not rebuilt here: the function gets the event of a proxy integration.
warning 12:55-59 SETTING_INVALID s-prod-f.events.http.integration: an integration "mock" calls no function; it is left out here.
warning 31:9-16 SETTING_UNKNOWN Unknown key "shedule"; did you mean "schedule"?`,
  );
});

test('the payload of a schedule is text, as SAM has it', () => {
  const text = `service: s
provider: aws
functions: { f: { handler: a.b, events: [{ schedule: { rate: rate(1 hour), input: { a: 1 } } }] } }
`;
  const [trigger] = parse(file, text).functions[0]!.definition.triggers;
  assert.equal(trigger?.kind === 'timer' && trigger.config['Input'], '{"a":1}');
});

test('HTTP APIs with the first payload version', () => {
  const text = `service: s
provider: { name: aws, httpApi: { payload: '1.0' } }
functions: { f: { handler: a.b, events: [{ httpApi: GET / }] } }
`;
  const [trigger] = parse(file, text).functions[0]!.definition.triggers;
  assert.equal(trigger?.kind === 'http' && trigger.shape, 'rest-api');
});

test("CloudFormation's own functions, as far as the service's resources tell", () => {
  const text = `service: s
provider:
  name: aws
  environment:
    TABLE: !Ref Orders
    BUCKET: { Ref: Files }
    OTHER: !Ref PutDashitLambdaFunction
    ARN: !GetAtt NamedLambdaFunction.Arn
    SUB: !Sub "\${AWS::Region}-\${self:service}"
    PLAIN: "\${AWS::AccountId} is not a variable of the framework"
functions:
  put-it: { handler: a.b }
  named: { handler: a.b, name: own-name }
resources:
  - Resources:
      Orders: { Type: AWS::DynamoDB::Table, Properties: { TableName: "orders-\${sls:stage}" } }
  - Resources:
      Files: { Type: AWS::S3::Bucket }
`;
  const env = `  TABLE=orders-dev
  OTHER=s-dev-put-it
  ARN=arn:aws:lambda:us-east-1:123456789012:function:own-name
  SUB=us-east-1-s
  PLAIN=\${AWS::AccountId} is not a variable of the framework
  BUCKET=? !Ref Files`;
  check(
    parse(file, text),
    `s-dev-put-it (aws-lambda nodejs) a.b in /project
  1024 MB, 6 s, us-east-1
${env}
own-name (aws-lambda nodejs) a.b in /project
  1024 MB, 6 s, us-east-1
${env}`,
    'warning 6:13-27 VALUE_UNRESOLVED !Ref Files cannot be resolved on this machine: it is known after the deploy.',
  );
});

test('functions in other files: their places are told in those', () => {
  const text = `service: s
provider: { name: aws }
functions:
  - \${file(functions/orders.yml)}
  - \${file(functions/\${opt:stage, 'dev'}.json)}
  - hello: \${file(hello.yml):hello}
  - \${file(gone.yml)}
  - \${file(code.js):list}
`;
  const files = {
    'functions/orders.yml': `create:
  handler: create.handler
  environment: { STAGE: "\${sls:stage}" }
list:
  handler: list.handler
  memorySize: lots
`,
    'functions/dev.json': '{\n\t"extra": { "handler": "extra.handler" }\n}',
    'hello.yml': `hello:
  handlr: hello.handler
`,
  };
  const parsed = parse(file, text, {}, files);
  check(
    parsed,
    `s-dev-create (aws-lambda nodejs) create.handler in /project
  1024 MB, 6 s, us-east-1
  STAGE=dev
s-dev-list (aws-lambda nodejs) list.handler in /project
  1024 MB, 6 s, us-east-1
s-dev-extra (aws-lambda nodejs) extra.handler in /project
  1024 MB, 6 s, us-east-1
s-dev-hello (aws-lambda nodejs) - in /project
  1024 MB, 6 s, us-east-1`,
    `error 6:5-10 HANDLER_MISSING s-dev-hello: no handler is given. Add one as file.export, e.g. "index.handler".
warning 7:5-22 VALUE_UNRESOLVED \${file(gone.yml)} cannot be resolved on this machine: there is no such file. Correct the path. The functions in it are missing here.
warning 8:5-26 VALUE_UNRESOLVED \${file(code.js):list} cannot be resolved on this machine: it is code, which is not run to read a project. Give it a value behind a comma, or give the variable of the function one in .env. The functions in it are missing here.
error 6:15-19 SETTING_INVALID list.memorySize: expected a number.
warning 2:3-9 SETTING_UNKNOWN Unknown key "handlr"; did you mean "handler"?`,
  );
  const places = parsed.problems.map((each) => each.file.replaceAll('\\', '/').replace(/.*\/project\//, ''));
  assert.deepEqual(places, [file, file, file, 'functions/orders.yml', 'hello.yml']);
  const [create] = parsed.functions;
  assert.match(create!.definition.declaredAt.file, /orders\.yml$/);
  assert.deepEqual(create!.handlerRange, { start: 19, end: 33 });
  assert.match(create!.file!, /orders\.yml$/);
  assert.deepEqual(
    parsed.includes.map((each) => each.replaceAll('\\', '/')),
    ['functions/orders.yml', 'functions/dev.json', 'gone.yml', 'hello.yml'],
  );
});

test('bundling by serverless-esbuild and by the framework', () => {
  const text = `service: s
provider: { name: aws }
plugins: [serverless-esbuild]
custom:
  esbuild: { minify: true, target: node20, format: esm, external: [sharp], exclude: ['@aws-sdk/*'], define: { A: '"b"' }, loader: { .html: text }, plugins: p.js }
functions:
  a: { handler: a.b }
  b: { handler: a.b, runtime: python3.12 }
`;
  const { functions, problems } = parse(file, text);
  assert.deepEqual(functions[0]!.definition.build, {
    method: 'esbuild',
    entryPoints: [],
    format: 'esm',
    target: 'node20',
    external: ['sharp', '@aws-sdk/*'],
    minify: true,
    define: { A: '"b"' },
    loader: { '.html': 'text' },
  });
  assert.equal(functions[1]!.definition.build, undefined);
  assert.match(problems[0]!.message, /plugins of esbuild are code/);
  const own = parse(
    file,
    'service: s\nprovider: aws\nbuild: { esbuild: { external: [x] } }\nfunctions: { a: { handler: a.b } }',
  );
  assert.deepEqual(own.functions[0]!.definition.build?.external, ['x']);
  const plain = parse(
    file,
    'service: s\nprovider: aws\ncustom: { esbuild: { minify: true } }\nfunctions: { a: { handler: a.b } }',
  );
  assert.equal(plain.functions[0]!.definition.build, undefined);
});

test('concurrency becomes process settings', () => {
  const text = `service: s
provider: { name: aws }
functions:
  few: { handler: a.b, reservedConcurrency: 2, provisionedConcurrency: 5 }
  many: { handler: a.b, reservedConcurrency: 500, provisionedConcurrency: { executions: 1 } }
  shared: { handler: a.b, capacityProvider: { name: c, maxConcurrency: 16 } }
`;
  const settings = parse(file, text).functions.map(({ definition: { process } }) => [
    process.maxInstances,
    process.minInstances,
    process.concurrency,
  ]);
  assert.deepEqual(settings, [
    [2, 2, 1],
    [10, 1, 1],
    [10, 0, 16],
  ]);
});

test('programs: provided runtimes, go1.x, and what serverless-go-plugin builds', () => {
  const text = (plugins: string) => `service: s
provider: { name: aws, runtime: provided.al2023 }
plugins: [${plugins}]
functions:
  a: { handler: bootstrap }
  b: { handler: bin/b, runtime: go1.x }
  c: { handler: cmd/c, package: { artifact: build/c.zip } }
`;
  const commands = (plugins: string) =>
    parse(file, text(plugins)).functions.map(({ definition }) => definition.program);
  assert.deepEqual(commands(''), [
    { command: ['./bootstrap'] },
    { command: ['./bin/b'] },
    { command: ['./bootstrap'] },
  ]);
  const program = '$ARTIFACTS_DIR/bootstrap';
  assert.deepEqual(commands('serverless-go-plugin')[2], {
    command: [program],
    build: ['go', 'build', '-tags', 'lambda.norpc', '-o', program, './cmd/c'],
  });
  assert.match(parse(file, text('')).problems[0]!.message, /^s-dev-c: its code is the archive build\/c\.zip/);
});

test('what cannot run here is listed and named', () => {
  const text = `service: s
provider: { name: aws, layers: [arn:x] }
plugins: [serverless-webpack, serverless-wsgi]
functions:
  image: { image: { uri: x } }
  java: { handler: a.B, runtime: java21 }
  wsgi: { handler: wsgi_handler.handler, runtime: python3.12, layers: null }
  empty:
`;
  check(
    parse(file, text),
    `s-dev-image (aws-lambda container) - in /project
  1024 MB, 6 s, us-east-1
s-dev-java (aws-lambda java21) a.B in /project
  1024 MB, 6 s, us-east-1
s-dev-wsgi (aws-lambda python3.12) wsgi_handler.handler in /project
  1024 MB, 6 s, us-east-1`,
    `info 2:32-39 CODE_UNSUPPORTED s-dev-image: what its layers hold is not added here; install it in the project.
info 3:11-29 SETTING_INVALID serverless-webpack: webpack's configuration is code, and is not run here: functions are bundled by esbuild.
info 5:19-29 LANGUAGE_LATER s-dev-image is written for container. Porchlight lists it, but runs Node.js, Python and PHP functions and programs (language: custom) only so far.
info 6:34-40 LANGUAGE_LATER s-dev-java is written for java21. Porchlight lists it, but runs Node.js, Python and PHP functions and programs (language: custom) only so far.
warning 7:20-40 CODE_UNSUPPORTED s-dev-wsgi: its handler is written by the plugin serverless-wsgi at a deploy, and is missing here.
error 8:9-9 SETTING_INVALID functions.empty: expected settings of a function.`,
  );
});

test('keys nobody knows: slips are warned of, plugins may have the others', () => {
  const text = (plugins: string) => `service: s
provider: { name: aws }
${plugins}
functons: {}
myPlugin: {}
x-anchors: {}
functions:
  f: { handler: a.b, memorysize: 256, whatever: 1 }
`;
  const told = (plugins: string) =>
    parse(file, text(plugins)).problems.map(({ severity, message }) => `${severity} ${message}`);
  assert.deepEqual(told('plugins: []'), [
    'warning Unknown key "functons"; did you mean "functions"?',
    'warning Unknown key "myPlugin".',
    'warning Unknown key "memorysize"; did you mean "memorySize"?',
    'warning Unknown key "whatever".',
  ]);
  assert.equal(told('plugins: [other]').at(-1), 'info Unknown key "whatever".');
});

test('Function Compute by the plugin serverless-aliyun-function-compute', () => {
  const text = `service: s
provider: { name: aliyun, runtime: nodejs12, credentials: ~/.c }
plugins: [serverless-aliyun-function-compute]
functions:
  f:
    handler: index.hello
    events:
      - http: { path: '/foo/[id]', method: get }
      - https: { path: bar, method: post }
      - oss: { sourceArn: 'acs:oss:cn-shanghai:1:b', triggerConfig: { events: ['oss:ObjectCreated:*'] } }
      - timr: {}
`;
  check(
    parse(file, text),
    `s-dev-f (aliyun-fc nodejs12) index.hello in /project
  128 MB, 30 s, cn-shanghai
  http http GET /foo/{id} as api-gateway
  http https POST /bar as api-gateway
  storage oss {"type":"oss","events":["oss:ObjectCreated:*"]}
  event timr {"type":"timr"}`,
    'warning 11:9-13 SETTING_UNKNOWN Unknown key "timr".',
  );
});

test('other providers, no provider, no service', () => {
  const told = (text: string) =>
    parse(file, text).problems.map(({ severity, message }) => `${severity} ${message}`);
  assert.deepEqual(told('service: s\nprovider: { name: google }\nfunctions: { f: { handler: http } }'), [
    'info s: functions for the provider "google" are not run here; those for aws and aliyun are.',
  ]);
  assert.deepEqual(told('service: s\nfunctions: { f: { handler: a.b } }'), [
    'error provider.name: this setting is missing; it is one of aws, aliyun.',
  ]);
  assert.deepEqual(told('provider: aws\nfunctions: { f: { handler: a.b } }'), [
    'error service: this setting is missing.',
  ]);
});

test('files of code are named, with what helps', () => {
  for (const name of ['serverless.ts', 'serverless.js']) {
    const { functions, problems } = parse(
      name,
      "export default { service: 's', provider: { name: 'aws' } };",
    );
    assert.deepEqual(functions, []);
    assert.match(problems[0]!.message, /is code, which is not run .*serverless print --format yaml/);
  }
});

test('JSON', () => {
  const text =
    '{ "service": "s", "provider": { "name": "aws" }, "functions": { "f": { "handler": "a.b" } } }';
  assert.equal(parse('serverless.json', text).functions[0]!.definition.name, 's-dev-f');
});

test('a file with another content is none', () => {
  assert.equal(formatFor(file, 'component: scf\ninputs: {}'), undefined);
});
