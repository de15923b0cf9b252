import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFor } from '../../../../runtime/model/projectFiles/index.ts';
import { durationMs } from '../../../../runtime/model/goDuration.ts';
import { check, parse } from './check.ts';

const head =
  'version: 1.0\nprovider: { name: openfaas, gateway: "${OPENFAAS_URL:-http://127.0.0.1:8080}" }\n';

test('functions of templates, with variables of whoever runs it', () => {
  const text = `${head}functions:
  hello:
    lang: node20
    handler: ./hello
    image: \${REGISTRY:-local}/hello:\${TAG:-latest}
    environment:
      A: \${A}
      B: \${B:-default}
      C: \${C}
      D: $$x
      exec_timeout: 1m30s
    environment_file: [env.yml]
    limits: { memory: 128Mi, cpu: 100m }
    secrets: [key]
  ask:
    lang: python3-http-debian
    handler: ./ask
`;
  const files = { 'env.yml': 'environment:\n  FROM_FILE: 1\n  A: over\n' };
  check(
    parse('stack.yaml', text, { A: 'given' }, files),
    `hello (openfaas node20) handler.default in /project/hello
  128 MB, 90 s, ${''}
  FROM_FILE=1
  A=given
  B=default
  D=$x
  exec_timeout=1m30s
  C=? \${C}
  http function ANY /function/hello/* mounted at /function/hello as web
ask (openfaas python3-http-debian) handler.handle in /project/ask
  2048 MB, 30 s, ${''}
  http function ANY /function/ask/* mounted at /function/ask as web`,
    `warning 11:10-14 VALUE_UNRESOLVED \${C} cannot be resolved on this machine: the variable is not set; give it a value in .env, or a default: \${NAME:-value}.
warning 16:14-19 CODE_UNSUPPORTED hello: its secrets (key) are files in /var/openfaas/secrets in the cluster, which are missing here. Have the code read them from a folder that a variable names, and give that in .env.`,
  );
});

test('programs by what the watchdog starts, and images that are not run', () => {
  const text = `${head}functions:
  server: { image: a, handler: ./a, fprocess: python3 -m http.server 9000, environment: { upstream_url: "http://127.0.0.1:9000" } }
  process: { lang: dockerfile, handler: ./b, environment: { fprocess: cat -n } }
  made: { lang: golang-middleware, handler: ./c, image: c }
  alone: { image: ghcr.io/openfaas/nodeinfo:latest }
`;
  const { functions, problems } = parse('stack.yml', text);
  assert.deepEqual(
    functions.map(({ definition }) => [definition.language, definition.program]),
    [
      [
        'custom',
        { command: ['python3', '-m', 'http.server', '9000'], protocol: 'watchdog-http', port: 9000 },
      ],
      ['custom', { command: ['cat', '-n'], protocol: 'watchdog-process' }],
      ['container', undefined],
      ['container', undefined],
    ],
  );
  assert.equal(functions[1]!.definition.process.model, 'ephemeral');
  assert.deepEqual(
    problems.map(({ severity, line, message }) => `${severity} ${line} ${message.slice(0, 70)}`),
    [
      'info 6 made: its template "golang-middleware" is built into an image, which i',
      'info 7 alone: it is an image alone, which is not run here. To run it, state w',
    ],
  );
});

test('scaling and limits become process settings', () => {
  const text = `${head}functions:
  kept: { lang: node22, handler: ./a, labels: { com.openfaas.scale.min: 2, com.openfaas.scale.max: "4" } }
  zero: { lang: node22, handler: ./a, labels: { com.openfaas.scale.zero: true, com.openfaas.scale.zero-duration: 5m } }
  limited: { lang: node22, handler: ./a, environment: { max_inflight: 3 } }
  python: { lang: python3-http, handler: ./a, environment: { max_inflight: 3 } }
`;
  const settings = parse('stack.yaml', text).functions.map(({ definition: { process } }) => [
    process.minInstances,
    process.maxInstances,
    process.concurrency,
    process.queue,
    process.idleTimeoutMs,
  ]);
  assert.deepEqual(settings, [
    [2, 4, 1000, 1000, 300_000],
    [0, 10, 1000, 1000, 300_000],
    [0, 1, 3, 0, 300_000],
    [0, 3, 1, 0, 300_000],
  ]);
});

test('wrong values are told at their places', () => {
  const text = `${head}functions:
  a: { lang: node20, handler: ./a, limits: { memory: lots }, environment: { exec_timeout: soon, write_timeout: 5s }, labls: {} }
  b: { lang: node20, handler: ./b, environment_file: [gone.yml] }
fuctions: {}
`;
  const { problems } = parse('stack.yaml', text);
  assert.deepEqual(
    problems.map(({ severity, line, message }) => `${severity} ${line} ${message}`),
    [
      'error 4 a.limits.memory: expected an amount such as 128Mi or 1Gi.',
      'error 4 a.environment.exec_timeout: expected a duration such as 10s or 1m30s.',
      'warning 4 a.environment.write_timeout: write_timeout (5 s) ends answers before exec_timeout (10 s) does.',
      'warning 4 Unknown key "labls"; did you mean "labels"?',
      'error 5 b.environment_file: there is no such file.',
      'warning 6 Unknown key "fuctions"; did you mean "functions"?',
    ],
  );
});

test('durations as Go writes them', () => {
  assert.deepEqual(['10', '10s', '1m30s', '1.5h', '500ms', '', '5d', '-1s'].map(durationMs), [
    10_000,
    10_000,
    90_000,
    5_400_000,
    500,
    undefined,
    undefined,
    undefined,
  ]);
});

test('files of this name that are not of OpenFaaS are none', () => {
  assert.equal(formatFor('stack.yaml', 'name: pulumi\nruntime: nodejs\n'), undefined);
});
