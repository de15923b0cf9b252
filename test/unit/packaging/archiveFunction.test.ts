import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import type { Archive } from '../../../runtime/packaging/archive.ts';
import { archiveFunction } from '../../../runtime/packaging/archiveFunction.ts';
import { writeTree } from '../../support/fileTree.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { tempFolder } from '../../support/tempFolder.ts';

function project(t: TestContext, files: Record<string, string>): string {
  const root = tempFolder(t);
  writeTree(root, files);
  return root;
}

function archive(root: string, changes: Partial<FunctionDefinition> = {}): Promise<Archive> {
  const places = join(root, '.porchlight', 'deployed', 'packages', '0'.repeat(64));
  return archiveFunction(functionDefinition(root, changes), { root, places });
}

const paths = ({ files }: Archive): string[] => files.map(({ path }) => path);
const codes = ({ findings }: Archive): string[] => findings.map(({ code }) => code).sort();

/** Writes an archive somewhere else and gives what a small script prints there. */
function run(t: TestContext, { files }: Archive, script: string): string {
  const folder = tempFolder(t);
  for (const { path, content } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    if ('data' in content) writeFileSync(file, content.data);
    else symlinkSync(content.file, file);
  }
  const args = ['--preserve-symlinks', '-e', script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

const packageOf = (name: string, more: object = {}): string =>
  JSON.stringify({ name, version: '1.0.0', ...more });

test('plain scripts: the code folder as it is, without what never leaves the machine', async (t) => {
  const root = project(t, {
    'src/index.js': `exports.handler = async () => require('./lib/tool.js');`,
    'src/lib/tool.js': 'module.exports = 1;',
    'src/test/tool.test.js': '',
    'src/.env': 'SECRET=1',
    'src/.env.production': 'SECRET=2',
    'src/.git/config': '',
    'src/.npmrc': '//registry/:_authToken=x',
    'src/server.key': 'x',
    'src/id_rsa': 'x',
    'src/id_rsa.pub': 'x',
    'src/ca.pem': '-----BEGIN CERTIFICATE-----',
    'src/tls.pem': '-----BEGIN RSA PRIVATE KEY-----',
    'src/.porchlight/host.json': '{}',
    'other/file.js': '',
  });
  const made = await archive(root, { codeRoot: join(root, 'src') });
  assert.deepEqual(paths(made), [
    'ca.pem',
    'id_rsa.pub',
    'index.js',
    'lib/tool.js',
    'package.json',
    'test/tool.test.js',
  ]);
  assert.deepEqual(codes(made), ['KEY_LEFT_OUT', 'KEY_LEFT_OUT', 'KEY_LEFT_OUT']);
  assert.deepEqual(made.start, { entry: 'index.js', loader: 'script', exportName: 'handler' });
});

test('tests of functions stay here: expectations, and the saved events they belong to', async (t) => {
  const root = project(t, {
    'index.js': 'exports.handler = async () => 1;',
    'package.json': '{}',
    'events/order.json': '{}',
    'events/order.expect.yaml': 'result: 1',
    'events/data.json': '{}',
  });
  assert.deepEqual(paths(await archive(root)), ['events/data.json', 'index.js', 'package.json']);
});

test('the hash is of the content: neither of times nor of places', async (t) => {
  const files = { 'index.js': 'exports.handler = () => 1;', 'a/b.txt': 'b' };
  const [one, two] = [await archive(project(t, files)), await archive(project(t, files))];
  assert.equal(one.hash, two.hash);
  assert.match(one.hash, /^[0-9a-f]{64}$/);
  const other = await archive(project(t, { ...files, 'a/b.txt': 'c' }));
  assert.notEqual(one.hash, other.hash);
  const moved = await archive(project(t, { 'index.js': files['index.js'], 'a/c.txt': 'b' }));
  assert.notEqual(one.hash, moved.hash);
});

test('links: inside they become files, outside they are refused, loops end', async (t) => {
  const outside = project(t, { 'secret.txt': 'x' });
  const root = project(t, { 'fn/index.js': 'exports.handler = () => 1;', 'shared/tool.js': '' });
  symlinkSync(join(root, 'shared'), join(root, 'fn', 'shared'));
  symlinkSync(join(root, 'fn'), join(root, 'fn', 'loop'));
  symlinkSync(join(outside, 'secret.txt'), join(root, 'fn', 'secret.txt'));
  symlinkSync(join(root, 'nowhere'), join(root, 'fn', 'broken'));
  const made = await archive(root, { codeRoot: join(root, 'fn') });
  assert.deepEqual(paths(made), ['index.js', 'package.json', 'shared/tool.js']);
  assert.deepEqual(codes(made), ['LINK_BROKEN', 'LINK_OUTSIDE']);
  assert.equal(made.findings.find(({ code }) => code === 'LINK_OUTSIDE')?.severity, 'error');
});

test('packages: what runs is shipped, what only builds is not; two versions both find theirs', async (t) => {
  const root = project(t, {
    'index.js': `exports.handler = () => [require('a'), require('b')]; require('missing-one'); require('dev');`,
    'package.json': JSON.stringify({
      dependencies: { a: '1', b: '2', gone: '1', '@s/c': '1' },
      devDependencies: { dev: '1' },
    }),
    'node_modules/a/package.json': packageOf('a', { dependencies: { b: '1' } }),
    'node_modules/a/index.js': `module.exports = 'a with ' + require('b');`,
    'node_modules/a/node_modules/b/package.json': packageOf('b'),
    'node_modules/a/node_modules/b/index.js': `module.exports = 'b1';`,
    'node_modules/b/package.json': packageOf('b'),
    'node_modules/b/index.js': `module.exports = 'b2';`,
    'node_modules/@s/c/package.json': packageOf('@s/c', { dependencies: { d: '1' } }),
    'node_modules/d/package.json': packageOf('d'),
    'node_modules/dev/package.json': packageOf('dev'),
    'node_modules/.bin/tool': '',
  });
  const made = await archive(root);
  assert.deepEqual(
    paths(made).filter((path) => path.endsWith('package.json')),
    [
      'node_modules/@s/c/package.json',
      'node_modules/a/node_modules/b/package.json',
      'node_modules/a/package.json',
      'node_modules/b/package.json',
      'node_modules/d/package.json',
      'package.json',
    ],
  );
  assert.deepEqual(codes(made), ['PACKAGE_MISSING', 'PACKAGE_NOT_SHIPPED', 'PACKAGE_NOT_SHIPPED']);
  assert.match(run(t, made, `console.log(require('a'), require('b'))`), /a with b1 b2/);
});

test('packages in a store of links (pnpm) become plain folders', async (t) => {
  const store = 'node_modules/.pnpm';
  const root = project(t, {
    'index.js': `exports.handler = () => require('a');`,
    'package.json': JSON.stringify({ dependencies: { a: '1' } }),
    [`${store}/a@1/node_modules/a/package.json`]: packageOf('a', { dependencies: { b: '1' } }),
    [`${store}/a@1/node_modules/a/index.js`]: `module.exports = 'a and ' + require('b');`,
    [`${store}/b@1/node_modules/b/package.json`]: packageOf('b', { dependencies: { a: '1' } }),
    [`${store}/b@1/node_modules/b/index.js`]: `module.exports = 'b';`,
  });
  const at = (path: string): string => join(root, 'node_modules', path);
  symlinkSync(at('.pnpm/a@1/node_modules/a'), at('a'));
  symlinkSync(at('.pnpm/b@1/node_modules/b'), at('.pnpm/a@1/node_modules/b'));
  symlinkSync(at('.pnpm/a@1/node_modules/a'), at('.pnpm/b@1/node_modules/a'));
  const made = await archive(root);
  assert.deepEqual(made.findings, []);
  assert.match(run(t, made, `console.log(require('a'))`), /a and b/);
});

test('the type of scripts is the same wherever the archive lies', async (t) => {
  const typeOf = async (files: Record<string, string>, codeRoot: string, handler = 'index.handler') => {
    const root = project(t, files);
    const { files: made, start } = await archive(root, { codeRoot: join(root, codeRoot), handler });
    const { content } = made.find(({ path }) => path === 'package.json')!;
    const text =
      'data' in content ? Buffer.from(content.data).toString() : readFileSync(content.file, 'utf8');
    return `${start.loader} ${text.trim()}`;
  };
  const module = { 'package.json': '{"type":"module"}', 'tsconfig.json': '{}' };
  const esm = 'export const handler = () => 1;';
  const cjs = 'exports.handler = () => 1;';
  assert.equal(await typeOf({ ...module, 'fn/index.js': esm }, 'fn'), 'import {"type":"module"}');
  assert.equal(
    await typeOf({ ...module, 'a/package.json': '{}', 'a/fn/index.js': cjs }, 'a/fn'),
    'script {}',
  );
  assert.equal(await typeOf({ 'fn/index.js': esm }, 'fn'), 'import {}');
  assert.equal(
    await typeOf({ ...module, 'src/app.ts': esm }, '.', 'src/app.handler'),
    'script {"type":"commonjs"}',
  );
});

test('TypeScript: one file with its packages, where the platform looks for the handler', async (t) => {
  const root = project(t, {
    'src/app.ts': `import { b } from 'b'; import { own } from './own.ts'; export const handler = async (): Promise<string> => b + own;`,
    'src/own.ts': `export const own: string = 'own';`,
    'src/unrelated.html': '',
    'package.json': '{}',
    'node_modules/b/package.json': packageOf('b'),
    'node_modules/b/index.js': `exports.b = 'b and ';`,
  });
  const made = await archive(root, { handler: 'src/app.handler' });
  assert.deepEqual(paths(made), ['package.json', 'src/app.js', 'src/app.js.map']);
  assert.deepEqual(made.start, { entry: 'src/app.js', loader: 'script', exportName: 'handler' });
  assert.match(run(t, made, `require('./src/app.js').handler().then(console.log)`), /b and own/);
  assert.deepEqual((await archive(root, { handler: 'src/app.handler' })).hash, made.hash);
});

test('TypeScript with top-level await becomes a module; hooks in files of their own share one bundle', async (t) => {
  const root = project(t, {
    'main.ts': `import { state } from './state.ts'; await Promise.resolve(); export const handler = () => state.n;`,
    'hooks.ts': `import { state } from './state.ts'; export const initialize = () => { state.n++; };`,
    'state.ts': 'export const state = { n: 0 };',
  });
  const made = await archive(root, {
    handler: 'main.handler',
    initializer: { handler: 'hooks.initialize', timeoutMs: 1000 },
  });
  assert.equal(made.start.entry, 'main.mjs');
  assert.equal(made.start.loader, 'import');
  const { exportName, initializer } = made.start;
  assert.deepEqual([exportName, initializer?.exportName], ['module0.handler', 'module1.initialize']);
  const script = `import('./main.mjs').then((m) => { m.module1.initialize(); console.log('n', m.module0.handler()); })`;
  assert.match(run(t, made, script), /n 1/);
});

test('sources that read files beside themselves find them beside the bundle', async (t) => {
  const root = project(t, {
    'src/app.ts': `
      import { readFileSync } from 'node:fs';
      import { join } from 'node:path';
      import { page } from './pages/page.ts';
      export const handler = () => readFileSync(join(__dirname, 'a.txt'), 'utf8') + page();`,
    'src/a.txt': 'text and ',
    'src/pages/page.ts': `
      import { readFileSync } from 'node:fs';
      export const page = () => readFileSync(new URL('page.html', import.meta.url), 'utf8');`,
    'src/pages/page.html': 'page',
    'tsconfig.json': '{}',
    'README.md': '',
  });
  const made = await archive(root, { handler: 'src/app.handler' });
  assert.deepEqual(paths(made), [
    'package.json',
    'src/a.txt',
    'src/app.js',
    'src/app.js.map',
    'src/pages/page.html',
  ]);
  assert.match(run(t, made, `console.log(require('./src/app.js').handler())`), /text and page/);
});

test('packages that look for their own files stay packages, with what they need', async (t) => {
  const root = project(t, {
    'app.ts': `import { read } from 'reader'; import native from 'native'; export const handler = () => read() + native;`,
    'node_modules/reader/package.json': packageOf('reader', { dependencies: { deep: '1' } }),
    'node_modules/reader/index.js': `exports.read = () => require('fs').readFileSync(__dirname + '/data.txt', 'utf8') + require('deep');`,
    'node_modules/reader/data.txt': 'data ',
    'node_modules/deep/package.json': packageOf('deep'),
    'node_modules/deep/index.js': `module.exports = 'deep ';`,
    'node_modules/native/package.json': packageOf('native'),
    'node_modules/native/binding.gyp': '',
    'node_modules/native/index.js': `module.exports = 'native';`,
  });
  const made = await archive(root, { handler: 'app.handler' });
  const packages = new Set(paths(made).flatMap((path) => /^node_modules\/([^/]+)/.exec(path)?.[1] ?? []));
  assert.deepEqual([...packages].sort(), ['deep', 'native', 'reader']);
  assert.match(run(t, made, `console.log(require('./app.js').handler())`), /data deep native/);
});

test('what cannot be built says where', async (t) => {
  const root = project(t, { 'app.ts': 'export const handler = (;' });
  await assert.rejects(archive(root, { handler: 'app.handler' }), {
    code: 'BUILD_FAILED',
    message: /app\.ts:1:25/,
  });
  await assert.rejects(archive(root, { handler: 'ap.handler' }), {
    code: 'MODULE_MISSING',
    message: /"app"/,
  });
  const missing = project(t, { 'app.ts': "import x from 'absent'; export const handler = () => x;" });
  await assert.rejects(archive(missing, { handler: 'app.handler' }), {
    code: 'BUILD_FAILED',
    message: /"absent" is not found from here: install the package/,
  });
});
