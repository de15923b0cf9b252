import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { RememberedMessage } from '../../../../../runtime/protocol/instance/messages.ts';
import { moduleImports } from '../../../../../runtime/languages/nodejs/bootstrap.moduleImports.ts';
import { cacheLimits, pruneCache } from '../../../../../runtime/languages/nodejs/cacheFolder.ts';
import { NodeStartMemory } from '../../../../../runtime/languages/nodejs/startMemory.ts';
import { functionDefinition } from '../../../../support/functionDefinition.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const code = { id: 'a1', loader: 'script' } as const;

function memoryIn(t: TestContext) {
  const root = tempFolder(t);
  const folder = join(root, '.porchlight', 'cache');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(root, 'package-lock.json'), '1');
  const remembered: RememberedMessage = {
    type: 'remembered',
    builtins: ['net'],
    packages: ['a', 'b', 'c'].map((request) => ({ kind: 'require', request, from: join(root, 'index.js') })),
    writes: [],
  };
  const open = (environment = 'e1') =>
    new NodeStartMemory({
      folder,
      definition: functionDefinition(root),
      interpreter: { path: '/node', version: process.versions.node, label: 'Node.js' },
      environment,
    });
  const requests = (memory: NodeStartMemory) =>
    memory.forSpare('/contract')?.packages.map(({ request }) => request);
  return { root, folder, remembered, open, requests };
}

test('nothing is known at first; then it is, also to the next host', (t) => {
  const { remembered, open, requests } = memoryIn(t);
  const memory = open();
  assert.deepEqual([requests(memory), memory.forLoad(code).learn, memory.state], [[], true, undefined]);
  memory.remembered(code, remembered);
  for (const one of [memory, open()]) {
    assert.deepEqual([requests(one), one.forLoad(code).learn], [['a', 'b', 'c'], false]);
    assert.deepEqual(one.state, { packages: ['a', 'b', 'c'], refused: [] });
  }
  assert.equal(memory.forLoad({ ...code, id: 'a2' }).learn, true);
});

test('with other variables, or other packages, it is learned anew', async (t) => {
  const { root, remembered, open, requests } = memoryIn(t);
  open().remembered(code, remembered);
  assert.deepEqual(requests(open('e2')), []);
  const memory = open();
  assert.deepEqual(requests(memory), ['a', 'b', 'c']);
  writeFileSync(join(root, 'package-lock.json'), '22');
  utimesSync(join(root, 'package-lock.json'), 1, 1);
  assert.deepEqual(requests(open()), []);
});

test('a package that is refused, and all after it, are left out for good', (t) => {
  const { remembered, open, requests } = memoryIn(t);
  const memory = open();
  memory.remembered(code, remembered);
  const command = memory.forSpare('/contract')!;
  const refused = { index: 1, reason: 'starts a timer' };
  assert.equal(memory.preloaded(command, { type: 'preloaded', files: [], refused }), 'unfit');
  memory.remembered({ ...code, id: 'a2' }, remembered);
  for (const one of [memory, open()]) {
    assert.deepEqual(requests(one), ['a']);
    assert.deepEqual(one.state, {
      packages: ['a'],
      refused: [{ package: 'b', reason: 'starts a timer' }],
    });
  }
});

test('a spare is trusted once it was fit, until the list is another one', (t) => {
  const { remembered, open } = memoryIn(t);
  const memory = open();
  memory.remembered(code, remembered);
  assert.equal(memory.trusted, false);
  const fit = memory.preloaded(memory.forSpare('/contract')!, { type: 'preloaded', files: [] });
  assert.ok(fit !== 'unfit' && fit.packages === 3 && fit.isCurrent());
  assert.equal(open().trusted, true);
  memory.remembered({ ...code, id: 'a2' }, remembered);
  assert.equal(memory.trusted, true);
  memory.remembered({ ...code, id: 'a3' }, { ...remembered, packages: remembered.packages.slice(1) });
  assert.equal(memory.trusted, false);
});

test('what is no file of ours is not believed', (t) => {
  const { folder, remembered, open, requests } = memoryIn(t);
  open().remembered(code, remembered);
  const [name] = readdirSync(folder);
  for (const text of ['', '{', '{"version":2}', '{"version":1,"packages":"all"}']) {
    writeFileSync(join(folder, name!), text);
    assert.deepEqual(requests(open()), []);
  }
});

test('only what is worth a file is asked for', (t) => {
  const { open, remembered } = memoryIn(t);
  const memory = open();
  const small = { used: 0, missed: 1, missedBytes: 1000 };
  const large = { ...small, missedBytes: 1_000_000 };
  memory.forLoad(code);
  assert.deepEqual(memory.toRemember(code, small), { type: 'remember' });
  assert.match(memory.toRemember(code, large)?.codeFile ?? '', /\.pack$/);
  memory.remembered(code, remembered);
  assert.equal(memory.toRemember(code, small), undefined);
  assert.match(memory.toRemember(code, large)?.codeFile ?? '', /\.pack$/);
  memory.remembered(code, { ...remembered, code: { error: 'no space left' } });
  assert.equal(memory.toRemember(code, large), undefined);
});

test('imports of an ES module are found in the order of their evaluation', (t) => {
  const root = tempFolder(t);
  const write = (name: string, text: string) => writeFileSync(join(root, name), text);
  write(
    'index.mjs',
    `/* import 'comment'; */\nimport fs from 'node:fs';\nimport {\n  a,\n} from "first";\nimport './own.mjs';\n` +
      `export * from '@scope/last/deep';\nconst text = "import 'text'"; // from 'remark'\nconst lazy = import('lazy');\n`,
  );
  write('own.mjs', `import 'second'; import './index.mjs';\nimport 'first';\n`);
  assert.deepEqual(
    moduleImports(join(root, 'index.mjs')).map(({ request }) => request),
    ['first', 'second', '@scope/last/deep'],
  );
});

test('the folder is kept within its bounds, oldest first', async (t) => {
  const folder = tempFolder(t);
  const now = Date.now();
  const write = (name: string, ageMs: number) => {
    writeFileSync(join(folder, name), 'x');
    const at = (now - ageMs) / 1000;
    utimesSync(join(folder, name), at, at);
  };
  write('new.pack', 1000);
  write('old.pack', cacheLimits.ageMs + 1000);
  write('being-written.tmp', 1000);
  write('left-behind.tmp', cacheLimits.temporaryMs + 1000);
  await pruneCache(folder, now);
  assert.deepEqual(readdirSync(folder).sort(), ['being-written.tmp', 'new.pack']);
  await pruneCache(join(folder, 'missing'), now);
});
