import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TurnoverMap } from '../../../runtime/support/turnoverMap.ts';

test('a turnover map replaces, gives what it removes, and lists what is there', () => {
  const map = new TurnoverMap<number>();
  map.set('a-1', 1);
  map.set('b-1', 2);
  map.set('a-1', 3);
  assert.deepEqual(map.keys(), ['a-1', 'b-1']);
  assert.equal(map.take('a-1'), 3);
  assert.equal(map.take('a-1'), undefined);
  assert.equal(map.get('a-1'), undefined);
  assert.deepEqual(map.values(), [2]);
});

test('no key of a turnover map has a meaning of its own', () => {
  const map = new TurnoverMap<string>();
  for (const key of ['__proto__', 'constructor', 'toString']) {
    assert.equal(map.get(key), undefined);
    map.set(key, key);
    assert.equal(map.get(key), key);
  }
  assert.deepEqual(map.keys(), ['__proto__', 'constructor', 'toString']);
});

/** Megabytes that outlive collections of the young generation alone, after much has gone through a map. */
function leftBehind(add: (key: string, value: unknown) => void, remove: (key: string) => void): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  const usedMB = (): number => getHeapStatistics().used_heap_size / 1024 / 1024;
  collect();
  const before = usedMB();
  for (let count = 0; count < 40_000; count++) {
    add(`call-${count}`, new Array<number>(100).fill(count));
    if (count >= 10) remove(`call-${count - 10}`);
  }
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  return usedMB() - before;
}

test('what was removed from a turnover map does not wait for a full collection, as it does with a map', () => {
  const plain = new Map<string, unknown>();
  const kept = leftBehind(
    (key, value) => plain.set(key, value),
    (key) => plain.delete(key),
  );
  const turnover = new TurnoverMap<unknown>();
  const left = leftBehind(
    (key, value) => turnover.set(key, value),
    (key) => turnover.take(key),
  );
  assert.ok(left * 2 < kept, `${left} MB left, with a map ${kept} MB`);
});
