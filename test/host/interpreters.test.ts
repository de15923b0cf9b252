import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import type { Problem } from '../../runtime/model/project.ts';
import { ended, startPorchlight } from '../support/commandLine.ts';
import { installFakeNodes } from '../support/fakeNodes.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

/* The Nodes of nvm are shell scripts, newer than any of this machine's with the same major; Windows would need programs. */
const skip = process.platform === 'win32';

/* As a callback, which the oldest runtimes want. */
const handler = `exports.handler = (event, context, callback) => callback(null, process.env.FAKE_NODE ?? 'another');`;

async function hostWith(
  t: TestContext,
  files: Record<string, string>,
  versions: string[],
): Promise<{ host: Host; root: string; nvm: string }> {
  let host = undefined as Host | undefined;
  // Before the folders are removed.
  t.after(() => host?.close('test ended'));
  const root = tempFolder(t);
  const nvm = tempFolder(t);
  writeTree(root, files);
  installFakeNodes(nvm, versions);
  const before = process.env['NVM_DIR'];
  process.env['NVM_DIR'] = nvm;
  t.after(() => {
    if (before === undefined) delete process.env['NVM_DIR'];
    else process.env['NVM_DIR'] = before;
  });
  host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  return { host, root, nvm };
}

const fc = (name: string, props: string): string =>
  `  ${name}:\n    component: fc3\n    props:\n      functionName: ${name}\n      handler: index.handler\n      code: ./code\n${props}`;

async function runsOn(host: Host, name: string): Promise<string> {
  const { body } = await invoke(host, name);
  return `${host.registry.get(name).state().interpreter} ${body}`;
}

const notices = (problems: Problem[]): string[] =>
  problems.map(({ severity, code, line, column }) => `${severity} ${code} ${line}:${column}`);

test(
  'a function runs on the Node its project file names, otherwise on the newest of its cloud',
  { skip },
  async (t) => {
    const { host } = await hostWith(
      t,
      {
        's.yaml': `resources:\n${fc('eighteen', '      runtime: nodejs18\n')}${fc('none', '')}`,
        'template.yaml': `Transform: AWS::Serverless-2016-10-31
Resources:
  TwentyTwo:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, CodeUri: code, Runtime: nodejs22.x }
`,
        'porchlight.yaml': `functions:
  own: { handler: code/index.handler, interpreter: 21.7 }
  none: { process: { prewarm: 1 } }
`,
        'code/index.js': handler,
      },
      ['18.98.0', '18.99.0', '20.99.0', '21.7.9', '22.99.0', '30.0.0'],
    );
    assert.equal(await runsOn(host, 'eighteen'), 'Node.js 18.99.0 18.99.0');
    assert.equal(await runsOn(host, 'none'), 'Node.js 20.99.0 20.99.0');
    assert.equal(await runsOn(host, 'TwentyTwo'), 'Node.js 22.99.0 "22.99.0"');
    assert.equal(await runsOn(host, 'own'), 'Node.js 21.7.9 "21.7.9"');
    await host.registry.settled();
    assert.deepEqual(host.registry.problems, []);
  },
);

test('a runtime that nobody named is called as its variable says', { skip }, async (t) => {
  const { host } = await hostWith(
    t,
    {
      'porchlight.yaml': `functions:
  newest: { handler: code/index.handler }
  older: { handler: code/index.handler, interpreter: 22 }
  callback: { handler: code/index.callback }
`,
      'code/index.js': `exports.handler = (event, context) => [process.env.AWS_EXECUTION_ENV, typeof context.done];
exports.callback = (event, context, callback) => callback(null, 'called back');
`,
    },
    ['22.99.0', '24.99.0'],
  );
  assert.equal((await invoke(host, 'newest')).body, '["AWS_Lambda_nodejs24.x","undefined"]');
  // A plain value counts for nothing before.
  assert.equal((await invoke(host, 'older')).body, 'null');
  assert.equal((await invoke(host, 'callback')).error?.type, 'Runtime.CallbackHandlerDeprecated');
});

test(
  'a missing one is stood in for with one warning at the runtime, until it is installed',
  { skip },
  async (t) => {
    const { host, nvm } = await hostWith(
      t,
      {
        's.yaml': `resources:\n${fc('old', '      runtime: nodejs16\n')}`,
        'porchlight.yaml': 'functions:\n  own:\n    handler: code/index.handler\n    interpreter: 31\n',
        'code/index.js': handler,
      },
      ['18.99.0', '32.1.0', '33.0.0'],
    );
    await host.registry.settled();
    assert.deepEqual(notices(host.registry.problems), [
      'warning INTERPRETER_INSTEAD 4:18',
      'warning INTERPRETER_INSTEAD 8:16',
    ]);
    const [own, old] = host.registry.problems.map(({ message }) => message);
    assert.match(
      own!,
      /asks for Node\.js 31, but.*Node\.js 32\.1\.0 runs it instead\. Install it \(nvm install 31\)/,
    );
    assert.match(old!, /its runtime is nodejs16, but.*Node\.js 18\.99\.0 runs it instead/);
    assert.equal(await runsOn(host, 'own'), 'Node.js 32.1.0 "32.1.0"');
    assert.equal(await runsOn(host, 'old'), 'Node.js 18.99.0 18.99.0');

    installFakeNodes(nvm, ['31.0.0']);
    await host.registry.load();
    await host.registry.settled();
    assert.deepEqual(notices(host.registry.problems), ['warning INTERPRETER_INSTEAD 8:16']);
    assert.equal(await runsOn(host, 'own'), 'Node.js 31.0.0 "31.0.0"');
  },
);

test('a path is taken at its word', { skip }, async (t) => {
  const { host } = await hostWith(
    t,
    {
      'porchlight.yaml': `functions:
  good: { handler: code/index.handler, interpreter: ./nodes/versions/node/v20.1.1/bin/node }
  bad: { handler: code/index.handler, interpreter: ./nothing/node }
`,
      'code/index.js': handler,
    },
    [],
  );
  installFakeNodes(join(host.options.root, 'nodes'), ['20.1.1']);
  const good = await invoke(host, 'good');
  assert.equal(good.body, '"20.1.1"');
  const bad = await invoke(host, 'bad');
  assert.equal(bad.status, 'error');
  assert.match(bad.error!.message, /nothing\/node cannot be run as Node\.js.*correct the setting/);
  await host.registry.settled();
  assert.deepEqual(notices(host.registry.problems), ['error INTERPRETER_MISSING 3:52']);
});

test('spares wait for the interpreter to be known, and are of it', { skip }, async (t) => {
  const { host } = await hostWith(
    t,
    {
      'porchlight.yaml': 'functions:\n  own: { handler: code/index.handler, interpreter: 22 }\n',
      'code/index.js': handler,
    },
    ['22.99.0'],
  );
  await host.registry.get('own').pool.prepareSpare();
  const { body, startKind } = await invoke(host, 'own');
  assert.deepEqual([startKind, body], ['prewarmed', '"22.99.0"']);
});

test('list shows what runs each function; programs are asked once for all commands', { skip }, async (t) => {
  const root = tempFolder(t);
  const nvm = tempFolder(t);
  writeTree(root, {
    'porchlight.yaml': 'functions:\n  own:\n    handler: index.handler\n    runtime: nodejs23.x\n',
    'index.js': handler,
  });
  installFakeNodes(nvm, ['22.99.0', '24.99.0']);
  const list = () => ended(startPorchlight(root, ['list'], { NVM_DIR: nvm }));
  const first = await list();
  assert.match(first.stdout, /^own +aws-lambda +Node\.js 24\.99\.0 /m);
  assert.match(first.stderr, /porchlight\.yaml:4:14: warning: own: its runtime is nodejs23\.x, but/);
  assert.deepEqual(await list(), first);
  assert.deepEqual(readFileSync(join(nvm, 'asked'), 'utf8').trim().split('\n').sort(), [
    '22.99.0',
    '24.99.0',
  ]);
  assert.ok(existsSync(join(root, '.porchlight', 'nodes.json')));
});
