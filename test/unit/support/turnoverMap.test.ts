import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TurnoverMap } from '../../../runtime/support/turnoverMap.ts';

test('a turnover map keeps order, replaces in place and gives what it removes', () => {
  const map = new TurnoverMap<string, number>();
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  assert.deepEqual(
    [...map],
    [
      ['a', 3],
      ['b', 2],
    ],
  );
  assert.equal(map.take('a'), 3);
  assert.equal(map.take('a'), undefined);
  assert.equal(map.has('a'), false);
  assert.equal(map.get('a'), undefined);
  map.set('a', 4);
  assert.deepEqual([...map.keys()], ['b', 'a']);
  assert.deepEqual([...map.values()], [2, 4]);
  assert.equal(map.size, 2);
});

test('what is added or removed while a turnover map is gone through is seen as in a map', () => {
  const map = new TurnoverMap<string, string>();
  for (const key of ['a', 'b', 'c']) map.set(key, key.toUpperCase());
  const seen: string[] = [];
  for (const value of map.values()) {
    seen.push(value);
    if (value === 'A') {
      map.take('b');
      map.set('d', 'D');
    }
  }
  assert.deepEqual(seen, ['A', 'C', 'D']);
});

/** Megabytes that outlive collections of the young generation alone, after much has gone through a map. */
function leftBehind(add: (key: string, value: unknown) => void, remove: (key: string) => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const usedMB = (): number => getHeapStatistics().used_heap_size / 1024 / 1024;
  const young = { type: 'minor' } as const;
  const keysOf = (round: number): string[] => Array.from({ length: 40 }, (_, index) => `${round}-${index}`);
  collect();
  const before = usedMB();
  for (let round = 0; round < 40; round++) {
    const keys = keysOf(round);
    for (const key of keys) add(key, new Array<number>(1000).fill(round));
    collect(young);
    keys.forEach(remove);
  }
  collect(young);
  collect(young);
  return usedMB() - before;
}

test('what was removed from a turnover map does not wait for a full collection, as it does with a map', () => {
  const plain = new Map<string, unknown>();
  const kept = leftBehind(
    (key, value) => plain.set(key, value),
    (key) => plain.delete(key),
  );
  const turnover = new TurnoverMap<string, unknown>();
  const left = leftBehind(
    (key, value) => turnover.set(key, value),
    (key) => turnover.take(key),
  );
  assert.ok(left * 2 < kept, `${left} MB left, with a map ${kept} MB`);
});
