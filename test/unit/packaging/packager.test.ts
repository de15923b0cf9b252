import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { failure, project, run } from '../../support/packagerProject.ts';

test('scripts are loaded from where they lie, as their package says', async (t) => {
  const { root, prepare } = project(t, {
    'index.js': 'exports.handler = () => 1;',
    'esm/package.json': '{"type":"module"}',
    'esm/index.js': 'export const handler = () => 2;',
    'undeclared.js': '// like most examples\nexport const handler = async () => 3;',
    'plain.mjs': 'export const handler = () => 4;',
  });
  const cases = [
    ['index.handler', 'index.js', 'script', 1],
    ['esm/index.handler', 'esm/index.js', 'import', 2],
    ['undeclared.handler', 'undeclared.js', 'import', 3],
    ['plain.handler', 'plain.mjs', 'import', 4],
  ] as const;
  for (const [handler, file, loader, result] of cases) {
    const artifact = await prepare({ name: handler, handler });
    assert.deepEqual(
      [artifact.kind, artifact.entry, artifact.entryFile, artifact.loader, artifact.exportName],
      ['source', join(root, file), join(root, file), loader, 'handler'],
    );
    assert.equal(await run(artifact), result);
  }
});

test('TypeScript becomes a bundle whose map leads to the sources', async (t) => {
  const { root, prepare } = project(t, {
    'src/index.ts':
      "import { greet } from './lib/greet.js';\n\nexport const handler = (): string => greet('you');\n",
    'src/lib/greet.ts': 'export function greet(name: string): string {\n  return `hi ${name}`;\n}\n',
  });
  const artifact = await prepare({ handler: 'src/index.handler' });
  assert.equal(await run(artifact), 'hi you');
  assert.equal(artifact.kind, 'bundle');
  assert.equal(artifact.entryFile, join(root, 'src/index.ts'));
  assert.equal(artifact.sourceDir, join(root, 'src'));
  assert.equal(artifact.entry, join(root, '.porchlight/artifacts/hello', artifact.id, 'index.cjs'));
  assert.deepEqual(artifact.inputs.sort(), [join(root, 'src/index.ts'), join(root, 'src/lib/greet.ts')]);
  assert.equal(readFileSync(join(root, '.porchlight/.gitignore'), 'utf8'), '*\n');

  const text = readFileSync(artifact.entry, 'utf8');
  assert.match(text, /\/\/# sourceMappingURL=index\.cjs\.map\s*$/);
  const lines = text.split('\n');
  const line = lines.findIndex((each) => each.includes('return `hi')) + 1;
  const map = new TraceMap(readFileSync(`${artifact.entry}.map`, 'utf8'));
  const at = originalPositionFor(map, { line, column: lines[line - 1]!.indexOf('return') });
  assert.equal(resolve(dirname(artifact.entry), at.source!), join(root, 'src/lib/greet.ts'));
  assert.deepEqual([at.line, at.column], [2, 2]);
});

test('a save gives a new artifact, and undoing it gives the old one back', async (t) => {
  const { root, packager, prepare, write } = project(t, { 'index.ts': 'export const handler = () => 1;' });
  const first = await prepare();
  assert.equal(await prepare(), first);
  write({ 'index.ts': 'export const handler = () => 2;' });
  assert.equal(await prepare(), first, 'nobody told that the file changed');
  assert.deepEqual(packager.invalidate([join(root, 'index.ts')]), ['hello']);
  const second = await prepare();
  assert.notEqual(second.id, first.id);
  assert.equal(await run(second), 2);
  write({ 'index.ts': 'export const handler = () => 1;' });
  packager.invalidate([join(root, 'index.ts')]);
  assert.equal((await prepare()).id, first.id);
});

test('only the newest three artifacts of a function are kept', async (t) => {
  const { root, packager, prepare, write } = project(t, {});
  const ids: string[] = [];
  for (let i = 0; i < 5; i++) {
    write({ 'index.ts': `export const handler = () => ${i};` });
    packager.invalidate([join(root, 'index.ts')]);
    ids.push((await prepare()).id);
  }
  const kept = readdirSync(join(root, '.porchlight/artifacts/hello'));
  assert.equal(kept.length, 3);
  assert.ok(kept.includes(ids[4]!));
});

test('callers share a build, and a change during it means another', async (t) => {
  const { root, packager, prepare, write } = project(t, { 'index.ts': 'export const handler = () => 1;' });
  const [a, b] = await Promise.all([prepare(), prepare()]);
  assert.equal(a, b);
  packager.invalidate([join(root, 'index.ts')]);
  const before = prepare();
  write({ 'index.ts': 'export const handler = () => 2;' });
  packager.invalidate([join(root, 'index.ts')]);
  await before;
  assert.equal(await run(await prepare()), 2);
});

test('all who come while an outdated build runs get the next one', async (t) => {
  const { root, packager, prepare, write } = project(t, { 'index.ts': 'export const handler = () => 1;' });
  await prepare();
  packager.invalidate([join(root, 'index.ts')]);
  const outdated = prepare();
  await setImmediate();
  write({ 'index.ts': 'export const handler = () => 2;' });
  packager.invalidate([join(root, 'index.ts')]);
  const [one, other] = await Promise.all([prepare(), prepare(), outdated]);
  assert.equal(await run(one), 2);
  assert.equal(other, one);
});

test('sources know their own place', async (t) => {
  const { root, prepare } = project(t, {
    'src/index.ts': `import { place } from './deep/place.js';
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
export const handler = () => [__dirname, import.meta.url, place, require('./data.json').ok];`,
    'src/data.json': '{"ok":true}',
    'src/deep/place.ts': 'export const place = [__filename, import.meta.dirname];',
  });
  const source = join(root, 'src');
  assert.deepEqual(await run(await prepare({ handler: 'src/index.handler' })), [
    source,
    pathToFileURL(join(source, 'index.ts')).href,
    [join(source, 'deep/place.ts'), join(source, 'deep')],
    true,
  ]);
});

test('top-level await makes an ES module of the bundle', async (t) => {
  const { prepare } = project(t, {
    'index.ts': `import { createRequire } from 'node:module';
import dep from 'dep';
import { old } from './old.cjs';
const require = createRequire(import.meta.url);
const value = await Promise.resolve('awaited');
export const handler = () => [value, dep, typeof require, old];`,
    'old.cjs': "exports.old = require('dep');",
    'node_modules/dep/index.js': "module.exports = 'dep';",
  });
  const artifact = await prepare();
  assert.equal(artifact.loader, 'import');
  assert.deepEqual(await run(artifact), ['awaited', 'dep', 'function', 'dep']);
});

test('the bundling the project file asks for is honoured', async (t) => {
  const { root, prepare } = project(t, {
    'app/src/handlers/orders.ts': 'declare const STAGE: string;\nexport const handler = () => STAGE;',
    'app/src/other.ts': 'export const handler = () => 0;',
  });
  const build = { method: 'esbuild' as const, external: [], define: { STAGE: '"dev"' } };
  const single = await prepare({
    name: 'single',
    codeRoot: join(root, 'app'),
    handler: 'orders.handler',
    build: { ...build, entryPoints: ['src/handlers/orders.ts'], format: 'esm' },
  });
  assert.equal(await run(single), 'dev');
  assert.equal(single.loader, 'import');
  const several = await prepare({
    name: 'several',
    codeRoot: join(root, 'app'),
    handler: 'handlers/orders.handler',
    build: { ...build, entryPoints: ['src/handlers/orders.ts', 'src/other.ts'] },
  });
  assert.equal(several.entryFile, join(root, 'app/src/handlers/orders.ts'));
});

test('compiled output is built from its source', async (t) => {
  const source = { 'src/api/index.ts': "export const handler = () => 'fresh';" };
  const stale = "exports.handler = () => 'stale';";
  const cases: Record<string, Record<string, string>> = {
    'outDir with rootDir': {
      'tsconfig.json': '{ "extends": "./tsconfig.base", "compilerOptions": { "rootDir": "src", }, }',
      'tsconfig.base.json': '{ "compilerOptions": { "outDir": "./dist" } }',
      'dist/api/index.js': stale,
    },
    'outDir without rootDir': {
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist" } }',
      'dist/api/index.js': stale,
    },
    'never built': {},
  };
  for (const [name, files] of Object.entries(cases)) {
    const { root, prepare } = project(t, { ...source, ...files });
    const byCode = await prepare({ name: 'a', codeRoot: join(root, 'dist'), handler: 'api/index.handler' });
    const byHandler = await prepare({ name: 'b', handler: 'dist/api/index.handler' });
    for (const artifact of [byCode, byHandler]) assert.equal(await run(artifact), 'fresh', name);
  }
});

test('hooks in a file of their own share modules with the handler', async (t) => {
  const { prepare } = project(t, {
    'index.ts': "import { state } from './state.js';\nexport const handler = () => state.ready;",
    'hooks.ts': "import { state } from './state.js';\nexport const init = () => { state.ready = true; };",
    'state.ts': 'export const state = { ready: false };',
  });
  const artifact = await prepare({
    platform: 'aliyun-fc',
    initializer: { handler: 'hooks.init', timeoutMs: 1000 },
  });
  assert.equal(artifact.initializer?.entry, artifact.entry);
  await run({ ...artifact, exportName: artifact.initializer!.exportName });
  assert.equal(await run(artifact), true);
});

test('a missing module is told with the nearest one', async (t) => {
  const { prepare } = project(t, { 'src/index.ts': 'export {};', 'orders.js': '' });
  const cases = [
    ['ordres.handler', 'Module \'ordres\' is missing. Did you mean "orders"?'],
    ['index.handler', 'Module \'index\' is missing. Did you mean "src/index"?'],
    [
      'quite/different.handler',
      "Module 'quite/different' is missing. Correct the handler or the code folder.",
    ],
  ];
  for (const [handler, message] of cases) {
    const error = await failure(prepare({ handler: handler! }));
    assert.deepEqual([error.code, error.message], ['MODULE_MISSING', message]);
  }
  assert.equal((await failure(prepare({ handler: 'index' }))).code, 'HANDLER_INVALID');
  assert.equal((await failure(prepare({ handler: '' }))).code, 'HANDLER_MISSING');
});

test('a syntax error is told with its place, and mending it is enough', async (t) => {
  const { root, packager, prepare, write } = project(t, {
    'index.ts': 'export const handler = () => {\n  retrun 1;\n};\n',
  });
  const error = await failure(prepare());
  assert.equal(error.code, 'BUILD_FAILED');
  assert.match(error.message, /^index\.ts:2:10: Expected ";" but found "1"\. Correct the line/);
  assert.deepEqual([error.facts['path'], error.facts['line']], [join(root, 'index.ts'), 2]);
  write({ 'index.ts': 'export const handler = () => 1;' });
  assert.deepEqual(packager.invalidate([join(root, 'index.ts')]), ['hello']);
  assert.equal(await run(await prepare()), 1);
});

test('changes reach the functions they concern', async (t) => {
  const { root, packager, prepare } = project(t, {
    'a/index.js': "const { x } = require('../shared/x');\nexports.handler = () => x;",
    'shared/x.js': 'exports.x = 1;',
    'b/index.ts': 'export const handler = () => 2;',
    'b/page.html': '<p>',
    'package.json': '{}',
  });
  await prepare({ name: 'a', codeRoot: join(root, 'a') });
  await prepare({ name: 'b', codeRoot: join(root, 'b') });
  const cases: [string, string[]][] = [
    ['shared/x.js', ['a']],
    ['b/index.ts', ['b']],
    ['b/page.html', ['b']],
    ['b/new.ts', ['b']],
    ['b/state.db', []],
    ['README.md', []],
    ['b/node_modules/p/index.js', []],
    ['b/node_modules/.package-lock.json', ['b']],
    ['package.json', ['a', 'b']],
    ['.porchlight/artifacts/b/x/index.cjs', []],
    ['.git/index', []],
  ];
  for (const [file, functions] of cases) {
    assert.deepEqual(packager.invalidate([join(root, file)]), functions, file);
    await prepare({ name: 'a', codeRoot: join(root, 'a') });
    await prepare({ name: 'b', codeRoot: join(root, 'b') });
  }
});

test('the hash follows what the code may see, and nothing else', async (t) => {
  const { root, packager, prepare, write } = project(t, {
    'index.js': "const data = require('./data.json');\nexports.handler = () => data;",
    'data.json': '1',
    'page.html': 'a',
    'package.json': '{}',
    'unrelated.js': '',
  });
  const idAfter = async (files: Record<string, string>) => {
    write(files);
    packager.invalidate(Object.keys(files).map((file) => join(root, file)));
    return (await prepare()).id;
  };
  const first = await idAfter({});
  assert.equal(
    await idAfter({ 'index.js': readFileSync(join(root, 'index.js'), 'utf8') }),
    first,
    'same content',
  );
  assert.equal(await idAfter({ 'unrelated.js': '1' }), first);
  for (const files of [
    { 'data.json': '22' },
    { 'page.html': 'bb' },
    { 'package.json': '{"type":"commonjs"}' },
  ]) {
    assert.notEqual(await idAfter(files), first, JSON.stringify(files));
  }
});

test('names that are no file names get folders of their own', async (t) => {
  const { root, prepare } = project(t, { 'index.ts': 'export const handler = () => 1;' });
  for (const name of ['a/b', 'a:b', '..', 'ä']) {
    const artifact = await prepare({ name });
    assert.equal(dirname(dirname(dirname(artifact.entry))), join(root, '.porchlight/artifacts'));
    assert.ok(existsSync(artifact.entry));
  }
  assert.equal(readdirSync(join(root, '.porchlight/artifacts')).length, 4);
});

test('a package.json above the code folder does not change what its scripts are', async (t) => {
  const { root, prepare } = project(t, {
    'package.json': '{"type":"module"}',
    'fn/index.js': "const { x } = require('./x');\nexports.handler = () => [x, __filename];",
    'fn/x.js': 'exports.x = 1;',
    'esm/index.js': 'export const handler = () => 2;',
  });
  const common = await prepare({ name: 'fn', codeRoot: join(root, 'fn') });
  assert.deepEqual(await run(common), [1, join(root, 'fn/index.js')]);
  const module = await prepare({ name: 'esm', codeRoot: join(root, 'esm') });
  assert.deepEqual([module.kind, module.loader, await run(module)], ['source', 'import', 2]);
});
