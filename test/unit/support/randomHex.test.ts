import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomHex } from '../../../runtime/support/randomHex.ts';

describe('random hexadecimal digits', () => {
  it('are as many as asked for, across what is drawn at a time', () => {
    for (const length of [0, 1, 7, 20, 8191, 8192, 20]) {
      assert.match(randomHex(length), new RegExp(`^[0-9a-f]{${length}}$`));
    }
  });

  it('do not repeat', () => {
    // Several draws of the supply, with a length that does not divide it.
    const ids = Array.from({ length: 5000 }, () => randomHex(20));
    assert.equal(new Set(ids).size, ids.length);
    const places = ids.join('');
    const counts = [...'0123456789abcdef'].map((digit) => places.split(digit).length - 1);
    // 6250 of each are to be expected; a digit that is far off would mean that chance is not asked.
    assert.ok(
      counts.every((count) => count > 5700 && count < 6800),
      counts.join(' '),
    );
  });
});
