import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import test from 'node:test';
import { Budget } from '../../../../../../runtime/languages/nodejs/observers/budget.ts';
import { added, differ } from '../../../../../../runtime/languages/nodejs/observers/resources.ts';
import { isPending, Tracker } from '../../../../../../runtime/languages/nodejs/observers/tracker.ts';

const caller = () => {};

test('tracks while an invocation runs, and gives what is open at its end', () => {
  const tracker = new Tracker();
  const open = new Set<object>();
  const add = (subject: object) => tracker.add('timer', subject, caller, (one) => open.has(one));
  const [early, first, second] = [{}, {}, {}];
  open.add(early).add(first).add(second);
  add(early);
  tracker.begin();
  add(first);
  add(second);
  open.delete(second);
  assert.deepEqual(
    tracker.end().map(({ subject }) => subject === first),
    [true],
  );
  tracker.begin();
  assert.deepEqual(tracker.end(), []);
});

test('finished things make room; more than can be held are not held', () => {
  const tracker = new Tracker();
  tracker.begin();
  let open = 0;
  for (let index = 0; index < 20_000; index++) {
    const subject = { stays: index % 4 === 0 };
    tracker.add('timer', subject, caller, (one) => (one as typeof subject).stays);
    if (subject.stays) open++;
  }
  const held = tracker.end();
  assert.ok(open === 5000 && held.length <= 4096 && held.length > 3000, String(held.length));
  assert.equal(held.filter(({ stack }) => stack).length, 16, 'every fourth of the first 64 has a stack');
});

test('a promise is looked at from outside', () => {
  assert.equal(isPending(new Promise(() => {})), true);
  assert.equal(isPending(Promise.resolve('<pending>')), false);
  assert.equal(isPending(Promise.resolve({ toString: () => assert.fail() })), false);
});

test('a rejection nobody handles stays one', () => {
  const module = new URL('../../../../../../runtime/languages/nodejs/observers/tracker.ts', import.meta.url)
    .href;
  const code = `import { isPending } from ${JSON.stringify(module)}; isPending(Promise.reject(new Error('not handled')));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /not handled/);
});

test('counts of resources: only what is more than before, by kind', () => {
  const before = ['PipeWrap', 'Timeout', 'TCPServerWrap'];
  assert.equal(differ(before, [...before]), false);
  const after = ['FSReqCallback', 'PipeWrap', 'PipeWrap', 'TCPSocketWrap', 'Timeout', 'Timeout', 'Timeout'];
  assert.equal(differ(before, after), true);
  assert.deepEqual(
    [...added(before, after)],
    [
      ['file', 1],
      ['timer', 2],
    ],
  );
});

test('what is dear is free at first, then a share of the time', () => {
  let now = 0;
  const budget = new Budget(0.01, () => now);
  for (let use = 0; use < 20; use++) {
    assert.equal(budget.allows(), true);
    budget.spent(100);
  }
  assert.equal(budget.allows(), false);
  now += 9_999;
  assert.equal(budget.allows(), false);
  now += 1;
  assert.equal(budget.allows(), true);
});
