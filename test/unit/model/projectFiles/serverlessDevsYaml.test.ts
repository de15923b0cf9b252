import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, parse } from './check.ts';

const cases: [what: string, text: string, functions: string, problems: string][] = [
  [
    'variables, a template and triggers',
    `edition: 3.0.0
name: demo
access: default
vars:
  region: cn-shanghai
  base: { timeout: 10 }
template:
  common:
    runtime: nodejs20
    memorySize: 1024
    timeout: 99
    environmentVariables: { SHARED: yes }
resources:
  hello:
    component: fc3
    actions: { pre-deploy: [{ run: npm i, path: ./ }] }
    extend: { name: common, ignore: [timeout] }
    props:
      region: \${vars.region}
      functionName: hello-\${env('STAGE', 'x')}
      handler: index.handler
      code: ./code
      timeout: \${vars.base.timeout}
      environmentVariables:
        OTHER: "\${env('UNSET', 'dflt')}-1"
        SELF: \${this.props.functionName}
        PEER: \${resources.peer.props.functionName}
        BIG: 12345678901234567890
      triggers:
        - triggerName: httpTrigger
          triggerType: http
          triggerConfig: { authType: anonymous, methods: [GET, POST] }
        - triggerName: t
          triggerType: timer
          triggerConfig: { cronExpression: "@every 4m", enable: true }
        - triggerName: uploads
          triggerType: oss
          sourceArn: acs:oss:cn-shanghai:1234567890:photos
          invocationRole: acs:ram::1234567890:role/oss
          triggerConfig: { events: ["oss:ObjectCreated:*"] }
      customDomain: { domainName: auto, route: { path: /api/*, methods: [GET] } }
  peer:
    component: fc3@0.1.22
    props: { region: cn-hangzhou, functionName: peer, runtime: nodejs18, code: { src: ./peer }, handler: src/a.b.c }
  bucket:
    component: oss
`,
    `hello-dev (aliyun-fc nodejs20) index.handler in /project/code
  1024 MB, 10 s, cn-shanghai
  SHARED=yes
  OTHER=dflt-1
  SELF=hello-dev
  PEER=peer
  BIG=12345678901234567890
  http httpTrigger GET,POST /hello-dev/* mounted at /hello-dev as fc3
  timer t {"type":"timer","cronExpression":"@every 4m","enable":true}
  storage uploads {"type":"oss","events":["oss:ObjectCreated:*"],"bucketName":"photos","invocationRole":"acs:ram::1234567890:role/oss"}
  http customDomain GET /api/* as fc3
peer (aliyun-fc nodejs18) src/a.b.c in /project/peer
  512 MB, 3 s, cn-hangzhou`,
    '',
  ],
  [
    'values that only the cloud or a file knows',
    `resources:
  hello:
    component: fc3
    props:
      region: \${config('region')}
      handler: a.b
      role: \${config('AccountID')}
      environmentVariables:
        KEY: \${env(SECRET)}
        OUT: x-\${resources.other.output.url}
        TXT: \${file('./a.txt')}
        LOOP: \${this.props.environmentVariables.LOOP}
        ODD: \${nothing.here}
`,
    `hello (aliyun-fc nodejs) a.b in /project
  512 MB, 3 s, cn-hangzhou
  KEY=? \${env(SECRET)}
  OUT=? \${resources.other.output.url}
  TXT=? \${file('./a.txt')}
  LOOP=? \${this.props.environmentVariables.LOOP}
  ODD=? \${nothing.here}`,
    `warning 5:15-34 VALUE_UNRESOLVED \${config('region')} cannot be resolved on this machine: it comes from the credentials of the deploy.
warning 9:14-28 VALUE_UNRESOLVED \${env(SECRET)} cannot be resolved on this machine: the variable SECRET is not set; give it a value in .env.
warning 10:14-45 VALUE_UNRESOLVED \${resources.other.output.url} cannot be resolved on this machine: it is known after the deploy.
warning 11:14-32 VALUE_UNRESOLVED \${file('./a.txt')} cannot be resolved on this machine: values from other files are not read here; give it a value in .env.
warning 12:15-54 VALUE_UNRESOLVED \${this.props.environmentVariables.LOOP} cannot be resolved on this machine: it refers to itself.
warning 13:14-29 VALUE_UNRESOLVED \${nothing.here} cannot be resolved on this machine: nothing of that name stands in this file.`,
  ],
  [
    'other languages, archives and wrong values',
    `resources:
  bin:
    component: fc3
    props: { functionName: bin, runtime: custom.debian10, code: ./x, handler: main, memorySize: 100 }
  zip:
    component: fc3
    props: { runtime: nodejs20, code: ./a.zip, handler: index, timeout: soon }
  old:
    component: fc
    props: { service: { name: only } }
  none:
    component: fc3
    extend: { name: missing }
    props: { triggers: [{ triggerType: pigeon }] }
`,
    `bin (aliyun-fc custom.debian10) main in /project/x
  100 MB, 3 s, cn-hangzhou
zip (aliyun-fc nodejs20) index in /project
  512 MB, 3 s, cn-hangzhou
none (aliyun-fc nodejs) - in /project
  512 MB, 3 s, cn-hangzhou`,
    `warning 4:97-100 SETTING_INVALID bin.memorySize: 100 MB is outside of what aliyun-fc accepts: 128 to 32768 MB in steps of 64.
warning 7:39-46 CODE_UNSUPPORTED zip: its code is the archive ./a.zip. Give the folder it is made of to run it.
error 7:57-62 HANDLER_INVALID Invalid handler 'index': write it as file.export, e.g. "index.handler".
error 7:73-77 SETTING_INVALID zip.timeout: expected a number.
error 11:3-7 HANDLER_MISSING none: no handler is given. Add one as file.export, e.g. "index.handler".
error 13:21-28 SETTING_INVALID none.extend: no template "missing" stands under "template".
warning 14:40-46 SETTING_INVALID none.triggers: expected triggerType to be one of http, timer, oss, mns_topic, log, cdn_events, tablestore, eventbridge.`,
  ],
  [
    'a function being typed',
    `resources:
  hello:
    component: fc3
    props:
      handler:
`,
    `hello (aliyun-fc nodejs) - in /project
  512 MB, 3 s, cn-hangzhou`,
    'error 5:7-14 HANDLER_MISSING hello: no handler is given. Add one as file.export, e.g. "index.handler".',
  ],
  [
    'a broken line',
    `resources:
  hello:
    component: fc3
    props:
      handler: a.b
      code: [
  next:
    component: fc3
    props: { handler: c.d }
`,
    `hello (aliyun-fc nodejs) a.b in /project
  512 MB, 3 s, cn-hangzhou
next (aliyun-fc nodejs) c.d in /project
  512 MB, 3 s, cn-hangzhou`,
    'error 7:3-4 YAML_SYNTAX This YAML cannot be read: the indentation does not fit the lines above. Correct this line; what follows it may be read wrongly until then.',
  ],
];

for (const [what, text, functions, problems] of cases) {
  test(`s.yaml with ${what}`, () => check(parse('s.yaml', text, { STAGE: 'dev' }), functions, problems));
}

test('s.yaml: hooks, places and consulted files', () => {
  const text = `extend: ./base.yaml
resources:
  hello:
    component: fc3
    props:
      handler: 'index.handler'
      code: { src: ./code }
      environmentVariables: { A: "\${json(file('a.json'))}" }
      instanceLifecycleConfig:
        initializer: { handler: index.init, timeout: 5 }
        preStop: { handler: index.stop }
`;
  const { functions, includes } = parse('s.yml', text);
  const { definition, handlerRange, codeRange } = functions[0]!;
  assert.deepEqual(definition.initializer, { handler: 'index.init', timeoutMs: 5000 });
  assert.deepEqual(definition.preStop, { handler: 'index.stop', timeoutMs: 3000 });
  assert.equal(text.slice(handlerRange!.start, handlerRange!.end), 'index.handler');
  assert.equal(text.slice(codeRange!.start, codeRange!.end), './code');
  assert.deepEqual(includes, ['a.json', 'base.yaml']);
});

test('s.yaml: room on the disk, and hooks that ask for more time than there is', () => {
  const text = `resources:
  hello:
    component: fc3
    props:
      handler: index.handler
      diskSize: 10240
      instanceLifecycleConfig:
        initializer: { handler: index.init, timeout: 300 }
        preStop: { handler: index.stop, timeout: 91 }
`;
  const { functions, problems } = parse('s.yml', text);
  assert.equal(functions[0]!.definition.temporaryMB, 10_240);
  assert.deepEqual(
    problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
    ['9:50 hello.preStop.timeout: 91 s is more than aliyun-fc gives a hook: at most 90 s.'],
  );
});

test('programs of custom runtimes', () => {
  const text = `resources:
  web:
    component: fc3
    props:
      runtime: custom.debian12
      handler: index.handler
      customRuntimeConfig:
        command: [node]
        args: [server.js, --quiet]
        port: 8080
        healthCheckConfig: { httpGetUrl: /ready }
  plain:
    component: fc3
    props: { runtime: custom, handler: x, customRuntimeConfig: { args: [a] } }
  image:
    component: fc3
    props: { runtime: custom-container, handler: x }
`;
  const { functions, problems } = parse('s.yaml', text);
  assert.deepEqual(
    problems.map(({ code }) => code),
    ['LANGUAGE_LATER'],
  );
  assert.deepEqual(
    functions.map(({ definition }) => [definition.language, definition.program]),
    [
      ['custom', { command: ['node', 'server.js', '--quiet'], port: 8080, healthPath: '/ready' }],
      ['custom', { command: ['./bootstrap', 'a'] }],
      ['container', undefined],
    ],
  );
});

test('routes of domains and instances to keep are known for a deploy', () => {
  const text = `edition: 3.0.0
resources:
  api:
    component: fc3
    props:
      runtime: nodejs20
      handler: index.handler
      provisionConfig: { defaultTarget: '2', alwaysAllocateCPU: true, scheduledActions: [] }
      customDomain:
        domainName: www.example.com
        protocol: HTTP,HTTPS
        route: { path: '/api/*', methods: [GET], rewriteConfig: { equalRules: [{ match: /a, replacement: /b }] } }
        certConfig: { privateKey: secret }
`;
  const { definition } = parse('s.yaml', text).functions[0]!;
  assert.deepEqual(definition.provision, {
    defaultTarget: 2,
    alwaysAllocateCPU: true,
    scheduledActions: [],
  });
  assert.deepEqual(definition.triggers, [
    {
      kind: 'http',
      name: 'customDomain',
      path: '/api/*',
      methods: ['GET'],
      shape: 'fc3',
      domain: {
        name: 'www.example.com',
        protocol: 'HTTP,HTTPS',
        rewrite: { equalRules: [{ match: '/a', replacement: '/b' }] },
      },
    },
  ]);
});

test('s.yaml: what its parents say lies below what it says itself', () => {
  const child = `extend: ./common/base.yaml
vars: { stage: prod }
resources:
  hello:
    props: { timeout: 30 }
`;
  const base = `extend: ../root.yaml
edition: 3.0.0
vars: { region: cn-shanghai, stage: dev }
resources:
  hello:
    component: fc3
    props:
      region: \${vars.region}
      functionName: hello-\${vars.stage}
      runtime: nodejs20
      handler: index.handler
      code: ./code
      timeout: 3
`;
  const root =
    'resources:\n  other: { component: fc3, props: { handler: a.b, runtime: python3.10, code: ./o } }\n';
  const parsed = parse('s.yaml', child, {}, { 'common/base.yaml': base, 'root.yaml': root });
  assert.deepEqual(parsed.problems, []);
  assert.deepEqual(
    parsed.functions.map(({ definition }) => [definition.name, definition.timeoutMs, definition.region]),
    [
      ['other', 3000, 'cn-hangzhou'],
      ['hello-prod', 30_000, 'cn-shanghai'],
    ],
  );
  assert.deepEqual(
    parsed.includes.map((path) => path.replaceAll('\\', '/')),
    ['common/base.yaml', 'root.yaml'],
  );
});

test('s.yaml: parents that are not there, lie elsewhere or lead back', () => {
  const words = (text: string, files: Record<string, string> = {}) =>
    parse('s.yaml', text, {}, files)
      .problems.map(({ message }) => message)
      .join();
  assert.match(words('extend: ./no.yaml\nresources: {}'), /extend: \.\/no\.yaml.*no such file/);
  assert.match(words('extend: ../up.yaml\nresources: {}'), /outside of the folder/);
  const circle = words('extend: a.yaml\nresources: {}', { 'a.yaml': 'extend: s.yaml\nvars: {}' });
  assert.match(circle, /leads back/);
});

test('s.yaml: a component that is a folder is told by its props', () => {
  const text = `services:
  two:
    component: \${path(../..)}
    props:
      service: { name: shop }
      function: { name: two, runtime: nodejs14, handler: index.handler, codeUri: ./two }
resources:
  three:
    component: ../fc3
    props: { functionName: three, runtime: nodejs20, handler: index.handler, code: ./three }
  bucket:
    component: ../oss
    props: { bucketName: b }
`;
  const { functions } = parse('s.yaml', text);
  assert.deepEqual(functions.map(({ definition }) => [definition.name, definition.service]).sort(), [
    ['three', undefined],
    ['two', 'shop'],
  ]);
});
