import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PackageStore } from '../../../../runtime/deploy/local/packageStore.ts';
import { VersionStore, type StoredVersion } from '../../../../runtime/deploy/local/versionStore.ts';
import { builtFile, createArchive } from '../../../../runtime/packaging/archive.ts';
import { functionDefinition } from '../../../support/functionDefinition.ts';
import { tempFolder } from '../../../support/tempFolder.ts';

const start = { entry: 'index.js', loader: 'script', exportName: 'handler' } as const;
const never = new AbortController().signal;

function stored(version: string): StoredVersion {
  return {
    version,
    packageHash: 'h',
    createdAt: 1,
    verified: true,
    definition: functionDefinition('/p'),
    settings: {},
    start,
  };
}

test('a package is copied whole, once, with its marks', async (t) => {
  const store = new PackageStore(tempFolder(t));
  const tool = { ...builtFile('bin/tool', Buffer.from('#!')), executable: true };
  const archive = createArchive([builtFile('index.js', Buffer.from('1')), tool], start, []);
  assert.equal(await store.has(archive.hash), false);
  await store.put(archive, never);
  await store.put(archive, never);
  assert.equal(readFileSync(join(store.path(archive.hash), 'index.js'), 'utf8'), '1');
  if (process.platform !== 'win32') {
    assert.ok((statSync(join(store.path(archive.hash), 'bin', 'tool')).mode & 0o111) !== 0);
  }
});

test('a cancelled copy, and a file that changed meanwhile, leave nothing', async (t) => {
  const folder = tempFolder(t);
  const store = new PackageStore(folder);
  const file = join(folder, 'source.js');
  writeFileSync(file, 'changed');
  const archive = createArchive(
    [{ ...builtFile('index.js', Buffer.from('as it was')), content: { file } }],
    start,
    [],
  );
  await assert.rejects(store.put(archive, never), { code: 'PLAN_UNKNOWN' });
  await assert.rejects(store.put(archive, AbortSignal.abort()), { name: 'AbortError' });
  assert.equal(await store.has(archive.hash), false);
  assert.deepEqual(existsSync(join(folder, 'packages')) ? readdirSync(join(folder, 'packages')) : [], []);
});

test('packages nobody uses go, unless they are young or being copied', async (t) => {
  const store = new PackageStore(tempFolder(t));
  const made = [1, 2, 3].map((n) => createArchive([builtFile('index.js', Buffer.from(`${n}`))], start, []));
  for (const archive of made) await store.put(archive, never);
  const old = new Date(Date.now() - 3600_000);
  for (const { hash } of made.slice(0, 2)) utimesSync(store.path(hash), old, old);
  await store.keepOnly(new Set([made[0]!.hash]));
  assert.deepEqual(await Promise.all(made.map(({ hash }) => store.has(hash))), [true, false, true]);
});

test('versions: kept in one file, numbered once, pruned with their environment', async (t) => {
  const folder = tempFolder(t);
  const store = new VersionStore(folder);
  assert.deepEqual(await store.all(), []);
  for (let i = 1; i <= 25; i++) {
    await store.update('hello', async (known) => {
      const version = String(known.next++);
      await store.writeEnvironment('hello', version, { N: version });
      known.versions.unshift(stored(version));
      if (i === 1) known.current = version;
    });
  }
  const known = await store.get('hello');
  assert.equal(known!.versions.length, 21);
  assert.equal(known!.versions.at(-1)!.version, '1', 'the serving one is kept whatever its age');
  assert.equal(known!.next, 26);
  assert.deepEqual(await store.readEnvironment('hello', '1'), { N: '1' });
  await assert.rejects(store.readEnvironment('hello', '2'));
  const file = join(folder, 'functions', 'hello', 'environment-25.json');
  if (process.platform !== 'win32') assert.equal(statSync(file).mode & 0o777, 0o600);
  await store.remove('hello');
  assert.deepEqual(await store.all(), []);
});

test('concurrent changes are all kept', async (t) => {
  const folder = tempFolder(t);
  const stores = [new VersionStore(folder), new VersionStore(folder)];
  const changes = Array.from({ length: 10 }, (_, i) =>
    stores[i % 2]!.update('hello', (known) => {
      known.versions.unshift(stored(String(known.next++)));
    }),
  );
  await Promise.all(changes);
  assert.equal((await stores[0]!.get('hello'))!.versions.length, 10);
});

test('names that are no file names are kept apart', async (t) => {
  const store = new VersionStore(tempFolder(t));
  const names = ['a', 'A', '../a', 'a/b', 'con', '.', '函数'];
  for (const name of names) await store.update(name, (known) => void (known.current = '1'));
  assert.deepEqual(
    (await store.all()).map(({ name }) => name),
    [...names].sort(),
  );
});
