import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from './check.ts';

test('what a stack file says of containers is kept as it is written', () => {
  const text = `version: 1.0
provider: { name: openfaas, gateway: "\${OPENFAAS_URL:-https://gw.example.com/}" }
functions:
  hello:
    lang: node22
    handler: ./hello
    image: ghcr.io/me/hello:\${TAG:-latest}
    namespace: dev
    labels: { com.openfaas.scale.min: 2, team: a, empty: }
    annotations: { topic: orders }
    secrets: [one, two]
    constraints: ["node.platform.os == linux"]
    limits: { memory: 128Mi, cpu: 0.5 }
    requests: { cpu: 100m }
    readonly_root_filesystem: true
  plain: { lang: node22, handler: ./plain }
`;
  const { functions } = parse('stack.yaml', text, {}, {});
  assert.deepEqual(
    functions.map(({ definition: { image, namespace } }) => [image, namespace]),
    [
      ['ghcr.io/me/hello:latest', 'dev'],
      [undefined, undefined],
    ],
  );
  const gateway = 'https://gw.example.com';
  const none = { labels: {}, annotations: {}, secrets: [], constraints: [] };
  assert.deepEqual(
    functions.map(({ definition }) => definition.container),
    [
      {
        gateway,
        labels: { 'com.openfaas.scale.min': '2', team: 'a' },
        annotations: { topic: 'orders' },
        secrets: ['one', 'two'],
        constraints: ['node.platform.os == linux'],
        limits: { memory: '128Mi', cpu: '0.5' },
        requests: { cpu: '100m' },
        readOnlyRootFilesystem: true,
      },
      { gateway, ...none },
    ],
  );
});

test('a gateway that is no address is told and left out', () => {
  const text =
    'provider: { name: openfaas, gateway: gateway.local }\nfunctions:\n  a: { lang: node22, handler: ./a }\n';
  const { functions, problems } = parse('stack.yaml', text, {}, {});
  assert.equal(functions[0]!.definition.container!.gateway, undefined);
  assert.match(problems.map(({ message }) => message).join(), /provider\.gateway: expected an address/);
});
