import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, ratio, summarize } from '../../bench/report/statistics.ts';

test('the median is the middle value, or the mean of the two in the middle', () => {
  assert.equal(median([5, 1, 3]), 3);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([10, 9, 100]), 10, 'by number, not by text');
  assert.equal(median([]), undefined);
});

test('a summary covers all rounds and does not reorder them', () => {
  const series = [[3, 1], [], [2]];
  assert.deepEqual(summarize(series), { median: 2, minimum: 1, count: 3 });
  assert.deepEqual(series, [[3, 1], [], [2]]);
  assert.equal(summarize([[], []]), undefined);
});

test('a ratio compares within rounds, so that a slow round counts for both', () => {
  const reference = [[10], [1000], [10]];
  assert.equal(ratio([[20], [2000], [20]], reference), 2);
  // The ratio of the medians of all samples would be another: 30 to 10.
  assert.equal(ratio([[10], [30], [30]], [[10], [10], [1000]]), 1);
});

test('rounds in which one of the two is missing do not count', () => {
  assert.equal(ratio([[20], [30]], [[10]]), 2);
  assert.equal(ratio([[], [30]], [[10], [10]]), 3);
  assert.equal(ratio([[20]], []), undefined);
  assert.equal(ratio([[20]], [[0]]), undefined);
});
