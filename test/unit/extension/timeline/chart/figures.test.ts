import assert from 'node:assert/strict';
import test from 'node:test';
import {
  durationBins,
  durationsOf,
  durationStats,
} from '../../../../../extension/timeline/chart/durations.ts';
import { memorySeries } from '../../../../../extension/timeline/chart/memory.ts';
import { TimelineModel } from '../../../../../extension/timeline/chart/timelineModel.ts';
import { spanAt } from '../../../../support/timelineSpans.ts';

test('durations are those of undisturbed answers, by start kind', () => {
  const durations = durationsOf(
    [
      spanAt(1, { wallMs: 3 }),
      spanAt(2, { wallMs: 1, status: 'error' }),
      spanAt(3, { wallMs: 80, startKind: 'cold' }),
      spanAt(4, { wallMs: 900, debugged: true }),
      spanAt(5, { wallMs: 900, status: 'timeout' }),
      spanAt(6, { wallMs: 7, function: 'other' }),
    ],
    'hello',
  );
  assert.deepEqual([[...durations.cold], [...durations.prewarmed], [...durations.warm]], [[80], [], [1, 3]]);
  assert.deepEqual(durationStats(durations), [
    { kind: 'cold', count: 1, medianMs: 80, p95Ms: 80, p99Ms: 80, maxMs: 80 },
    { kind: 'warm', count: 2, medianMs: 1, p95Ms: 3, p99Ms: 3, maxMs: 3 },
  ]);
});

test('bins grow by the same factor, and each duration is in one', () => {
  const durations = durationsOf(
    [0, 1, 1.1, 10, 99.99, 100].map((wallMs, index) => spanAt(index, { wallMs })),
    undefined,
  );
  const { bounds, counts } = durationBins(durations);
  assert.equal(bounds.length, 41);
  assert.ok(Math.abs(bounds[0]! - 0.01) < 1e-9);
  assert.ok(Math.abs(bounds.at(-1)! - 100) < 1e-9);
  assert.equal(
    counts.warm.reduce((a, b) => a + b),
    6,
  );
  assert.deepEqual(
    [counts.warm[0], counts.warm[20], counts.warm[30], counts.warm[39], counts.warm[40]],
    [1, 2, 1, 1, 1],
  );
});

test('without durations there are no bins', () => {
  assert.deepEqual(durationBins(durationsOf([], undefined)).bounds, []);
});

test('sizes of instances stand at common moments', () => {
  const model = new TimelineModel();
  const life = (sequence: number, memory: { at: number; memoryMB: number }[]) => ({
    id: `hello#${sequence}`,
    function: 'hello',
    sequence,
    pid: 100 + sequence,
    bornAt: sequence,
    frozen: [],
    memory,
  });
  model.setLives([
    life(1, [
      { at: 10, memoryMB: 40 },
      { at: 20, memoryMB: 60 },
      { at: 30, memoryMB: 50 },
    ]),
    life(2, [{ at: 20, memoryMB: 45 }]),
    life(3, []),
  ]);
  const { moments, series } = memorySeries(model.lanes, undefined);
  assert.deepEqual(moments, [10, 20, 30]);
  assert.deepEqual(
    series.map(({ sizes, nowMB, mostMB }) => [sizes, nowMB, mostMB]),
    [
      [[40, 60, 50], 50, 60],
      [[null, 45, null], 45, 45],
    ],
  );
  assert.deepEqual(memorySeries(model.lanes, 'other').series, []);
});
