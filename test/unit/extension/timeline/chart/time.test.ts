import assert from 'node:assert/strict';
import test from 'node:test';
import { ticks } from '../../../../../extension/timeline/chart/timeAxis.ts';
import {
  fit,
  follow,
  pan,
  show,
  viewLimits,
  widthOf,
  zoom,
} from '../../../../../extension/timeline/chart/viewport.ts';

const noon = Date.UTC(2026, 10, 26, 12, 0, 0);
const labels = (from: number, to: number, offset = 0) =>
  ticks({ from, to }, 500, 100, offset).map(({ label }) => label);

test('zooming keeps the moment under the pointer where it is', () => {
  const view = zoom({ from: 0, to: 100 }, 0.5, 25);
  assert.deepEqual(view, { from: 12.5, to: 62.5 });
  assert.equal((25 - view.from) / widthOf(view), 0.25);
});

test('zooming ends at the limits', () => {
  assert.equal(widthOf(zoom({ from: 0, to: 1 }, 0.001, 0.5)), viewLimits.shortest);
  assert.equal(widthOf(zoom({ from: 0, to: 1e9 }, 1e6, 0)), viewLimits.longest);
});

test('moving, following and showing all', () => {
  assert.deepEqual(pan({ from: 0, to: 100 }, -0.5), { from: -50, to: 50 });
  const followed = follow({ from: 0, to: 100 }, 1000);
  assert.deepEqual(followed, { from: 905, to: 1005 });
  assert.deepEqual(fit(0, 1000), { from: -30, to: 1030 });
  assert.deepEqual(fit(7, 7), { from: 2, to: 12 });
});

test('what is in sight does not move the view, other things do', () => {
  const view = { from: 0, to: 100 };
  assert.equal(show(view, 10, 20), view);
  assert.equal(show(view, -10, 200), view);
  assert.deepEqual(show(view, 500, 510), { from: 455, to: 555 });
  const long = show(view, 500, 900);
  assert.ok(long.from < 500 && long.to > 500);
});

test('marks are at round times, with as many digits as tell them apart', () => {
  assert.deepEqual(labels(noon, noon + 5000), [
    '12:00:00',
    '12:00:01',
    '12:00:02',
    '12:00:03',
    '12:00:04',
    '12:00:05',
  ]);
  assert.deepEqual(labels(noon + 1, noon + 101).slice(0, 2), ['12:00:00.020', '12:00:00.040']);
  assert.deepEqual(labels(noon, noon + 1).slice(0, 2), ['12:00:00.0000', '12:00:00.0002']);
  assert.deepEqual(labels(noon, noon + 3 * 3600_000).slice(0, 2), ['12:00', '13:00']);
  assert.deepEqual(labels(noon, noon + 5 * 86_400_000)[0], '11-27');
});

test("marks are round in the user's zone", () => {
  const offset = 5.5 * 3600_000;
  assert.deepEqual(labels(noon, noon + 3 * 3600_000, offset).slice(0, 2), ['18:00', '19:00']);
});
