import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import Module from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import { serveDevRequests } from '../../runtime/host/devRequests.ts';
import { watchImportCosts } from '../../runtime/host/profileRequests.ts';
import type { ColdStartProfile, ImportCosts, ModuleCost } from '../../runtime/model/coldStartProfile.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import {
  FilesSaved,
  ImportCostsChanged,
  ListImportCosts,
  ListProfiles,
  Profile,
  ProfileProgressed,
  QueryInvocations,
  type ProfileParams,
} from '../../runtime/protocol/control/messages.ts';
import { isAlive } from '../../runtime/support/processTree.ts';
import { porchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** Takes time that no clock of a busy machine takes for nothing. */
const busy = (ms: number) => `const until = Date.now() + ${ms}; while (Date.now() < until);\n`;

const files = {
  'porchlight.yaml': `functions:
  plain: { handler: plain.handler, platform: aws-lambda }
  typed: { handler: src/typed.handler, platform: aliyun-fc }
  esm: { handler: esm/main.handler, platform: aws-lambda }
  fails: { handler: plain.fails, platform: aws-lambda }
  broken: { handler: broken.handler, platform: aws-lambda }
`,
  'node_modules/slow/package.json': '{"name":"slow","main":"lib/main.js"}',
  'node_modules/slow/lib/main.js': `require('shared');\nrequire('./inner');\n${busy(8)}`,
  'node_modules/slow/lib/inner.js': busy(6),
  'node_modules/shared/index.js': busy(5),
  'node_modules/@scope/other/index.js': `require('shared');\nmodule.exports = { other: 1 };\n${busy(4)}`,
  'node_modules/pure/package.json': '{"name":"pure","type":"module","exports":"./index.js"}',
  'node_modules/pure/index.js': `import './deep.js';\n${busy(7)}export const pure = 1;\n// the end`,
  'node_modules/pure/deep.js': busy(5),
  'plain.js': `const one = require('slow'); // first
const { other } = require('@scope/other');
const own = require('./own.js');

exports.handler = async () => [one, other, own];
exports.fails = async () => { throw new Error('not today'); };
`,
  'own.js': `require('node:crypto');
try { require('not-installed'); } catch {}
require('slow');
${busy(3)}`,
  'src/typed.ts': `import { helper } from './helper.ts';
import {
  other,
} from '@scope/other';
import 'slow';

export const handler = async () => [helper, other];
`,
  'src/helper.ts': `import 'shared';
export const helper = 'x'.repeat(3);
`,
  'tsconfig.json': '{"compilerOptions":{"allowImportingTsExtensions":true}}',
  'esm/main.mjs': `import { pure } from 'pure';
import slow from 'slow';
import { near } from './near.mjs';
export const handler = async () => [pure, slow, near];
`,
  'esm/near.mjs': `import '@scope/other';\nexport const near = 1;\n`,
  'broken.js': `require('nowhere-to-be-found');\n`,
};

async function start(t: TestContext) {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'porchlight-test-')));
  writeTree(root, files);
  const host = await startDevHost({
    root,
    port: 0,
    version: '0.0.0-test',
    announce: false,
    extend: serveDevRequests,
  });
  const progress: string[] = [];
  const told: ImportCosts[] = [];
  const connection = await connectControl({
    url: host.control.url,
    token: host.control.token,
    subscribe: true,
    client: { kind: 'editor', name: 'test', pid: process.pid },
    setUp: (of) => {
      of.onNotification(ProfileProgressed, ({ run, runs }) => progress.push(`${run} of ${runs}`));
      of.onNotification(ImportCostsChanged, (costs) => told.push(costs));
    },
  });
  t.after(async () => {
    connection.dispose();
    await host.close('test ended');
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  });
  const profile = (name: string, more: Partial<ProfileParams> = {}) =>
    connection.sendRequest(Profile, { function: name, runs: 2, ...more });
  return { root, host, connection, profile, progress, told };
}

const byName = ({ modules }: ColdStartProfile, name: string): ModuleCost => {
  const found = modules.find((module) => module.name === name);
  assert.ok(found, `${name} is missing among ${modules.map((module) => module.name).join(', ')}`);
  return found;
};

/** `file:line name`, with the file below the project. */
const places = (root: string, { imports }: Pick<ColdStartProfile, 'imports'>): string[] =>
  imports
    .map(({ at, name }) => `${at.file.slice(root.length + 1).replaceAll('\\', '/')}:${at.line} ${name}`)
    .sort();

/** What holds for every profile, whatever the machine was doing. */
function assertConsistent(profile: ColdStartProfile): void {
  const { modules, packages } = profile;
  for (const [index, { name, totalMs, selfMs, onlyMs, share, loadedBy }] of modules.entries()) {
    assert.ok(selfMs <= totalMs + 0.01, `${name}: self ${selfMs} is more than total ${totalMs}`);
    assert.ok(onlyMs >= selfMs - 0.01, `${name}: only ${onlyMs} is less than self ${selfMs}`);
    assert.ok(share >= 0 && share <= 1);
    if (loadedBy === undefined) continue;
    assert.ok(loadedBy < index, `${name} stands before what loads it`);
    assert.ok(totalMs <= modules[loadedBy]!.totalMs + 0.01);
  }
  const children = modules.filter(({ loadedBy }) => loadedBy === undefined);
  const all = modules.reduce((sum, { selfMs }) => sum + selfMs, 0);
  const roots = children.reduce((sum, { totalMs }) => sum + totalMs, 0);
  assert.ok(Math.abs(all - roots) < 0.5, `own times sum to ${all}, trees to ${roots}`);
  const perPackage = packages.reduce((sum, { selfMs }) => sum + selfMs, 0);
  assert.ok(Math.abs(all - perPackage) < 0.5, `own times sum to ${all}, packages to ${perPackage}`);
}

test('plain CommonJS: each require has its line, what is shared belongs to the first', async (t) => {
  const { root, profile, progress, connection, host } = await start(t);
  const made = await profile('plain', { runs: 3 });
  assertConsistent(made);
  assert.deepEqual(progress, ['1 of 3', '2 of 3', '3 of 3']);
  assert.equal(made.runs, 3);
  assert.deepEqual(
    made.phases.map(({ name }) => name),
    ['queue', 'spawn', 'boot', 'load', 'handler', 'teardown'],
  );
  assert.deepEqual(places(root, made), [
    'own.js:1 node:crypto',
    'own.js:3 slow',
    'plain.js:1 slow',
    'plain.js:2 @scope/other',
    'plain.js:3 own.js',
  ]);
  const slow = made.imports.find(({ at }) => at.line === 1 && at.file.endsWith('plain.js'))!;
  assert.equal(slow.text, "const one = require('slow'); // first");
  assert.equal(slow.at.column, 13, 'the wrapper on the first line is not counted');
  // own.js asks for it again: there it costs nothing, and taking away one of the two saves nothing of it.
  const again = made.imports.find(({ at }) => at.file.endsWith('own.js') && at.line === 3)!;
  assert.equal(again.totalMs, 0);
  assert.equal(slow.onlyMs, 0);
  const loader = (name: string) => made.modules[byName(made, name).loadedBy ?? -1]?.name;
  assert.equal(loader('shared/index.js'), 'slow/lib/main.js');
  assert.equal(loader('slow/lib/inner.js'), 'slow/lib/main.js');
  assert.equal(loader('slow/lib/main.js'), 'plain.js');
  assert.equal(loader('own.js'), 'plain.js');
  assert.equal(loader('plain.js'), undefined);
  // What it waits for is waited for on every machine.
  assert.ok(byName(made, 'slow/lib/main.js').totalMs >= 16);
  assert.ok(byName(made, '@scope/other/index.js').onlyMs >= 3);
  assert.deepEqual(
    made.packages
      .map(({ name }) => name)
      .filter((name) => name !== '(Node.js)')
      .sort(),
    ['(own code)', '@scope/other', 'shared', 'slow'],
  );
  const recorded = await connection.sendRequest(QueryInvocations, { function: 'plain', limit: 10 });
  assert.deepEqual(
    recorded.map(({ label, startKind }) => `${label} ${startKind}`),
    ['profile run 3 of 3 cold', 'profile run 2 of 3 cold', 'profile run 1 of 3 cold'],
  );
  assert.equal(host.registry.get('plain').pool.slots.length, 0);
  for (const { instance } of recorded) assert.ok(!isAlive(instance!.pid), 'each process ends with its run');
});

test('a bundle: imports lead to the lines of the sources', async (t) => {
  const { root, profile } = await start(t);
  const made = await profile('typed');
  assertConsistent(made);
  // The mark of a statement over several lines stands where its package is named.
  assert.deepEqual(places(root, made), [
    'src/helper.ts:1 shared',
    'src/typed.ts:4 @scope/other',
    'src/typed.ts:5 slow',
  ]);
  assert.equal(made.imports.find(({ name }) => name === '@scope/other')?.text, "} from '@scope/other';");
  const own = made.modules.filter(({ kind }) => kind === 'own');
  assert.deepEqual(own.map(({ name }) => name).sort(), ['src/helper.ts', 'src/typed.ts']);
  assert.ok(own.every(({ estimated }) => estimated));
  assert.equal(made.modules[byName(made, 'shared/index.js').loadedBy!]?.name, 'src/helper.ts');
  assert.match(made.notes.join(), /shared out among them by size/);
});

test('ES modules: timed where Node has hooks for it, named by their lines in any case', async (t) => {
  const { root, profile } = await start(t);
  const made = await profile('esm');
  assertConsistent(made);
  const hooks = 'registerHooks' in Module;
  if (hooks) {
    assert.deepEqual(places(root, made), [
      'esm/main.mjs:1 pure',
      'esm/main.mjs:2 slow',
      'esm/main.mjs:3 esm/near.mjs',
      'esm/near.mjs:1 @scope/other',
    ]);
    assert.ok(byName(made, 'pure/index.js').totalMs >= 10);
    assert.equal(made.modules[byName(made, 'pure/deep.js').loadedBy!]?.name, 'pure/index.js');
    assert.equal(made.modules[byName(made, '@scope/other/index.js').loadedBy!]?.name, 'esm/near.mjs');
    assert.equal(made.modules[byName(made, 'shared/index.js').loadedBy!]?.name, 'slow/lib/main.js');
  } else {
    assert.deepEqual(places(root, made), ['esm/main.mjs:2 slow', 'esm/near.mjs:1 @scope/other']);
    assert.ok(made.imports.every(({ estimated }) => estimated));
    assert.match(made.notes.join(), /could not time ES modules/);
  }
});

test('a handler that fails is profiled, code that does not load is not', async (t) => {
  const { profile, root, connection } = await start(t);
  assert.equal((await profile('fails', { runs: 1 })).runs, 1);
  await assert.rejects(profile('broken'), {
    code: 'PROFILE_IMPOSSIBLE',
    message: /broken cannot be profiled: its code does not load.*nowhere-to-be-found/s,
  });
  await profile('typed', { runs: 1 });
  const file = join(root, 'src/typed.ts');
  writeFileSync(file, 'export const handler = async () => [;\n');
  connection.sendNotification(FilesSaved, { files: [file] });
  await assert.rejects(profile('typed'), { code: /BUILD_FAILED|PROFILE_IMPOSSIBLE/, message: /typed\.ts:1/ });
  await assert.rejects(profile('plain', { runs: 0 }), { code: 'USAGE', message: /from 1 to 100/ });
  await assert.rejects(profile('plan'), { code: 'FUNCTION_UNKNOWN' });
});

test('cancelling ends early with what ran; a function is profiled once at a time', async (t) => {
  const { connection, profile, host } = await start(t);
  const abort = new AbortController();
  let second: Promise<unknown> | undefined;
  connection.onNotification(ProfileProgressed, ({ run }) => {
    if (run === 1) second = assert.rejects(profile('plain'), { message: /profiled already/ });
    if (run === 2) abort.abort();
  });
  const made = await connection.sendRequest(
    Profile,
    { function: 'plain', runs: 50 },
    { signal: abort.signal },
  );
  await second;
  assert.ok(made.runs >= 1 && made.runs < 50, `${made.runs} runs`);
  assert.equal(host.registry.get('plain').running.keys().length, 0);
});

test('profiles are kept by artifact, newest first, and found by the next host', async (t) => {
  const { root, profile, connection, told } = await start(t);
  const first = await profile('plain', { runs: 1 });
  writeFileSync(join(root, 'own.js'), '// nothing of it is needed\n');
  await connection.sendRequest(ListProfiles, { function: 'plain' });

  connection.sendNotification(FilesSaved, { files: [join(root, 'own.js')] });
  const second = await profile('plain', { runs: 1 });
  assert.notEqual(first.artifact, second.artifact);
  const kept = await connection.sendRequest(ListProfiles, { function: 'plain' });
  assert.deepEqual(
    kept.map(({ artifact }) => artifact),
    [second.artifact, first.artifact],
  );
  assert.deepEqual(kept[0], second);
  assert.deepEqual(
    told.map(({ artifact }) => artifact),
    [first.artifact, second.artifact],
  );
  const costs = await connection.sendRequest(ListImportCosts);
  assert.deepEqual(
    costs.map(({ function: name, artifact }) => `${name} ${artifact}`),
    [`plain ${second.artifact}`],
  );
});

test('the first load of new code tells what its imports cost, later ones are left alone', async (t) => {
  const { host, connection, root } = await start(t);
  watchImportCosts(host);
  const change = new Promise<ImportCosts>((resolve) => {
    connection.onNotification(ImportCostsChanged, resolve);
  });
  await invoke(host, 'plain', {}, 'cold');
  const costs = await change;
  assert.equal(costs.passive, true);
  assert.equal(costs.runs, 1);
  assert.deepEqual(places(root, costs).slice(2), [
    'plain.js:1 slow',
    'plain.js:2 @scope/other',
    'plain.js:3 own.js',
  ]);
  const runtime = host.registry.get('plain');
  // The same load shows what to preload: our hooks are not taken for the function's.
  for (const { settling } of runtime.pool.slots) await settling;
  assert.deepEqual(runtime.starts.state, {
    packages: ['slow', '@scope/other', 'not-installed'],
    refused: [],
  });
  assert.equal(runtime.imports.wants(await runtime.prepareArtifact()), undefined);
});

test('the command line shows phases, imports and modules, and compares', async (t) => {
  const root = tempFolder(t);
  writeTree(root, files);
  const early = await porchlight(root, ['profile', 'plain', '-n', '1', '--compare']);
  assert.equal(early.code, 2);
  assert.match(early.stderr, /no earlier profile of plain to compare with: none is kept/);
  const first = await porchlight(root, ['profile', 'plain', '-n', '2']);
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^plain · Node\.js .* · 2 cold starts\n/);
  assert.match(first.stdout, /^boot +[\d.]+ ms .*█/m);
  assert.match(first.stdout, /^slow .* plain\.js:1$|^slow .*\/plain\.js:1$/m);
  assert.match(first.stdout, /^ {2}slow\/lib\/main\.js .* ms/m);
  assert.deepEqual(
    first.stdout.split('\n').filter((line) => line.length > 80),
    [],
  );
  writeFileSync(join(root, 'plain.js'), files['plain.js'].replace("require('@scope/other')", '{}'));
  const second = await porchlight(root, ['profile', 'plain', '-n', '1', '--compare', '--json']);
  assert.equal(second.code, 0, second.stderr);
  const parsed = JSON.parse(second.stdout) as ColdStartProfile & {
    comparison: { packages: { name: string; afterMs?: number }[]; before: { runs: number } };
  };
  assert.equal(parsed.comparison.before.runs, 2);
  const gone = parsed.comparison.packages.find(({ name }) => name === '@scope/other');
  assert.ok(gone && gone.afterMs === undefined);
});
