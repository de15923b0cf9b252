import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { build } from 'esbuild';
import { splitCommonJs } from '../../../scripts/bundling/splitCommonJs.mjs';
import { writeTree } from '../../support/fileTree.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const sources = {
  'main.ts': `import { seen } from './seen.ts';
    import { word } from './word.ts';
    seen.push('main ' + word);
    export const all = () => seen;
    export const first = async () => (await import('./first.ts')).default();
    export const second = async () => (await import('./second.ts')).run();`,
  'seen.ts': 'export const seen: string[] = [];',
  'word.ts': `export const word = 'word';`,
  'both.ts': `import { seen } from './seen.ts'; seen.push('both, once');`,
  'first.ts': `import './both.ts'; import { seen } from './seen.ts'; import { word } from './word.ts';
export default () => seen.push('first ' + word);`,
  'second.ts': `import './both.ts'; import { seen } from './seen.ts'; export const run = () => seen.push('second');`,
};

function bundle(t: TestContext, files: Record<string, string>, minify = false) {
  const root = tempFolder(t);
  writeTree(root, files);
  const outdir = join(root, 'out');
  const parts = { one: 'first.ts', two: 'second.ts' };
  const built = build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node22',
    minify,
    sourcemap: !minify,
    logLevel: 'silent',
    plugins: [splitCommonJs({ root, entry: 'main.ts', parts, outdir })],
  });
  return { outdir, built };
}

for (const minify of [false, true]) {
  test(`parts share modules with the entry, ${minify ? 'minified' : 'as they are'}`, async (t) => {
    const { outdir, built } = bundle(t, sources, minify);
    await built;
    const require = createRequire(import.meta.url);
    const main = require(join(outdir, 'main.cjs')) as {
      all(): string[];
      first(): Promise<void>;
      second(): Promise<void>;
    };
    assert.deepEqual(main.all(), ['main word']);
    const loaded = () => Object.keys(require.cache).filter((file) => file.startsWith(outdir)).length;
    // The entry, what it needs, and the bundler's helpers.
    assert.ok(loaded() <= 3, `${loaded()} files`);
    await main.second();
    await main.first();
    await main.first();
    assert.deepEqual(main.all(), ['main word', 'both, once', 'second', 'first word', 'first word']);
    const files = readdirSync(outdir);
    assert.equal(files.includes('one.cjs.map'), !minify);
    if (minify) return;
    const map = JSON.parse(readFileSync(join(outdir, 'one.cjs.map'), 'utf8')) as { sources: string[] };
    assert.ok(map.sources.includes('../first.ts'), map.sources.join(', '));
  });
}

test('what is loaded later has to be a part that is known', async (t) => {
  const { built } = bundle(t, {
    ...sources,
    'main.ts': `export const load = () => import('./seen.ts');`,
  });
  await assert.rejects(built, /seen\.ts is loaded later and no part/);
});
