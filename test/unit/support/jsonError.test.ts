import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonErrorOffset } from '../../../runtime/support/jsonError.ts';

test('the place where a text stops being JSON', () => {
  // The mark stands where it fails.
  const cases = [
    '{"a": ‸}',
    '{"a": 1 ‸"b": 2}',
    '{"a": 1, ‸}',
    '{‸a: 1}',
    '{"a" ‸1}',
    '[1, 2‸',
    '[1, [2, {"b": [‸}]',
    '{"a": "open‸',
    '{"a": "bad ‸\\x"}',
    '{"a": "line‸\nbreak"}',
    '‸',
    '   ‸',
    '‸undefined',
    'nul‸',
    '{} ‸{}',
    '1‸.',
    '0‸1',
    '[‸-]',
    '{"a": {"b": [true, false, null ‸3]}}',
    '{}‸}',
    '[]‸,',
    '[[], {}, "x"‸',
  ];
  for (const marked of cases) {
    const text = marked.replace('‸', '');
    const expected = marked === 'nul‸' ? 0 : marked.indexOf('‸');
    assert.equal(jsonErrorOffset(text), expected, marked);
  }
  for (const good of ['{}', '[1, -2.5e3, "\\u00e9"]', ' null ', '""', '{"a":{"b":[]}}'])
    assert.equal(jsonErrorOffset(good), undefined, good);
  assert.equal(jsonErrorOffset('['.repeat(200_000)), 200_000, 'no stack is needed');
});
