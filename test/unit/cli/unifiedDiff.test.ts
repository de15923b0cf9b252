import assert from 'node:assert/strict';
import { test } from 'node:test';
import { painter } from '../../../runtime/cli/terminal.ts';
import { unifiedDiff } from '../../../runtime/cli/unifiedDiff.ts';

const before = { name: 'a/log', text: 'one\ntwo\nthree\nfour\nfive\n' };

test('what differs, with three lines around it', () => {
  assert.equal(unifiedDiff(before, { name: 'b/log', text: before.text }), '');
  assert.equal(
    unifiedDiff(before, { name: 'b/log', text: 'one\ntwo\nthree\nfour\n5\n' }),
    '--- a/log\n+++ b/log\n@@ -2,4 +2,4 @@\n two\n three\n four\n-five\n+5\n',
  );
  assert.equal(
    unifiedDiff({ name: 'a', text: '' }, { name: 'b', text: 'new\n' }),
    '--- a\n+++ b\n@@ -0,0 +1,1 @@\n+new\n',
  );
});

test('lines are coloured by what became of them, on a terminal', () => {
  const paint = painter({ isTTY: true }, {});
  const text = unifiedDiff({ name: 'a', text: 'x\n' }, { name: 'b', text: 'y\n' }, paint);
  assert.match(text, /\x1b\[31m-x\x1b\[0m\n\x1b\[32m\+y\x1b\[0m\n$/);
});

test('long texts without a common line come out whole', () => {
  const lines = (word: string) => Array.from({ length: 5000 }, (_, n) => `${word} ${n}\n`).join('');
  const text = unifiedDiff({ name: 'a', text: lines('old') }, { name: 'b', text: lines('new') });
  assert.match(text, /^--- a\n\+\+\+ b\n@@ -1,5000 \+1,5000 @@\n-old 0\n/);
  assert.equal(text.split('\n').length, 10_004);
});
