import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  createTempFolder,
  removeAbandoned,
  removeTempRoot,
  tempRoot,
} from '../../../runtime/instances/tempFolders.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const mark = '0123456789abcdef01234567';

test('a folder of an instance: named after it, short, counted, and removed', async (t) => {
  const base = tempFolder(t);
  const root = tempRoot(mark, 42, base);
  let us = 0;
  const folder = createTempFolder(root, 'a function/with: a rather long name', 3, () => (us += 10));
  assert.equal(folder.path, join(base, 'porchlight-42-01234567', 'a_function_with__a_rathe-3'));
  assert.deepEqual(Object.keys(folder.variables), ['TMPDIR', 'TEMP', 'TMP']);
  assert.equal(folder.usedBytes(), 0);
  utimesSync(folder.path, 1, 1);
  mkdirSync(join(folder.path, 'below'));
  writeFileSync(join(folder.path, 'below', 'file'), Buffer.alloc(100_000, 1));
  assert.equal(folder.usedBytes(), 0, 'it was looked at a moment ago');
  us += 20_000;
  assert.equal(folder.usedBytes(), 100_000);
  truncateSync(join(folder.path, 'below', 'file'), 10_000_000);
  us += 1_000_000;
  assert.ok(folder.usedBytes() < 200_000, 'a hole takes no room');
  await folder.remove();
  assert.ok(!existsSync(folder.path));
  await folder.remove();
});

test('a very large tree is counted in part', (t) => {
  const folder = createTempFolder(tempFolder(t), 'hello', 1, () => 0);
  for (let index = 0; index < 1200; index++) writeFileSync(join(folder.path, `${index}`), 'x'.repeat(10));
  assert.equal(folder.usedBytes(), 10_000);
});

test('what hosts left is removed: by their mark, or when they are gone for long', async (t) => {
  const base = tempFolder(t);
  const make = (pid: number, ageHours: number) => {
    const root = tempRoot(mark, pid, base);
    mkdirSync(join(root, 'hello-1'), { recursive: true });
    const at = Date.now() / 1000 - ageHours * 3600;
    utimesSync(root, at, at);
    return root;
  };
  const [alive, fresh, old, marked] = [make(1, 48), make(2, 1), make(3, 48), make(4, 0)];
  const foreign = join(base, 'porchlight-notes');
  mkdirSync(foreign);
  writeFileSync(join(base, 'porchlight-3-aaaaaaaa'), 'a file');
  await removeTempRoot(mark, 4, base);
  await removeAbandoned(base, Date.now(), (pid) => pid === 1);
  assert.deepEqual(
    [alive, fresh, old, marked, foreign].map((path) => existsSync(path!)),
    [true, true, false, false, true],
  );
  assert.ok(existsSync(join(base, 'porchlight-3-aaaaaaaa')));
  rmSync(base, { recursive: true });
});
