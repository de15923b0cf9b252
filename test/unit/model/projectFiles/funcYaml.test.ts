import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { formatFor } from '../../../../runtime/model/projectFiles/index.ts';
import type { FunctionDefinition } from '../../../../runtime/model/functionDefinition.ts';
import { check, parse } from './check.ts';

const head = `specVersion: 0.36.0\nname: hello\ncreated: 2026-01-01T00:00:00Z\n`;

function definitionOf(text: string, others: Record<string, string> = {}): FunctionDefinition {
  return parse('func.yaml', text, {}, others).functions[0]!.definition;
}

function problemsOf(text: string): string[] {
  return parse('func.yaml', head + text).problems.map(({ line, message }) => `${line}: ${message}`);
}

test('a whole file', () => {
  const text = `${head}runtime: node
registry: example.com/me
namespace: shop
invoke: cloudevent
build: { builder: pack, buildEnvs: [{ name: BP_NODE_VERSION, value: '22' }] }
run:
  envs:
    - { name: GREETING, value: hi }
    - { name: NUMBER, value: 007 }
    - { name: HERE, value: '{{ env:LOCAL }}' }
    - { name: AWAY, value: '{{env:ABSENT}}' }
    - { name: KEY, value: '{{ secret:keys:api }}' }
    - { value: '{{ configMap:shared }}' }
    - { name: PLAIN, value: '{{ not this }}' }
  volumes:
    - { secret: keys, path: /secrets }
    - { emptyDir: {}, path: /scratch }
deploy:
  annotations: { autoscaling.knative.dev/window: 30s }
  options:
    scale: { min: 1, max: 4, metric: concurrency, target: 20, utilization: 80 }
    resources: { requests: { cpu: 100m, memory: 64Mi }, limits: { cpu: 1000m, memory: 256Mi, concurrency: 5 } }
  healthEndpoints: { liveness: /health/liveness, readiness: /health/readiness }
  subscriptions: [{ source: default, filters: { type: order.placed } }]
`;
  const parsed = parse('func.yaml', text, { LOCAL: 'from here' });
  check(
    parsed,
    `hello (knative node) index.handle in /project
  256 MB, 300 s, 
  GREETING=hi
  NUMBER=007
  HERE=from here
  PLAIN={{ not this }}
  AWAY=? {{env:ABSENT}}
  KEY=? {{ secret:keys:api }}
  http http ANY /hello/* mounted at /hello as web
  event subscription-1 {"source":"default","filters":{"type":"order.placed"}}`,
    `
warning 14:29-43 VALUE_UNRESOLVED {{env:ABSENT}} cannot be resolved on this machine: ABSENT is no variable of this machine; give it, or AWAY, a value in .env.
warning 15:28-49 VALUE_UNRESOLVED {{ secret:keys:api }} cannot be resolved on this machine: it is in the cluster; give KEY a value in .env.
warning 16:17-39 VALUE_UNRESOLVED {{ configMap:shared }} cannot be resolved on this machine: its keys become variables in the cluster; give those that are needed here in .env.
warning 19:7-39 VALUE_UNRESOLVED secret keys cannot be resolved on this machine: its files are not mounted at /secrets here.
`,
  );
});

suite('how instances live', () => {
  const process = (text: string) => definitionOf(`${head}runtime: node\n${text}`).process;
  test('many requests share an instance, which is freed and never frozen', () => {
    const { concurrency, minInstances, maxInstances, idleTimeoutMs, freeze } = process('');
    assert.deepEqual(
      { concurrency, minInstances, maxInstances, idleTimeoutMs, freeze },
      {
        concurrency: 100,
        minInstances: 0,
        maxInstances: 10,
        idleTimeoutMs: 60_000,
        freeze: false,
      },
    );
  });
  test('options', () => {
    const options = (text: string) => process(`deploy: { options: { ${text} } }\n`);
    assert.equal(options('scale: { target: 20 }').concurrency, 20);
    assert.equal(options('scale: { metric: rps, target: 20 }').concurrency, 100);
    assert.equal(options('resources: { limits: { concurrency: 1 } }').concurrency, 1);
    assert.equal(options('resources: { limits: { concurrency: 0 } }').concurrency, 100);
    assert.equal(options('resources: { limits: { concurrency: 1000 } }').concurrency, 200);
    assert.equal(options('scale: { max: 3 }').maxInstances, 3);
    assert.equal(options('scale: { max: 0 }').maxInstances, 10);
    assert.equal(options('scale: { min: 20 }').maxInstances, 20);
    assert.equal(options('scale: { min: 20, max: 2 }').minInstances, 2);
  });
  test('annotations', () => {
    const annotated = (text: string) =>
      process(`deploy: { annotations: { autoscaling.knative.dev/${text} } }\n`);
    assert.equal(annotated("min-scale: '2'").minInstances, 2);
    assert.equal(annotated('target: 7').concurrency, 7);
    assert.equal(annotated('window: 30s').idleTimeoutMs, 30_000);
    assert.equal(annotated('scale-to-zero-pod-retention-period: 5m').idleTimeoutMs, 300_000);
  });
});

suite('the module of a Node.js function', () => {
  const handler = (manifest: unknown) =>
    definitionOf(`${head}runtime: node\n`, {
      'package.json': typeof manifest === 'string' ? manifest : JSON.stringify(manifest),
    }).handler;
  test('stands in the start script', () => {
    const start = 'FUNC_LOG_LEVEL=info faas-js-runtime --port 8081 ./build/index.js';
    assert.equal(handler({ main: 'other.js', scripts: { start } }), 'build/index.handle');
    assert.equal(
      handler({ scripts: { start: 'node ./node_modules/faas-js-runtime/bin/cli.js src/a.b.mjs' } }),
      'src/a.b.handle',
    );
    assert.equal(handler({ main: 'other.js', scripts: { start: 'node server.js' } }), 'other.handle');
  });
  test('may be named by a variable', () => {
    const scripts = { start: 'faas-js-runtime ./${STARTUP}.js' };
    const others = { 'package.json': JSON.stringify({ main: 'other.js', scripts }) };
    const of = (text: string) => definitionOf(`${head}runtime: node\n${text}`, others).handler;
    assert.equal(of('run: { envs: [{ name: STARTUP, value: begin }] }\n'), 'begin.handle');
    assert.equal(of(''), 'other.handle');
  });
  test('is main, or index', () => {
    assert.equal(handler({ main: './lib/fn.cjs' }), 'lib/fn.handle');
    assert.equal(handler({ main: '.' }), 'index.handle');
    assert.equal(handler({ main: 5, scripts: null }), 'index.handle');
    assert.equal(handler('{ broken'), 'index.handle');
    assert.equal(handler('null'), 'index.handle');
  });
  test('comes with the variables the script sets, below those of the file', () => {
    const scripts = {
      start: `cross-env A=1 B="two words" C='3' FUNC_LOG_LEVEL=info faas-js-runtime ./index.js`,
    };
    const others = { 'package.json': JSON.stringify({ scripts }) };
    const { env } = definitionOf(`${head}runtime: node\nrun: { envs: [{ name: A, value: own }] }\n`, others);
    assert.deepEqual(env, { A: 'own', B: 'two words', C: '3', FUNC_LOG_LEVEL: 'info' });
  });
});

suite('other runtimes', () => {
  const of = (runtime: string, others: Record<string, string> = {}) =>
    definitionOf(`${head}runtime: ${runtime}\n`, others);
  test('typescript is Node.js', () => assert.equal(of('typescript').language, 'nodejs'));
  test('python', () => {
    assert.equal(of('python').process.concurrency, 1);
    const handler = (others: Record<string, string>) => of('python', others).handler;
    assert.equal(
      handler({ 'function/__init__.py': 'from .func import new\n', 'function/func.py': 'def new():\n' }),
      'function.func.new',
    );
    assert.equal(
      handler({ 'function/__init__.py': 'async def handle(scope, receive, send):\n' }),
      'function.handle',
    );
    assert.equal(handler({ 'func.py': 'def main(context):\n  pass\n' }), 'func.main');
    assert.equal(handler({}), 'function.func.new');
  });
  test('rust, and go with a server of its own, are programs', () => {
    assert.deepEqual(of('rust').program?.command, ['cargo', 'run', '--quiet']);
    const go = of('go', { 'main.go': '// hello\npackage main\n' });
    assert.equal(go.language, 'custom');
    assert.deepEqual(go.program?.build, ['go', 'build', '-o', '$ARTIFACTS_DIR/function', '.']);
  });
  test('what cannot run as it is, is told once, where it stands', () => {
    assert.match(problemsOf('runtime: go\n').join(), /^4: hello: func builds Go functions around a server/);
    assert.match(problemsOf('runtime: quarkus\n').join(), /^4: hello is written for quarkus\./);
  });
});

suite('what is wrong', () => {
  test('keys that are unknown', () => {
    assert.deepEqual(problemsOf('runtime: node\nregistri: x\ndeploy: { option: {} }\n'), [
      '5: Unknown key "registri"; did you mean "registry"?',
      '6: Unknown key "option"; did you mean "options"?',
    ]);
  });
  test('values', () => {
    const problems = problemsOf(`runtime: node
invoke: grpc
run: { envs: [{ value: plain }, { name: [x] }] }
deploy: { options: { scale: { min: -1, metric: cpu }, resources: { limits: { memory: lots } } } }
`);
    assert.deepEqual(problems, [
      '5: invoke: expected http or cloudevent.',
      '6: hello.envs: an entry without a name names a secret or a config map.',
      '6: run.envs.1.name: expected text.',
      '7: deploy.options.scale.min: expected a whole number.',
      '7: deploy.options.scale.metric: expected concurrency or rps.',
      '7: deploy.options.resources.limits.memory: expected an amount such as 256Mi or 500m.',
    ]);
  });
  test('a name that is missing is that of the folder', () => {
    assert.equal(definitionOf('specVersion: 0.36.0\nruntime: node\n').name, 'project');
  });
});

test('files of versions before 0.35 have everything at the top', () => {
  const parsed = parse(
    'func.yaml',
    `name: old
namespace: ""
runtime: node
image: example.com/old:latest
imageDigest: ""
trigger: http
builder: default
builderMap: { default: x }
envs: [{ name: A, value: b }]
annotations: {}
options: { scale: { max: 2 } }
healthEndpoints: { liveness: /health/liveness }
`,
  );
  assert.deepEqual(parsed.problems, []);
  const [{ definition } = assert.fail()] = parsed.functions;
  assert.deepEqual(definition.env, { A: 'b' });
  assert.equal(definition.process.maxInstances, 2);
});

test('files of the Fn project are none of these', () => {
  assert.equal(formatFor('func.yaml', 'schema_version: 20180708\nname: x\nruntime: node\n'), undefined);
  assert.equal(
    formatFor('func.yaml', 'name: x\nversion: 0.0.1\nruntime: node\nentrypoint: node func.js\n'),
    undefined,
  );
  assert.ok(formatFor('func.yaml', 'name: x\nruntime: node\n'));
});
