import assert from 'node:assert/strict';
import test from 'node:test';
import { declarationIn } from '../../../runtime/invocations/declarations.ts';
import { textOf as phraseOf } from '../../../runtime/invocations/observed.ts';
import type { CarriedState } from '../../../runtime/protocol/instance/observations.ts';
import { say } from '../../../runtime/support/l10n.ts';

const textOf = (...of: Parameters<typeof phraseOf>): string => say(phraseOf(...of));
const resident = { model: 'resident', freeze: true } as const;

test('what was left open, and what becomes of it', () => {
  const timer = { kind: 'openWork', what: 'timer', count: 1, detail: '5000 ms' } as const;
  const start = 'A timer (5000 ms) was still open at the answer. ';
  const end = 'frozen with the instance and goes on in the middle of a later invocation, or never.';
  assert.equal(textOf(timer, resident), `${start}What is left open is ${end}`);
  assert.equal(
    textOf(timer, { model: 'resident', freeze: false }),
    `${start}In the cloud, what is left open is ${end}`,
  );
  assert.equal(
    textOf(timer, { model: 'ephemeral', freeze: true }),
    `${start}What is left open ended with the instance.`,
  );
  assert.match(
    textOf({ ...timer, what: 'process', count: 3 }, resident),
    /^3 child processes \(5000 ms\) were/,
  );
});

test('a timer of an earlier invocation', () => {
  const from = 'c0ffee00-0000-4000-8000-000000abcdef';
  const ran = { kind: 'ranLater', what: 'interval', count: 2, from } as const;
  assert.equal(
    textOf(ran, resident),
    'An interval that invocation abcdef left open ran 2 times during this one.',
  );
  assert.equal(
    textOf({ ...ran, count: 1 }, resident),
    'An interval that invocation abcdef left open ran during this one.',
  );
});

test('state as an earlier invocation left it', () => {
  const state: CarriedState = {
    kind: 'carriedState',
    what: 'variables',
    names: [{ name: 'seen', size: 1 }, { name: 'counter' }],
    more: 0,
    from: 'abcdef',
    callsAgo: 1,
  };
  assert.equal(
    textOf(state, resident),
    '`seen` (1 entry), `counter` still held what invocation abcdef left.',
  );
  assert.equal(
    textOf({ ...state, more: 3, callsAgo: 2 }, resident),
    '`seen` (1 entry), `counter`, 3 more still held what invocation abcdef left (changed 2 calls ago).',
  );
  assert.equal(
    textOf({ ...state, what: 'files', names: [{ name: '/tmp/a', size: 7 }] }, resident),
    '`/tmp/a` (7 bytes) was still there from invocation abcdef.',
  );
});

const declared: [text: string, name: string, at: string | undefined][] = [
  ['let counter = 0;', 'counter', '1:5'],
  ['\nvar a = 1, counter = 0;', 'counter', undefined],
  ['\nvar a, counter;', 'counter', '2:8'],
  ['// counter\n  let counter = 1;\nexport const counter = 2;', 'counter', '3:14'],
  ['const { counter, other } = require("x");', 'other', '1:18'],
  ['const counters = 1;\nclass counter {}', 'counter', '2:7'],
  ['exports.state = {};', 'exports.state', '1:9'],
  ['const $x = 1;', '$x', '1:7'],
  ['const marks = [];', 'marks (other.js)', '1:7'],
  ['nothing', 'counter', undefined],
];
for (const [text, name, at] of declared) {
  test(`declaration of ${name} in ${JSON.stringify(text)}`, () => {
    const found = declarationIn(text, name, '/p/a.js');
    assert.equal(found && `${found.line}:${found.column}`, at);
  });
}
