import assert from 'node:assert/strict';
import test from 'node:test';
import { Fingerprinter } from '../../../../../../runtime/languages/nodejs/observers/fingerprint.ts';

class Own {
  static calls = 0;
  items: number[] = [];
}
class Theirs {
  items: number[] = [];
}
const foreign = { version: 1 };

const fingerprinter = new Fingerprinter({
  isForeign: (value) => value === foreign,
  isOwn: (prototype) => prototype === Own.prototype,
});
const hash = (value: unknown): number => fingerprinter.of(value).hash;

const loop: Record<string, unknown> = { name: 'loop' };
loop['self'] = loop;

const changes: [what: string, value: unknown, change: () => void][] = [
  ['a nested array', { a: { b: [1, 2] } }, () => (changes[0]![1] as { a: { b: number[] } }).a.b.push(3)],
  ['a map', new Map([['a', 1]]), () => (changes[1]![1] as Map<string, number>).set('a', 2)],
  ['a set', new Set([1]), () => (changes[2]![1] as Set<number>).add(2)],
  ['a date', new Date(1), () => (changes[3]![1] as Date).setTime(2)],
  ['a position in a text', /x/g, () => ((changes[4]![1] as RegExp).lastIndex = 3)],
  ['bytes', Buffer.alloc(4), () => (changes[5]![1] as Buffer).writeInt8(1, 2)],
  ['an own class', new Own(), () => (changes[6]![1] as Own).items.push(1)],
  ['a static field', Own, () => Own.calls++],
  ['a ring', loop, () => (loop['name'] = 'other')],
  [
    'the end of a long list',
    Array.from({ length: 5000 }, () => 1),
    () => ((changes[9]![1] as number[])[4999] = 2),
  ],
];

for (const [what, value, change] of changes) {
  test(`sees a change of ${what}, and only then`, () => {
    const before = hash(value);
    assert.equal(hash(value), before);
    change();
    assert.notEqual(hash(value), before);
  });
}

test('tells values of one look apart', () => {
  const values = [
    0,
    -0,
    1,
    '1',
    true,
    false,
    null,
    undefined,
    '',
    [],
    {},
    [1],
    [[1]],
    { a: 1 },
    { b: 1 },
    1n,
    NaN,
  ];
  const hashes = values.map(hash);
  assert.equal(new Set(hashes).size, values.length);
});

test("what others' objects do inside is not looked at; another object in their place is seen", () => {
  const client = new Theirs();
  const before = hash(client);
  client.items.push(1);
  assert.equal(hash(client), before);
  assert.notEqual(hash(new Theirs()), before);
  const exported = hash(foreign);
  foreign.version = 2;
  assert.equal(hash(foreign), exported);
});

test('runs no code of the user', () => {
  const fail = () => assert.fail('user code ran');
  const value = Object.defineProperty({ a: 1 }, 'computed', { enumerable: true, get: fail });
  const proxy = new Proxy(
    {},
    { get: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail },
  );
  hash({ value, proxy });
  hash(proxy);
});

test('knows what is empty, and sizes of collections', () => {
  for (const value of [undefined, null, 0, '', false, [], {}, new Map(), new Set()]) {
    assert.equal(fingerprinter.of(value).empty, true);
  }
  assert.deepEqual([fingerprinter.of([1]).size, fingerprinter.of(new Set([1, 2])).size], [1, 2]);
  assert.equal(fingerprinter.of({ a: 1 }).size, undefined);
});
