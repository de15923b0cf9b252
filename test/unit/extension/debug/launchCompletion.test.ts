import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { functionNameAt } from '../../../../extension/debug/launchCompletion.ts';

/** The text with what a name would replace in brackets, of a text with `|` where the cursor is. */
function replaced(marked: string): string | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const place = functionNameAt(text, offset);
  return place && `${text.slice(0, place.from)}<${text.slice(place.from, place.to)}>${text.slice(place.to)}`;
}

suite('names of functions in launch.json', () => {
  for (const [what, given, expected] of [
    ['an empty list', '{"type":"porchlight","functions":[|]}', '{"type":"porchlight","functions":[<>]}'],
    [
      'a name that is begun',
      '{"type": "porchlight", "functions": ["a", "he|"]}',
      '{"type": "porchlight", "functions": ["a", <"he">]}',
    ],
    ['no end in sight', '[{"type":"porchlight","functions":["|', '[{"type":"porchlight","functions":[<">'],
    [
      'a type that follows',
      '{"functions":["|"],"type":"porchlight"}',
      '{"functions":[<"">],"type":"porchlight"}',
    ],
    ['another debugger', '{"type":"node","functions":["|"]}', undefined],
    ['another field', '{"type":"porchlight","functions":["a"],"name":"|"}', undefined],
    ['no configuration', '|', undefined],
  ] as const)
    test(what, () => assert.equal(replaced(given), expected));
});
