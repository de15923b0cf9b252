import assert from 'node:assert/strict';
import { rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { watchProject, isIgnored, type WatchSource } from '../../../runtime/packaging/watcher.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { writeTree } from '../../support/fileTree.ts';
import { tempFolder } from '../../support/tempFolder.ts';

function watched(t: TestContext) {
  const root = tempFolder(t);
  const clock = new FakeClock();
  let listener: Parameters<WatchSource['start']>[0] | undefined;
  const source: WatchSource = {
    start(given) {
      listener = given;
      return Promise.resolve();
    },
    close: async () => {},
  };
  const watcher = watchProject({ root, clock, source });
  t.after(() => watcher.dispose());
  const batches: string[][] = [];
  watcher.onDidChange((files) => batches.push(files.map((file) => file.slice(root.length + 1)).sort()));
  return {
    watcher,
    clock,
    batches,
    path: (name: string) => join(root, name),
    /** Writes files and tells the watcher as the system would. */
    edit(files: Record<string, string>) {
      writeTree(root, files);
      for (const name of Object.keys(files)) listener!.changed(join(root, name));
    },
    touch(name: string) {
      utimesSync(join(root, name), 1, 1);
      listener!.changed(join(root, name));
    },
    remove(name: string) {
      rmSync(join(root, name));
      listener!.changed(join(root, name));
    },
    fail: (error: Error) => listener!.failed(error),
  };
}

test('changes come in batches after a moment of silence', (t) => {
  const { edit, clock, batches } = watched(t);
  edit({ 'a.ts': '1' });
  clock.advance(15);
  edit({ 'b.ts': '1' });
  clock.advance(15);
  assert.deepEqual(batches, []);
  clock.advance(10);
  assert.deepEqual(batches, [['a.ts', 'b.ts']]);
});

test('a tool that writes on and on does not hold changes back for ever', (t) => {
  const { edit, clock, batches } = watched(t);
  for (let i = 0; i < 30; i++) {
    edit({ 'a.ts': String(i) });
    clock.advance(10);
  }
  assert.ok(batches.length >= 1);
});

test('a truncated file is waited for, an empty one is believed in the end', (t) => {
  const { edit, clock, batches } = watched(t);
  edit({ 'a.ts': 'long' });
  clock.advance(30);
  edit({ 'a.ts': '' });
  clock.advance(30);
  edit({ 'a.ts': 'longer' });
  clock.advance(200);
  assert.deepEqual(batches, [['a.ts'], ['a.ts']]);
  edit({ 'a.ts': '' });
  clock.advance(200);
  assert.equal(batches.length, 3);
});

test('the same content is no change; a removal is one', (t) => {
  const { edit, touch, remove, clock, batches } = watched(t);
  edit({ 'a.ts': '1' });
  clock.advance(30);
  touch('a.ts');
  clock.advance(300);
  assert.equal(batches.length, 1);
  remove('a.ts');
  clock.advance(300);
  assert.equal(batches.length, 2);
});

test('an announced save is told at once and only once', (t) => {
  const { watcher, edit, clock, batches, path } = watched(t);
  edit({ 'a.ts': '1', 'b.ts': '1' });
  watcher.announce([path('a.ts')]);
  assert.deepEqual(batches, [['a.ts']]);
  edit({ 'a.ts': '1' });
  clock.advance(300);
  assert.deepEqual(batches, [['a.ts'], ['b.ts']]);
});

test('failures of the system are passed on', (t) => {
  const { watcher, fail } = watched(t);
  const failures: string[] = [];
  watcher.onDidFail((error) => failures.push(error.message));
  fail(new Error('ENOSPC'));
  assert.deepEqual(failures, ['ENOSPC']);
});

test('what is ignored', () => {
  const folder = { isDirectory: () => true };
  const file = { isDirectory: () => false };
  const cases: [string, { isDirectory(): boolean }, boolean][] = [
    ['', folder, false],
    ['src/a.ts', file, false],
    ['.env', file, false],
    ['fn/.env.local', file, false],
    ['dist/index.js', file, false],
    ['node_modules', folder, true],
    ['a/node_modules/b/index.js', file, true],
    ['.git/index', file, true],
    ['.porchlight/x', file, true],
    ['.vscode', folder, true],
    ['.vscode/settings.json', file, true],
    ['.aws-sam', folder, false],
    ['.aws-sam/build/f/app.js', file, false],
    ['.aws-sam/cache', folder, true],
  ];
  for (const [path, stats, expected] of cases) {
    assert.equal(isIgnored('/p', ['/p/.aws-sam/build/f'], join('/p', path), stats), expected, path);
  }
});

test('the real system tells edits, new files and removals', { timeout: 20_000 }, async (t) => {
  const root = tempFolder(t);
  writeTree(root, { 'a.ts': '1', 'node_modules/p/index.js': '1' });
  const watcher = watchProject({ root });
  t.after(() => watcher.dispose());
  await watcher.ready;
  const next = () => new Promise<string[]>((resolve) => watcher.onDidChange((files) => resolve(files)));
  let change = next();
  writeTree(root, { 'node_modules/p/index.js': '2', 'a.ts': '2' });
  assert.deepEqual(await change, [join(root, 'a.ts')]);
  change = next();
  writeTree(root, { 'sub/b.ts': '1' });
  assert.deepEqual(await change, [join(root, 'sub/b.ts')]);
  change = next();
  rmSync(join(root, 'a.ts'));
  assert.deepEqual(await change, [join(root, 'a.ts')]);
});
