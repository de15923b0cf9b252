import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { profileLimits } from '../../../runtime/model/coldStartProfile.ts';
import { ProfileStore } from '../../../runtime/profile/profileStore.ts';
import { profileOf } from '../../support/profiles.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const artifacts = async (store: ProfileStore, name = 'hello') =>
  (await store.list(name)).map(({ artifact }) => artifact);

test('keeps one profile per artifact, newest first, apart by function', async (t) => {
  const store = new ProfileStore(join(tempFolder(t), 'profiles'));
  assert.deepEqual(await store.list('hello'), []);
  await store.save(profileOf({ artifact: 'a', at: 1 }));
  await store.save(profileOf({ artifact: 'b', at: 2 }));
  await store.save(profileOf({ artifact: 'a', at: 3 }));
  await store.save(profileOf({ artifact: 'a', function: 'he/llo', at: 4 }));
  assert.deepEqual(await artifacts(store), ['a', 'b']);
  assert.deepEqual(await artifacts(store, 'he/llo'), ['a']);
  assert.deepEqual((await store.list('hello'))[0], profileOf({ artifact: 'a', at: 3 }));
  assert.equal(store.has('hello', 'b'), true);
  assert.equal(store.has('hello', 'c'), false);
});

test('what was recorded by the way does not replace what was measured, and goes first', async (t) => {
  const store = new ProfileStore(tempFolder(t));
  await store.save(profileOf({ artifact: 'measured', at: 1 }));
  await store.save(profileOf({ artifact: 'measured', at: 2, runs: 1, passive: true }));
  assert.equal((await store.list('hello'))[0]?.runs, 10);
  const passive = Array.from({ length: profileLimits.kept + 2 }, (_, i) =>
    profileOf({ artifact: `p${i}`, at: 10 + i, runs: 1, passive: true }),
  );
  await Promise.all(passive.map((profile) => store.save(profile)));
  const kept = await artifacts(store);
  assert.equal(kept.length, profileLimits.kept);
  assert.equal(kept[0], `p${profileLimits.kept + 1}`);
  assert.equal(kept.at(-1), 'measured');
});

test('files that are no profiles are passed over', async (t) => {
  const folder = tempFolder(t);
  const store = new ProfileStore(folder);
  await store.save(profileOf());
  const [name] = readdirSync(folder);
  writeFileSync(join(folder, name!, 'half.json'), '{"format":1,"profile":{"function":"hel');
  writeFileSync(join(folder, name!, 'other.json'), '{"format":99,"profile":{}}');
  writeFileSync(join(folder, name!, 'empty.json'), '{"format":1,"profile":{"function":"hello"}}');
  writeFileSync(join(folder, name!, 'text.txt'), 'x');
  assert.deepEqual(await artifacts(store), ['a1']);
});
