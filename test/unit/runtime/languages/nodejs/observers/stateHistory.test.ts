import assert from 'node:assert/strict';
import test from 'node:test';
import {
  StateHistory,
  type Snapshot,
} from '../../../../../../runtime/languages/nodejs/observers/stateHistory.ts';

const none: ReadonlySet<string> = new Set();

/** A snapshot in which each name has the given hash; 0 stands for an empty value. */
function snapshot(values: Record<string, number>, what: 'variables' | 'files' = 'variables'): Snapshot {
  return new Map(Object.entries(values).map(([name, hash]) => [name, { what, hash, empty: hash === 0 }]));
}

/** Adds one snapshot per call and gives what was said at each: `name<from/callsAgo`. */
function tell(history: StateHistory, calls: [call: number, values: Record<string, number>][]): string[] {
  return calls.map(([call, values]) =>
    history
      .add(call, `i${call}`, snapshot(values), none)
      .flatMap(({ names, from, callsAgo }) => names.map(({ name }) => `${name}<${from}/${callsAgo}`))
      .join(' '),
  );
}

test('a variable that each call changes comes from the call before', () => {
  const said = tell(new StateHistory(), [
    [1, { counter: 1 }],
    [2, { counter: 2 }],
    [3, { counter: 3 }],
  ]);
  assert.deepEqual(said, ['', 'counter<i1/1', 'counter<i2/1']);
});

test('a change is told for three calls, with its distance', () => {
  const said = tell(new StateHistory(), [
    [1, { cart: 1 }],
    [2, { cart: 2 }],
    [3, { cart: 2 }],
    [4, { cart: 2 }],
    [5, { cart: 2 }],
    [6, { cart: 2 }],
  ]);
  assert.deepEqual(said, ['', 'cart<i1/1', 'cart<i2/1', 'cart<i2/2', 'cart<i2/3', '']);
});

test('what never changes, and what was empty, is not told', () => {
  const said = tell(new StateHistory(), [
    [1, { constant: 5, client: 0 }],
    [2, { constant: 5, client: 7 }],
    [3, { constant: 5, client: 7 }],
  ]);
  assert.deepEqual(said, ['', '', 'client<i2/1']);
});

test('after a gap nothing is told until two calls in a row were looked at', () => {
  const said = tell(new StateHistory(), [
    [1, { counter: 1 }],
    [2, { counter: 2 }],
    [9, { counter: 9 }],
    [10, { counter: 10 }],
  ]);
  assert.deepEqual(said, ['', 'counter<i1/1', '', 'counter<i9/1']);
});

test('a file that a call is known to have written is told at the next, the first call included', () => {
  const history = new StateHistory();
  assert.deepEqual(history.add(1, 'i1', snapshot({ '/tmp/a': 1 }, 'files'), new Set(['/tmp/a'])), []);
  const [found] = history.add(2, 'i2', snapshot({ '/tmp/a': 1 }, 'files'), none);
  assert.deepEqual(found, {
    kind: 'carriedState',
    what: 'files',
    names: [{ name: '/tmp/a' }],
    more: 0,
    from: 'i1',
    callsAgo: 1,
  });
  assert.deepEqual(history.add(3, 'i3', new Map(), none), []);
});

test('names are bounded, the rest is counted', () => {
  const many = (hash: number) =>
    snapshot(Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`v${index}`, hash])));
  const history = new StateHistory();
  history.add(1, 'i1', many(1), none);
  const [found] = history.add(2, 'i2', many(2), none);
  assert.equal(found?.names.length, 20);
  assert.equal(found?.more, 5);
});
