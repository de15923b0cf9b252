import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { joinServing } from '../../runtime/deploy/local/serveProcess.ts';
import type { DeployedAnswer, DeployPlan, DeployResult, ServeStatus } from '../../runtime/model/deploy.ts';
import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import { QueryInvocations } from '../../runtime/protocol/control/messages.ts';
import { isAlive } from '../../runtime/support/processTree.ts';
import { ended, porchlight, startPorchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';

const projectFile = `functions:
  greet:
    handler: src/greet.handler
    memory: 256MB
    env: { GREETING: hi }
    triggers: [ { http: { path: /greet, methods: [GET] } } ]
`;

const source = (text: string, more = ''): string =>
  `${more}export const handler = async (): Promise<object> => ({ statusCode: 200, body: ${JSON.stringify(text)} + ' ' + process.env.GREETING + ' ' + process.env.TOKEN });\n`;

function project(t: TestContext): string {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'porchlight-test-')));
  // One hook: hooks run in the order of their registration, and the serving process goes first.
  t.after(async () => {
    await porchlight(root, ['serve', 'stop']);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  writeTree(root, {
    'porchlight.yaml': projectFile,
    'src/greet.ts': source('one'),
    '.env': 'TOKEN=very-secret-value\n',
    'package.json': '{}',
  });
  return root;
}

async function json<T>(root: string, args: string[], code = 0): Promise<T> {
  const result = await porchlight(root, [...args, '--json']);
  assert.equal(result.code, code, result.stderr);
  return JSON.parse(result.stdout) as T;
}

const get = async (url: string): Promise<string> => (await fetch(url)).text();

test('deploy, serve, change, deploy again, roll back', async (t) => {
  const root = project(t);
  const plan = await json<DeployPlan>(root, ['deploy', '--plan']);
  assert.equal(plan.functions[0]!.change, 'create');
  assert.ok(!existsSync(join(root, '.porchlight', 'deployed')), 'a plan sends nothing');

  const first = (await json<DeployResult>(root, ['deploy', '--yes'])).functions[0]!;
  assert.deepEqual([first.status, first.version, first.verification?.startKind], ['deployed', '1', 'cold']);
  assert.equal((await json<DeployResult>(root, ['deploy', '--yes'])).functions[0]!.status, 'unchanged');

  const status = await json<ServeStatus>(root, ['serve', 'start']);
  assert.equal(status.functions[0]!.version, '1');
  const { url } = status.functions[0]!;
  assert.equal(await get(url), 'one hi very-secret-value');

  writeFileSync(join(root, 'src/greet.ts'), source('two'));
  assert.equal(await get(url), 'one hi very-secret-value', 'an edit alone changes nothing that is deployed');
  const second = (await json<DeployResult>(root, ['deploy', 'greet', '--yes'])).functions[0]!;
  assert.deepEqual([second.status, second.version, second.previous], ['deployed', '2', '1']);
  assert.ok(second.urls.includes(url));
  assert.equal(await get(url), 'two hi very-secret-value');

  const back = (await json<DeployResult>(root, ['rollback', 'greet', '--yes'])).functions[0]!;
  assert.deepEqual([back.status, back.version], ['rolledBack', '1']);
  assert.equal(await get(url), 'one hi very-secret-value');
  const unknown = await porchlight(root, ['rollback', 'greet', '--to', '9', '--yes']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no version 9/);
});

test('a new version gets a share of the calls until it gets all, or none', async (t) => {
  const root = project(t);
  const deploy = async (...more: string[]) =>
    (await json<DeployResult>(root, ['deploy', '--yes', ...more])).functions[0]!;
  const alone = await deploy('--canary', '20');
  assert.match(alone.message!, /gets all calls, as no other version serves/);
  writeFileSync(join(root, 'src/greet.ts'), source('two'));
  const shared = await deploy('--canary', '20');
  assert.deepEqual([shared.status, shared.version, shared.previous], ['deployed', '2', '1']);
  assert.match(shared.message!, /^20 % of the calls go to version 2, the others to 1\. /);
  const [url, invokeUrl] = shared.urls;
  const ask = async (times: number, address = url!): Promise<string[]> => {
    const answers: string[] = [];
    for (let call = 0; call < times; call++) answers.push((await get(address)).slice(0, 3));
    return answers;
  };
  const [one, two] = ['one', 'two'];
  assert.deepEqual(await ask(10), [one, one, one, one, two, one, one, one, one, two]);
  const plain = [];
  for (let call = 0; call < 5; call++)
    plain.push(await (await fetch(invokeUrl!, { method: 'POST', body: '{}' })).text());
  assert.equal(plain.filter((text) => text.includes('two')).length, 1, 'plain invokes are shared as well');
  const status = await json<ServeStatus>(root, ['serve', 'status']);
  assert.deepEqual(
    status.functions.map(({ function: name, version, share }) => [name, version, share]),
    [['greet', '1', { version: '2', percent: 20 }]],
  );
  assert.match((await porchlight(root, ['serve', 'status'])).stdout, /greet +1 \(80 %\), 2 \(20 %\) /);

  const { connection } = (await joinServing(root))!;
  const invocations = await connection.sendRequest(QueryInvocations, { limit: 50 });
  connection.dispose();
  const byVersion = (wanted: string) => invocations.filter(({ version }) => version === wanted).length;
  assert.deepEqual([byVersion('1'), byVersion('2')], [12, 3], 'records say which version answered');

  const back = (await json<DeployResult>(root, ['rollback', 'greet', '--yes'])).functions[0]!;
  assert.deepEqual([back.status, back.version, back.previous], ['rolledBack', '1', '2']);
  assert.deepEqual(await ask(5), [one, one, one, one, one]);

  await deploy('--canary', '50');
  assert.deepEqual(await ask(2), [one, two]);
  const whole = await deploy();
  assert.equal(whole.message, undefined);
  assert.deepEqual(await ask(3), [two, two, two]);
  assert.equal((await json<ServeStatus>(root, ['serve', 'status'])).functions[0]!.share, undefined);
});

test('what is deployed is called from a terminal, and taken away again', async (t) => {
  const root = project(t);
  const before = await porchlight(root, ['invoke', 'greet', '--target', 'local']);
  assert.equal(before.code, 2);
  assert.match(before.stderr, /greet is not deployed to "local"/);
  await json(root, ['deploy', '--yes']);
  writeFileSync(join(root, 'src/greet.ts'), source('two'));
  const answer = await porchlight(root, ['invoke', 'greet', '--target', 'local', '-e', '{}']);
  assert.deepEqual(
    [answer.code, JSON.parse(answer.stdout)],
    [0, { statusCode: 200, body: 'one hi very-secret-value' }],
  );
  assert.match(answer.stderr, /greet on local, version 1: ok/);
  assert.match(answer.stderr + answer.stdout, /one hi/);
  const told = await json<RemoteInvocation>(root, ['logs', 'greet', '--target', 'local']);
  assert.deepEqual(
    [told.target, told.function, told.status, told.event?.data, told.id === told.requestId],
    ['local', 'greet', 'ok', '{}', true],
  );
  assert.ok(!JSON.stringify(told.logs).includes('very-secret-value'));
  const called = await json<DeployedAnswer>(root, ['invoke', 'greet', '--target', 'local', '-e', '{"n":2}']);
  const { invocation } = called;
  assert.deepEqual(
    [invocation.called, invocation.status, invocation.startKind, invocation.event?.data],
    [true, 'ok', 'warm', '{"n":2}'],
  );
  const both = await porchlight(root, ['logs', 'greet', '--target', 'local', '--json']);
  const ids = both.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as RemoteInvocation).id);
  assert.deepEqual(ids, [told.id, invocation.id], 'the call and its record are the same invocation');

  const unsure = await porchlight(root, ['remove', 'greet'], 'n\n');
  assert.equal(unsure.code, 2);
  assert.match(unsure.stderr, /These go: version 1\n {2}http/);
  const removed = (await json<DeployResult>(root, ['remove', 'greet', '--yes'])).functions[0]!;
  assert.deepEqual([removed.status, removed.version], ['removed', '1']);
  assert.equal((await json<ServeStatus>(root, ['serve', 'status'])).functions.length, 0);
  assert.equal((await porchlight(root, ['remove', 'greet', '--yes'])).code, 2);
});

test('code that does not load is not deployed; an error of the handler is only told', async (t) => {
  const root = project(t);
  await json(root, ['deploy', '--yes']);
  const { url } = (await json<ServeStatus>(root, ['serve', 'start'])).functions[0]!;

  writeFileSync(join(root, 'src/greet.ts'), source('two', `throw new Error('broken at load');\n`));
  const broken = (await json<DeployResult>(root, ['deploy', '--yes'], 1)).functions[0]!;
  assert.equal(broken.status, 'failed');
  assert.match(broken.message!, /broken at load \(.*src.greet\.ts:1:\d+\)\. Version 1 goes on serving\./);
  assert.equal(await get(url), 'one hi very-secret-value');
  const kept = readdirSync(join(root, '.porchlight/deployed/functions/greet'));
  assert.deepEqual(kept.sort(), ['environment-1.json', 'versions.json']);

  writeFileSync(
    join(root, 'src/greet.ts'),
    `export const handler = async () => { throw new Error('not today'); };\n`,
  );
  const told = (await json<DeployResult>(root, ['deploy', '--yes'])).functions[0]!;
  assert.equal(told.status, 'deployed');
  assert.match(told.message!, /sample event with an error: Error: not today/);

  writeFileSync(join(root, 'src/greet.ts'), 'export const handler = (;\n');
  const refused = await porchlight(root, ['deploy', '--yes']);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /Nothing was deployed: src.greet\.ts:1:25/);
});

test('values of the environment are kept for their owner alone, and shown nowhere', async (t) => {
  const root = project(t);
  const outputs = [
    await porchlight(root, ['deploy', '--plan']),
    await porchlight(root, ['deploy', '--yes']),
    await porchlight(root, ['serve', 'start']),
    await porchlight(root, ['serve', 'status']),
  ];
  for (const { stdout, stderr } of outputs) assert.ok(!(stdout + stderr).includes('very-secret-value'));
  const folder = join(root, '.porchlight');
  const holding = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes('very-secret-value'));
  assert.deepEqual(holding, [join(folder, 'deployed/functions/greet/environment-1.json')]);
  if (process.platform === 'win32') return;
  for (const file of [...holding, join(folder, 'serve.json')])
    assert.equal(statSync(file).mode & 0o77, 0, file);
});

test('the serving process outlives who started it, is found out when it dies, and comes back at its address', async (t) => {
  const root = project(t);
  await json(root, ['deploy', '--yes']);
  const first = await json<ServeStatus>(root, ['serve', 'start']);
  assert.deepEqual(
    (await json<ServeStatus>(root, ['serve', 'start'])).pid,
    first.pid,
    'starting twice is one',
  );
  assert.equal(await get(first.functions[0]!.url), 'one hi very-secret-value');
  process.kill(first.pid!, 'SIGKILL');
  const dead = await json<ServeStatus>(root, ['serve', 'status']);
  assert.deepEqual(dead, { running: false, functions: [] });
  const again = await json<ServeStatus>(root, ['serve', 'start']);
  assert.equal(again.gateway, first.gateway);
  assert.equal((await json<ServeStatus>(root, ['serve', 'stop'])).running, false);
  assert.ok(!isAlive(again.pid!));
  await assert.rejects(fetch(again.functions[0]!.url));
});

test('the system may start serving at login, by a file that is printed', async (t) => {
  const root = project(t);
  await json(root, ['deploy', '--yes']);
  await porchlight(root, ['serve', 'stop']);
  const printed = await porchlight(root, ['serve', '--print-service', 'systemd']);
  assert.equal(printed.code, 0, printed.stderr);
  const words = [...printed.stdout.matchAll(/^ExecStart=(.*)$/gm)].flatMap(([, line]) =>
    [...line!.matchAll(/"([^"]*)"/g)].map(([, word]) => word!),
  );
  assert.equal(words[0], process.execPath);
  assert.match(printed.stderr, /systemctl --user enable --now porchlight-/);
  const child = startPorchlight(root, words.slice(2));
  const served = ended(child);
  for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false }))
    if (String(chunk).includes('serves')) break;
  const status = await json<ServeStatus>(root, ['serve', 'status']);
  assert.equal(status.pid, child.pid);
  const second = await porchlight(root, words.slice(2));
  assert.deepEqual([second.code, /served already/.test(second.stderr)], [0, true]);
  await porchlight(root, ['serve', 'stop']);
  await served;
});

test(
  'Ctrl+C during a deploy leaves the old version serving',
  { skip: process.platform === 'win32' },
  async (t) => {
    const root = project(t);
    await json(root, ['deploy', '--yes']);
    // Never done loading: the verification waits, and so does the cancel.
    writeFileSync(join(root, 'src/greet.ts'), source('two', 'while (process.uptime() < 1e9);\n'));
    const child = startPorchlight(root, ['deploy', '--yes']);
    const result = ended(child);
    for await (const chunk of child.stderr!.iterator({ destroyOnReturn: false })) {
      if (String(chunk).includes('apply done')) break;
    }
    child.kill('SIGINT');
    const { code, stdout } = await result;
    assert.equal(code, 1);
    assert.match(stdout, /greet cancelled/);
    const { versions } = JSON.parse(
      readFileSync(join(root, '.porchlight/deployed/functions/greet/versions.json'), 'utf8'),
    ) as { versions: { version: string }[] };
    assert.deepEqual(
      versions.map(({ version }) => version),
      ['1'],
    );
  },
);

test('without an answer to the question nothing is deployed', async (t) => {
  const root = project(t);
  const result = await porchlight(root, ['deploy']);
  assert.equal(result.code, 2);
  assert.match(result.stderr, /add --yes/);
  const unknown = await porchlight(root, ['deploy', '--target', 'moon', '--yes']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /no deploy target "moon". Known targets: local/);
});

test('a copy of a folder leads to nobody else’s process', async (t) => {
  const root = project(t);
  await json(root, ['deploy', '--yes']);
  const own = await json<ServeStatus>(root, ['serve', 'start']);
  const copy = project(t);
  cpSync(root, copy, { recursive: true });
  assert.equal((await json<ServeStatus>(copy, ['serve', 'status'])).running, false);
  await json(copy, ['serve', 'stop']);
  const other = await json<ServeStatus>(copy, ['serve', 'start']);
  assert.notEqual(other.pid, own.pid);
  assert.equal(await get(other.functions[0]!.url), 'one hi very-secret-value');
  assert.deepEqual((await json<ServeStatus>(root, ['serve', 'status'])).pid, own.pid);
  assert.equal(await get(own.functions[0]!.url), 'one hi very-secret-value');
});

test('TypeScript below a package.json of type module is served as it was verified', async (t) => {
  const root = project(t);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  const result = (await json<DeployResult>(root, ['deploy', '--yes'])).functions[0]!;
  assert.deepEqual([result.status, result.verification?.status], ['deployed', 'ok'], result.message);
  assert.equal(await get(result.urls[0]!), 'one hi very-secret-value');
});

test('a version that does not answer a saved event as it expects never serves', async (t) => {
  const root = project(t);
  writeTree(root, {
    'events/greet/plain.json': '{}',
    'events/greet/happy.json': '{"name":"you"}',
    'events/greet/happy.expect.yaml': 'result: { statusCode: 200, body: one hi very-secret-value }\n',
  });
  const first = (await json<DeployResult>(root, ['deploy', '--yes'])).functions[0]!;
  assert.deepEqual([first.status, first.verification?.event], ['deployed', 'happy'], first.message);
  assert.ok(first.verification!.warmMs! > 0);

  writeFileSync(join(root, 'src/greet.ts'), source('two'));
  const failed = (await json<DeployResult>(root, ['deploy', '--yes'], 1)).functions[0]!;
  assert.match(
    failed.message ?? '',
    /does not answer the saved event "happy" as expected on local: .*two hi •+.*Version 1 goes on serving/,
  );
  assert.ok(!JSON.stringify(failed).includes('very-secret-value'));

  writeTree(root, { 'events/greet/happy.expect.yaml': 'resullt: 1\n' });
  const plan = await json<DeployPlan>(root, ['deploy', '--plan'], 2);
  assert.match(plan.functions[0]!.findings[0]!.message, /happy\.expect\.yaml:1:1: .*resullt/);
});
