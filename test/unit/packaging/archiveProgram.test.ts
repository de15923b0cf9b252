import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import type { Archive } from '../../../runtime/packaging/archive.ts';
import { archiveFunction } from '../../../runtime/packaging/archiveFunction.ts';
import { writeTree } from '../../support/fileTree.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { tempFolder } from '../../support/tempFolder.ts';

function archive(
  root: string,
  program: FunctionDefinition['program'],
  more: Partial<FunctionDefinition> = {},
): Promise<Archive> {
  const app = { name: 'app', language: 'custom', program: program!, ...more };
  const definition = functionDefinition(root, app);
  return archiveFunction(definition, { root, places: root });
}

const listed = ({ files }: Archive): string[] =>
  files.map(({ path, executable }) => `${path}${executable ? ' *' : ''}`);

test('a program without a build is its code folder, and is marked as a program', async (t) => {
  const root = tempFolder(t);
  writeTree(root, {
    bootstrap: '#!/bin/sh\n',
    'lib/data.json': '{}',
    '.env': 'A=1',
    'tool.sh': '#!/bin/sh\n',
  });
  chmodSync(join(root, 'tool.sh'), 0o755);
  const packed = await archive(root, {});
  assert.deepEqual(listed(packed), ['bootstrap *', 'lib/data.json', 'tool.sh *']);
  assert.deepEqual([packed.start.entry, packed.start.program], ['bootstrap', 'packed']);
  const named = await archive(root, { command: ['node', 'server.js'] });
  assert.deepEqual([named.start.entry, named.start.program], ['node', 'named']);
});

test('what a build puts into $ARTIFACTS_DIR is packed, and nothing else', async (t) => {
  const root = tempFolder(t);
  writeTree(root, {
    'main.go': 'package main',
    'build.cjs':
      "const { copyFileSync, chmodSync } = require('node:fs'); const to = process.argv[2] + '/bootstrap'; copyFileSync('main.go', to); chmodSync(to, 0o755);",
  });
  const build = [process.execPath, 'build.cjs', '$ARTIFACTS_DIR'];
  const packed = await archive(root, { command: ['$ARTIFACTS_DIR/bootstrap'], build });
  assert.deepEqual(listed(packed), ['bootstrap *']);
  assert.deepEqual([packed.start.entry, packed.start.program], ['bootstrap', 'packed']);
  assert.deepEqual(readdirSync(join(root, '.porchlight', 'artifacts')), [], 'the folder is gone');
});

test('a build in the code folder is packed with it, and done again only when something changed', async (t) => {
  const root = tempFolder(t);
  writeTree(root, {
    'build.cjs':
      "const { writeFileSync } = require('node:fs'); writeFileSync('bootstrap', '#!/bin/sh ' + process.hrtime.bigint());",
    'data.json': '1',
  });
  const program = { build: [process.execPath, 'build.cjs'] };
  const first = await archive(root, program);
  assert.deepEqual(listed(first), ['bootstrap *', 'build.cjs', 'data.json']);
  // Its bytes differ each time: what was planned would never be what is sent.
  assert.equal((await archive(root, program)).hash, first.hash);
  writeTree(root, { 'data.json': '22' });
  assert.notEqual((await archive(root, program)).hash, first.hash);
});

test('what is put together is packed, without the sources that a build made it of', async (t) => {
  const root = tempFolder(t);
  writeTree(root, { 'template/run.sh': '#!/bin/sh\n', 'code/handler.txt': 'own' });
  const program = {
    command: ['$ARTIFACTS_DIR/run.sh'],
    assembly: { template: join(root, 'template'), codeInto: 'function', files: { 'made.work': root } },
  };
  const codeRoot = join(root, 'code');
  const plain = await archive(root, program, { codeRoot });
  assert.deepEqual(listed(plain), ['function/handler.txt', 'made.work', 'run.sh *']);
  assert.deepEqual([plain.start.entry, plain.start.program], ['run.sh', 'packed']);
  // It runs where the parts lie.
  const build = [process.execPath, '-e', "require('node:fs').copyFileSync('made.work', 'built')"];
  const built = await archive(root, { ...program, build }, { codeRoot });
  assert.deepEqual(listed(built), ['built', 'function/handler.txt', 'run.sh *']);
  writeTree(root, { 'template/run.sh': '#!/bin/sh\necho\n' });
  assert.notEqual((await archive(root, program, { codeRoot })).hash, plain.hash);
});

test('a program that the build does not make, and a build that fails, are refused', async (t) => {
  const root = tempFolder(t);
  writeTree(root, {
    'main.go': '',
    'make.cjs': "require('node:fs').writeFileSync(process.argv[2] + '/other', '')",
  });
  const build = [process.execPath, 'make.cjs', '$ARTIFACTS_DIR'];
  await assert.rejects(archive(root, { command: ['$ARTIFACTS_DIR/bootstrap'], build }), {
    code: 'CODE_UNSUPPORTED',
    message: /\$ARTIFACTS_DIR\/bootstrap is not among what is packed/,
  });
  await assert.rejects(archive(root, { build: [process.execPath, 'nothing.cjs'] }), {
    code: 'PROGRAM_NOT_BUILT',
  });
  assert.ok(existsSync(join(root, '.porchlight', 'artifacts')));
});
