import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import type { FileFacts } from '../../../../runtime/triggers/storage/objectFolder.ts';
import { ObjectWatch, type FolderEvents } from '../../../../runtime/triggers/storage/objectWatch.ts';
import { FakeClock } from '../../../support/fakeClock.ts';
import { settle } from '../../../support/fakeHosts.ts';
import { say } from '../../../../runtime/support/l10n.ts';

const folder = resolve('/bucket');

/** A folder whose files are a map from keys to sizes; what is written is said by `write`, `remove`. */
async function setUp(before: Record<string, number> = {}) {
  const clock = new FakeClock();
  const files = new Map<string, FileFacts>();
  const log: string[] = [];
  let mtimeMs = 1;
  let changed!: (path: string) => void;
  const set = (key: string, size: number) => files.set(join(folder, key), { size, mtimeMs: mtimeMs++ });
  for (const [key, size] of Object.entries(before)) set(key, size);
  const state = { locked: false, whileReading: undefined as (() => void) | undefined };
  const events: FolderEvents = {
    start(listener) {
      ({ changed } = listener);
      for (const [path, facts] of files) listener.found(path, facts);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  const watch = new ObjectWatch({
    folder,
    clock,
    events,
    files: {
      facts: (path) => Promise.resolve(files.get(path)),
      md5(path) {
        if (state.locked) return Promise.reject(new Error('EBUSY'));
        state.whileReading?.();
        state.whileReading = undefined;
        return Promise.resolve(`md5 of ${files.get(path)?.size}`);
      },
    },
    onChange: ({ kind, key, size, sizeBefore, md5 }) =>
      log.push(
        [kind, key, size, ...(sizeBefore === undefined ? [] : [`was ${sizeBefore}`]), md5].join(' ').trim(),
      ),
    onProblem: (problem) => log.push(say(problem)),
  });
  await watch.start();
  return {
    watch,
    log,
    state,
    files,
    write(key: string, size: number) {
      set(key, size);
      changed(join(folder, key));
    },
    remove(key: string) {
      files.delete(join(folder, key));
      changed(join(folder, key));
    },
    touch: (key: string) => changed(join(folder, key)),
    async pass(ms: number) {
      for (let at = 0; at < ms; at += 100) {
        await settle();
        clock.advance(100);
      }
      await settle();
    },
  };
}

test('what is there already is known, and not told', async () => {
  const { watch, log, pass } = await setUp({ 'a.txt': 1, 'b/c.txt': 2, '.DS_Store': 3 });
  await pass(1000);
  assert.deepEqual(log, []);
  assert.equal(watch.count, 2);
});

test('files that are written, overwritten and removed are told by their keys', async () => {
  const { log, write, remove, pass } = await setUp({ 'old.txt': 7 });
  write('b/new.txt', 5);
  write('old.txt', 9);
  await pass(600);
  remove('old.txt');
  write('.DS_Store', 1);
  await pass(600);
  assert.deepEqual(log, [
    'created b/new.txt 5 md5 of 5',
    'created old.txt 9 was 7 md5 of 9',
    'removed old.txt 0 was 9',
  ]);
});

test('a file is told once it has stopped to grow, as a whole', async () => {
  const { watch, log, write, pass } = await setUp();
  for (let size = 100; size <= 500; size += 100) {
    write('big.bin', size);
    await pass(200);
  }
  assert.deepEqual(log, []);
  assert.equal(watch.writing, 1);
  await pass(600);
  assert.deepEqual(log, ['created big.bin 500 md5 of 500']);
  assert.equal(watch.writing, 0);
});

test('a file that grows while it is read is read again', async () => {
  const { log, state, write, pass } = await setUp();
  state.whileReading = () => write('big.bin', 20);
  write('big.bin', 10);
  await pass(1500);
  assert.deepEqual(log, ['created big.bin 20 md5 of 20']);
});

test('a file that is replaced is not gone; one that comes and goes was never there', async () => {
  const { log, files, remove, write, pass } = await setUp({ 'a.txt': 1 });
  remove('a.txt');
  await pass(100);
  write('a.txt', 2);
  write('short.tmp', 1);
  await pass(100);
  files.delete(join(folder, 'short.tmp'));
  await pass(1000);
  assert.deepEqual(log, ['created a.txt 2 was 1 md5 of 2']);
});

test('a word of the system about a file that is the same means nothing', async () => {
  const { log, touch, pass } = await setUp({ 'a.txt': 1 });
  touch('a.txt');
  await pass(1000);
  assert.deepEqual(log, []);
});

test('a file that cannot be read is tried again, and told of when it stays so', async () => {
  const { log, state, write, pass } = await setUp();
  state.locked = true;
  write('a.txt', 1);
  await pass(1000);
  state.locked = false;
  await pass(500);
  assert.deepEqual(log.splice(0), ['created a.txt 1 md5 of 1']);
  state.locked = true;
  write('a.txt', 2);
  await pass(12_000);
  assert.equal(log.length, 1);
  assert.match(log[0]!, /a\.txt cannot be read: EBUSY/);
});
