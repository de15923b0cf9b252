import assert from 'node:assert/strict';
import { test } from 'node:test';
import { check, parse } from './check.ts';

const shop = `edition: 1.0.0
name: shop
access: default
vars:
  region: cn-shanghai
  service: { name: 'shop-\${env(STAGE)}', internetAccess: true }
services:
  orders:
    component: devsapp/fc
    actions:
      pre-deploy: [{ component: fc build --use-docker }]
    props:
      region: \${vars.region}
      service: \${vars.service}
      function:
        name: orders
        codeUri: ./orders
        runtime: nodejs14
        handler: index.handler
        timeout: 60
        instanceType: e1
        initializer: index.initialize
        initializationTimeout: 20
        instanceLifecycleConfig:
          preFreeze: { handler: index.flush, timeout: 30 }
          preStop: { handler: index.close }
        environmentVariables: { NAME: "\${this.props.function.name}", PEER: "\${stock.props.function.name}", ID: "\${stock.output.id}" }
        asyncConfiguration:
          maxAsyncRetryAttempts: 1
          destination: { onFailure: "acs:fc:cn-shanghai:1:services/shop/functions/failed" }
      triggers:
        - { name: web, type: http, config: { authType: anonymous, methods: [GET, POST] } }
        - { name: tick, type: timer, config: { cronExpression: "@every 4m", enable: true, payload: hi } }
        - name: files
          type: oss
          sourceArn: acs:oss:cn-shanghai:1:incoming
          config: { events: ["oss:ObjectCreated:*"], filter: { Key: { Prefix: a/, Suffix: .csv } } }
        - { name: topic, type: mns_topic, config: { topicName: news, notifyContentFormat: JSON } }
      customDomains:
        - domainName: auto
          protocol: HTTP
          routeConfigs:
            - { path: /orders/*, methods: [GET] }
            - { path: /stock/*, serviceName: shop-dev, functionName: stock }
            - { path: /gone/*, functionName: gone }
  stock:
    component: fc@0.1.22
    props:
      region: cn-hangzhou
      service: { name: shop-dev }
      function: { name: stock, runtime: custom, codeUri: ./stock, handler: x, memorySize: 512, caPort: 8080, customRuntimeConfig: { command: [node], args: '["a b.js"]' }, customHealthCheckConfig: { httpGetUrl: /up } }
  network:
    component: devsapp/fc
    props: { service: { name: only } }
  bucket:
    component: devsapp/oss
`;

test('s.yaml of edition 1.0.0: services, variables, triggers and routes of Function Compute 2.0', () => {
  const parsed = parse('s.yaml', shop, { STAGE: 'dev' });
  check(
    parsed,
    `orders (aliyun-fc nodejs14) index.handler in /project/orders
  128 MB, 60 s, cn-shanghai
  NAME=orders
  PEER=stock
  ID=? \${stock.output.id}
  http web GET,POST /orders/* mounted at /orders as fc2
  http web GET,POST /2016-08-15/proxy/shop-dev/orders/* mounted at /2016-08-15/proxy/shop-dev/orders as fc2
  timer tick {"type":"timer","cronExpression":"@every 4m","enable":true,"payload":"hi"}
  storage files {"type":"oss","events":["oss:ObjectCreated:*"],"filter":{"key":{"prefix":"a/","suffix":".csv"}},"bucketName":"incoming"}
  queue topic {"type":"mns_topic","topicName":"news","notifyContentFormat":"JSON","topic":"news"}
  http customDomain GET /orders/* as fc2
stock (aliyun-fc custom) x in /project/stock
  512 MB, 3 s, cn-hangzhou
  http customDomain ANY /stock/* as fc2`,
    `warning 27:113-131 VALUE_UNRESOLVED \${stock.output.id} cannot be resolved on this machine: it is known after the deploy.
info 45:46-50 SETTING_INVALID orders.customDomains: the route /gone/* goes to shop-dev/gone, which is not in this file.`,
  );
  const [orders, stock] = parsed.functions.map(({ definition }) => definition);
  assert.equal(orders!.service, 'shop-dev');
  assert.deepEqual(orders!.initializer, { handler: 'index.initialize', timeoutMs: 20_000 });
  assert.deepEqual(orders!.preFreeze, { handler: 'index.flush', timeoutMs: 30_000 });
  assert.deepEqual(orders!.preStop, { handler: 'index.close', timeoutMs: 3000 });
  assert.equal(orders!.asyncInvoke?.attempts, 2);
  assert.ok(orders!.asyncInvoke?.onFailure);
  assert.deepEqual(stock!.program, { command: ['node', 'a b.js'], port: 8080, healthPath: '/up' });
});

test('s.yaml of edition 1.0.0: functions of the same name in two services', () => {
  const text = `services:
  a:
    component: fc
    props:
      service: { name: one }
      function: { name: f, handler: a.b }
      triggers: [{ name: t, type: http, config: {} }]
  b:
    component: fc
    props: { service: { name: two }, function: { name: f, handler: a.b } }
`;
  check(
    parse('s.yaml', text),
    `one$f (aliyun-fc nodejs) a.b in /project
  128 MB, 3 s, cn-hangzhou
  http t ANY /one/f/* mounted at /one/f as fc2
  http t ANY /2016-08-15/proxy/one/f/* mounted at /2016-08-15/proxy/one/f as fc2
two$f (aliyun-fc nodejs) a.b in /project
  128 MB, 3 s, cn-hangzhou`,
    '',
  );
});

test('s.yaml of edition 1.0.0: what is wrong is told at its place, what is not known once', () => {
  const text = `services:
  a:
    component: fc
    props:
      serivce: { name: one }
      function:
        name: f
        handler: a
        ossBucket: store
        ossKey: f.zip
        timeOut: 5
        initializer: a.b
        initializationTimeout: 400
      triggers:
        - { name: t, type: pigeon, confg: {} }
`;
  check(
    parse('s.yaml', text),
    `f (aliyun-fc nodejs) a in /project
  128 MB, 3 s, cn-hangzhou`,
    `warning 5:7-14 SETTING_UNKNOWN Unknown key "serivce"; did you mean "service"?
error 8:18-19 HANDLER_INVALID Invalid handler 'a': write it as file.export, e.g. "index.handler".
warning 9:20-25 CODE_UNSUPPORTED f: its code lies at oss://store/f.zip, not in a folder. Give the folder here to run it.
warning 11:9-16 SETTING_UNKNOWN Unknown key "timeOut"; did you mean "timeout"?
warning 13:32-35 SETTING_INVALID f.initializer.timeout: 400 s is more than aliyun-fc gives a hook: at most 300 s.
warning 15:28-34 SETTING_INVALID f.triggers: expected triggerType to be one of http, timer, oss, mns_topic, log, cdn_events, tablestore, eventbridge.
warning 15:36-41 SETTING_UNKNOWN Unknown key "confg"; did you mean "config"?`,
  );
});
