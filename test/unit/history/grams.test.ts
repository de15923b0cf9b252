import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factPlace, GramCollector, gramPlaces, mayContain } from '../../../runtime/history/grams.ts';

const placesOf = (word: string): number[] => gramPlaces(Buffer.from(word));

test('a filter has every piece of its texts', () => {
  const text = 'The quick brown fox, 快速的棕色狐狸, jumps over 💡 {"id":4711}';
  const collector = new GramCollector();
  collector.addText(Buffer.from(text));
  const filter = collector.take();
  for (let start = 0; start < text.length; start++) {
    for (let end = start + 1; end <= text.length; end++) {
      const word = text.slice(start, end);
      // Half of a character is none of the text's bytes.
      if (/[\ud800-\udfff]/.test(word.replace('💡', ''))) continue;
      assert.ok(mayContain(filter, placesOf(word)), word);
    }
  }
});

test('a filter tells of most words that they are missing, however large the text', () => {
  for (const length of [20, 300, 5000, 60_000]) {
    const collector = new GramCollector();
    const words = Array.from({ length }, (_, index) => ((index * 7919) % 100_003).toString(36));
    collector.addText(Buffer.from(words.join(' ')));
    const filter = collector.take();
    const others = Array.from({ length: 500 }, (_, index) => `${((index * 104_729) % 99_991).toString(36)}-`);
    const passed = others.filter((word) => mayContain(filter, placesOf(word))).length;
    // One piece of these words is in none of the texts, and seems to be one time in five.
    assert.ok(passed < 150, `${passed} of 500 at ${length}`);
  }
});

test('pieces do not span texts, facts are apart from words, and a collector starts anew', () => {
  const collector = new GramCollector();
  collector.addText(Buffer.from('abc'));
  collector.addText(Buffer.from('def'));
  collector.addFact('status ok');
  const filter = collector.take();
  assert.ok(mayContain(filter, [factPlace('status ok')]));
  assert.ok(!mayContain(filter, [factPlace('status error')]));
  assert.ok(!mayContain(filter, placesOf('cd')));
  assert.ok(!mayContain(filter, placesOf('status ok')));
  assert.ok(!mayContain(collector.take(), placesOf('abc')));
});
