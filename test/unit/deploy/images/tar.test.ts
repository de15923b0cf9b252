import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { packLayer } from '../../../../runtime/deploy/images/layer.ts';
import { tarOf, type TarFile } from '../../../../runtime/deploy/images/tar.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const file = (path: string, text: string, executable = false): TarFile => {
  const bytes = Buffer.from(text);
  return { path, bytes: bytes.length, executable, read: () => Promise.resolve(bytes) };
};
const long = `${'folder/'.repeat(30)}name-${'x'.repeat(120)}.js`;
const files = [
  file('app/b.js', 'b'),
  file('app/a/ü.txt', 'umlaut'),
  file('app/run', '#!', true),
  file(long, 'long'),
];

async function bytesOf(all: TarFile[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of tarOf(all)) parts.push(part);
  return Buffer.concat(parts);
}

test('the bytes depend on names and contents alone', async () => {
  const bytes = await bytesOf(files);
  assert.deepEqual(await bytesOf([...files].reverse()), bytes);
  assert.notDeepEqual(await bytesOf([...files, file('app/c', '')]), bytes);
  const { signal } = new AbortController();
  const layer = await packLayer('code', files, signal);
  assert.equal((await packLayer('code', files, signal)).blob.digest, layer.blob.digest);
  // Known beforehand: whatever changes it makes every image new.
  assert.equal(layer.diffId, 'sha256:116bfaae4ddcd0f13869f9d56b576470dd9e3c50ca89f2383ceebc8985c8de0c');
});

test('tar unpacks what was packed', async (t) => {
  if (spawnSync('tar', ['--version']).status !== 0) return t.skip('tar is not installed.');
  const folder = tempFolder(t);
  writeFileSync(join(folder, 'layer.tar'), await bytesOf(files));
  mkdirSync(join(folder, 'root'));
  execFileSync('tar', ['-C', join(folder, 'root'), '-xf', join(folder, 'layer.tar')]);
  const read = (path: string) => readFileSync(join(folder, 'root', path), 'utf8');
  assert.deepEqual(['app/b.js', 'app/a/ü.txt', long].map(read), ['b', 'umlaut', 'long']);
  const modeOf = (path: string) => (statSync(join(folder, 'root', path)).mode & 0o777).toString(8);
  assert.deepEqual([modeOf('app/run'), modeOf('app/b.js'), modeOf('app')], ['755', '644', '755']);
  const listed = execFileSync('tar', ['--numeric-owner', '-tvf', join(folder, 'layer.tar')], {
    encoding: 'utf8',
  });
  assert.equal(listed.split('\n').filter((line) => line && !/ 0\/0 /.test(line)).length, 0);
});
