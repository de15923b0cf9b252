import assert from 'node:assert/strict';
import test from 'node:test';
import { mergeBoxes } from '../../../../../extension/timeline/chart/mergeBoxes.ts';
import { mergeLanes } from '../../../../../extension/timeline/chart/mergeLanes.ts';
import { TimelineModel } from '../../../../../extension/timeline/chart/timelineModel.ts';
import { groupTracks, type Track } from '../../../../../extension/timeline/chart/tracks.ts';
import type { TimelineSpan } from '../../../../../runtime/model/timelineSpan.ts';
import { onInstance, spanAt } from '../../../../support/timelineSpans.ts';

function trackOf(spans: TimelineSpan[]): Track {
  const model = new TimelineModel();
  model.addSpans(spans);
  return groupTracks(model, [])[0]!.tracks[0]!;
}

const later = 1_000_000;

test('what is wide enough is drawn for itself', () => {
  const runs = mergeBoxes(
    trackOf([spanAt(0), spanAt(50, { startKind: 'cold' })]),
    { from: 0, to: 100 },
    1000,
    later,
  );
  assert.deepEqual(
    runs.map(({ left, right, class: kind, count }) => [left, right, kind, count]),
    [
      [0, 100, 'warm', 1],
      [500, 600, 'cold', 1],
    ],
  );
});

test('however many there are, there is about one run per pixel, and all are counted', () => {
  const spans = Array.from({ length: 50_000 }, (_, index) => spanAt(index * 10));
  const runs = mergeBoxes(trackOf(spans), { from: 0, to: 500_000 }, 800, later);
  assert.ok(runs.length <= 800, `${runs.length} runs`);
  assert.equal(
    runs.reduce((sum, { count }) => sum + count, 0),
    50_000,
  );
});

test('a failure among many is seen where it is', () => {
  const spans = Array.from({ length: 10_000 }, (_, index) =>
    spanAt(index * 10, index === 5000 ? { status: 'error' } : {}),
  );
  const runs = mergeBoxes(trackOf(spans), { from: 0, to: 100_000 }, 500, later);
  const failed = runs.filter((run) => run.class === 'failed');
  assert.equal(failed.length, 1);
  assert.equal(failed[0]!.failed, 1);
  assert.ok(Math.abs(failed[0]!.left - 250) < 3);
});

test('what lies apart stays apart', () => {
  const runs = mergeBoxes(
    trackOf([spanAt(0), spanAt(500), spanAt(1000)]),
    { from: 0, to: 10_000 },
    1000,
    later,
  );
  assert.equal(runs.length, 3);
});

test('only what is in sight is drawn, also what began long before', () => {
  const spans = [spanAt(0, { wallMs: 5000 }), ...Array.from({ length: 50 }, (_, i) => spanAt(10 + i * 20))];
  const runs = mergeBoxes(trackOf(spans), { from: 4000, to: 4100 }, 100, later);
  assert.deepEqual(
    runs.map(({ count, left }) => [count, left]),
    [[1, -4000]],
  );
});

test('what still runs ends now', () => {
  const runs = mergeBoxes(
    trackOf([spanAt(0, { status: 'running', wallMs: 0 })]),
    { from: 0, to: 100 },
    100,
    40,
  );
  assert.deepEqual(
    runs.map(({ right, class: kind }) => [right, kind]),
    [[40, 'running']],
  );
});

test('lives too short to be told apart are one bar', () => {
  const { lanes } = trackOf(Array.from({ length: 5000 }, (_, index) => onInstance(index + 1, index * 10)));
  assert.equal(lanes.length, 5000);
  const bars = mergeLanes(lanes, { from: 0, to: 50_000 }, 500, later);
  assert.ok(bars.length <= 500);
  assert.equal(
    bars.reduce((sum, { count }) => sum + count, 0),
    5000,
  );
  assert.equal(mergeLanes(lanes, { from: 0, to: 50 }, 500, later).length, 6);
});
