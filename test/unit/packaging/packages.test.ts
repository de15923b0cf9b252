import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { failure, project, run } from '../../support/packagerProject.ts';

const esmPackage = (source: string, exports: unknown = './index.js') => ({
  'package.json': JSON.stringify({ name: 'p', version: '1.0.0', type: 'module', exports }),
  'index.js': source,
});
const inFolder = (folder: string, files: Record<string, string>) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

test('packages stay outside and resolve as from the file that imports them', async (t) => {
  const { root, prepare } = project(t, {
    'index.ts':
      "import { near } from './sub/near.js';\nimport dep from 'dep';\nexport const handler = () => [dep, near];",
    'sub/near.ts': "import dep from 'dep';\nexport const near = dep;",
    'node_modules/dep/index.js': "module.exports = 'outer';",
    'sub/node_modules/dep/index.js': "module.exports = 'inner';",
  });
  const artifact = await prepare();
  assert.deepEqual(await run(artifact), ['outer', 'inner']);
  const text = readFileSync(artifact.entry, 'utf8');
  assert.match(text, /require\("dep"\)/);
  assert.ok(text.includes(JSON.stringify(join(root, 'sub/node_modules/dep/index.js'))));
});

test('a function in a folder of its own gets the packages of that folder', async (t) => {
  const { root, prepare } = project(t, {
    'fn/src/app.ts': "import dep from 'dep';\nexport const handler = () => dep;",
    'fn/node_modules/dep/index.js': "module.exports = 'of the function';",
  });
  const artifact = await prepare({ codeRoot: join(root, 'fn'), handler: 'src/app.handler' });
  assert.equal(await run(artifact), 'of the function');
  assert.match(readFileSync(artifact.entry, 'utf8'), /require\("dep"\)/);
});

test('ES module packages keep their default export and their conditions', async (t) => {
  const files = {
    ...inFolder(
      'node_modules/plain',
      esmPackage("export default () => 'default';\nexport const named = 'named';"),
    ),
    ...inFolder(
      'node_modules/import-only',
      esmPackage("export const only = 'import';", { '.': { import: './index.js' } }),
    ),
    'node_modules/dual/package.json': JSON.stringify({
      name: 'dual',
      exports: { '.': { import: './index.mjs', require: './index.cjs' } },
    }),
    'node_modules/dual/index.mjs': "export default 'from import';",
    'node_modules/dual/index.cjs': "exports.__esModule = true; exports.default = 'from require';",
    'node_modules/old/index.js': "exports.__esModule = true; exports.default = 'hidden';",
    'index.ts': `import plain, { named } from 'plain';
import { only } from 'import-only';
import dual from 'dual';
import old from 'old';
export const handler = () => [plain(), named, only, dual, typeof old];`,
  };
  const cases: [string, unknown[]][] = [
    ['{}', ['default', 'named', 'import', 'from require', 'string']],
    ['{"type":"module"}', ['default', 'named', 'import', 'from import', 'object']],
  ];
  for (const [packageFile, expected] of cases) {
    const { prepare } = project(t, { ...files, 'package.json': packageFile });
    const artifact = await prepare();
    assert.deepEqual([artifact.loader, await run(artifact)], ['script', expected], packageFile);
  }
});

test('path aliases and workspace packages are own code', async (t) => {
  const { root, prepare } = project(t, {
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } /* aliases */ }',
    'index.ts':
      "import { a } from '@lib/a';\nimport { b } from '@team/b';\nexport const handler = () => [a, b];",
    'lib/a.ts': "export const a = 'alias';",
    'packages/b/package.json': '{"name":"@team/b","main":"src/b.ts"}',
    'packages/b/src/b.ts': "export const b: string = 'workspace';",
    'node_modules/@team/.keep': '',
  });
  symlinkSync(join(root, 'packages/b'), join(root, 'node_modules/@team/b'), 'junction');
  const artifact = await prepare();
  assert.deepEqual(await run(artifact), ['alias', 'workspace']);
  assert.ok(artifact.inputs.includes(join(root, 'packages/b/src/b.ts')));
});

test('a package that is not installed is told where it is imported', async (t) => {
  const { prepare } = project(t, {
    'index.ts': "export const a = 1;\nimport x from '@scope/nope';\nexport const handler = () => x;",
    'optional.ts':
      "let x = 0;\ntry { x = require('nope'); } catch { x = 1; }\nexport const handler = () => x;",
  });
  assert.match(
    (await failure(prepare())).message,
    /^index\.ts:2:15: "@scope\/nope" is not found from here: install/,
  );
  assert.equal(await run(await prepare({ name: 'optional', handler: 'optional.handler' })), 1);
});

test('requires of a bundle resolve from its source folder', async (t) => {
  const { root, prepare } = project(t, {
    'src/index.ts': "export const handler = () => require.resolve('./x.js');",
    'src/x.js': '',
  });
  const expected = createRequire(join(root, 'src/index.js')).resolve('./x.js');
  assert.equal(await run(await prepare({ handler: 'src/index.handler' })), expected);
});

test('packages that are imported late resolve as well', async (t) => {
  const files = {
    'index.ts': "export const handler = async () => (await import('dep')).default;",
    'fn/index.ts': "export const handler = async () => (await import('dep')).default;",
    'fn/require.ts': "export const handler = () => require('dep');",
    'node_modules/dep/index.js': "module.exports = 'outer';",
    'fn/node_modules/dep/index.js': "module.exports = 'inner';",
  };
  const { prepare } = project(t, files);
  assert.equal(await run(await prepare({ name: 'a' })), 'outer');
  assert.equal(await run(await prepare({ name: 'b', handler: 'fn/index.handler' })), 'inner');
  assert.equal(await run(await prepare({ name: 'c', handler: 'fn/require.handler' })), 'inner');
});
