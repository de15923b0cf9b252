import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PorchlightError } from '../../../runtime/model/errors.ts';
import { loadEsbuild } from '../../../runtime/packaging/loadEsbuild.ts';
import { checkSyntax } from '../../../runtime/packaging/syntaxCheck.ts';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';

const root = join('/', 'project');

/** Files by their path below the root. */
function lookupOf(files: Record<string, string>): FileLookup {
  const texts = new Map(Object.entries(files).map(([path, text]) => [join(root, path), text]));
  return { isFile: (path) => texts.has(path), readText: (path) => texts.get(path), list: () => [] };
}

/** Where the check says that something is wrong: `file:line:column detail`; undefined when nothing is. */
async function check(files: Record<string, string>): Promise<string | undefined> {
  const names = Object.keys(files).filter((name) => name !== 'package.json');
  const paths = names.map((name) => join(root, name));
  try {
    await checkSyntax(paths, root, lookupOf(files), loadEsbuild);
    return undefined;
  } catch (error) {
    assert.ok(error instanceof PorchlightError, String(error));
    const { file, path, line, column, detail } = error.facts;
    assert.equal(error.code, 'BUILD_FAILED');
    assert.equal(path, join(root, String(file)));
    return `${file}:${line}:${column} ${detail}`;
  }
}

const rows: [name: string, files: Record<string, string>, expected: RegExp | undefined][] = [
  ['a script', { 'a.js': "exports.handler = async () => 'x';\n" }, undefined],
  ['a script that returns at its top', { 'a.js': 'if (exports.done) return;\n' }, undefined],
  ['a first line for the shell', { 'a.js': '#!/usr/bin/env node\nexports.a = 1;\n' }, undefined],
  ['an ES module by its syntax', { 'a.js': "import x from 'x';\nexport const handler = x;\n" }, undefined],
  ['an ES module by its name', { 'a.mjs': 'const x = await 1;\n' }, undefined],
  ['an ES module by its package', { 'a.js': 'await 1;\n', 'package.json': '{"type":"module"}' }, undefined],
  ['a broken script', { 'a.js': 'const ok = 1;\n  const = 1;\n' }, /^a\.js:2:9 Unexpected token '='\.$/],
  ['a broken first line', { 'a.js': 'const = 1;\n' }, /^a\.js:1:7 Unexpected token '='\.$/],
  ['a script that ends too early', { 'a.js': 'exports.a = {\n' }, /^a\.js:\d+:\d+ Unexpected /],
  ['broken behind the shell', { 'a.js': '#!/bin/node\nlet let = 1;\n' }, /^a\.js:2:\d+ let is disallowed/],
  ['a broken ES module', { 'a.mjs': "export const a = 1;\nexport const = '';\n" }, /^a\.mjs:2:14 Expected /],
  ['await in a script', { 'a.cjs': 'await 1;\n' }, /^a\.cjs:1:\d+ /],
  ['the second of two', { 'a.js': 'exports.a = 1;\n', 'b.js': ')\n' }, /^b\.js:1:1 Unexpected token '\)'\.$/],
];

describe('the syntax check of edited scripts', () => {
  for (const [name, files, expected] of rows) {
    it(`${expected ? 'finds' : 'takes'} ${name}`, async () => {
      const found = await check(files);
      if (expected) assert.match(found ?? 'nothing', expected);
      else assert.equal(found, undefined);
    });
  }

  it('passes by files that cannot be read', async () => {
    await checkSyntax([join(root, 'gone.js')], root, lookupOf({}), loadEsbuild);
  });

  it('runs nothing', async () => {
    await check({ 'a.js': 'globalThis.ranByCheck = true;\n', 'b.mjs': 'globalThis.ranByCheck = true;\n' });
    assert.equal('ranByCheck' in globalThis, false);
  });
});
