import assert from 'node:assert/strict';
import test from 'node:test';
import { TimelineModel } from '../../../../../extension/timeline/chart/timelineModel.ts';
import { groupTracks } from '../../../../../extension/timeline/chart/tracks.ts';
import { onInstance, spanAt } from '../../../../support/timelineSpans.ts';

const shape = (model: TimelineModel, order: string[] = [], only?: string) =>
  groupTracks(model, order, only).map(({ function: name, tracks }) => [
    name,
    ...tracks.map(({ kind, lanes, boxes }) =>
      kind === 'without' ? `without: ${boxes.length}` : lanes.map(({ sequence }) => sequence).join(),
    ),
  ]);

test('instances that lived one after the other share a row', () => {
  const model = new TimelineModel();
  model.addSpans([onInstance(1, 0), onInstance(2, 5), onInstance(3, 12), onInstance(4, 30)]);
  assert.deepEqual(shape(model), [['hello', '1,3,4', '2']]);
});

test('an instance that lives keeps its row for itself', () => {
  const model = new TimelineModel();
  model.setLives([
    { id: 'hello#1', function: 'hello', sequence: 1, pid: 101, bornAt: 0, frozen: [], memory: [] },
  ]);
  model.addSpans([onInstance(1, 0), onInstance(2, 500)]);
  assert.deepEqual(shape(model), [['hello', '1', '2']]);
  model.applyEvents([{ kind: 'ended', at: 400, instance: 'hello#1', pid: 101, reason: 'idle time-out' }]);
  assert.deepEqual(shape(model), [['hello', '1,2']]);
});

test('an id that another host gave to another process is another instance', () => {
  const model = new TimelineModel();
  model.addSpans([spanAt(0), spanAt(1000, { instance: { id: 'hello#1', pid: 999 } })]);
  assert.deepEqual(shape(model), [['hello', '1,1']]);
});

test('functions stand in the order of the project, others behind them, or alone', () => {
  const model = new TimelineModel();
  model.addSpans([spanAt(0, { id: 'a', function: 'gone' }), spanAt(0, { id: 'b', function: 'second' })]);
  model.addSpans([spanAt(0, { id: 'c', function: 'first', instance: { id: 'first#1', pid: 7 } })]);
  assert.deepEqual(
    shape(model, ['first', 'second']).map(([name]) => name),
    ['first', 'gone'],
  );
  assert.deepEqual(shape(model, [], 'first'), [['first', '1']]);
});

test('what got no instance has a row of its own, until it gets one', () => {
  const model = new TimelineModel();
  const { instance: _, startKind: __, ...waiting } = spanAt(0, { status: 'running', wallMs: 0 });
  model.addSpans([waiting]);
  assert.deepEqual(shape(model), [['hello', 'without: 1']]);
  model.addSpans([spanAt(0, { wallMs: 40, queueMs: 30 })]);
  assert.deepEqual(shape(model), [['hello', '1']]);
  const box = model.box('at-0');
  assert.deepEqual([box?.from, box?.to], [30, 40]);
});

test('invocations at the same time stand on levels', () => {
  const model = new TimelineModel();
  model.addSpans([spanAt(20, { wallMs: 5 }), spanAt(5, { wallMs: 30 }), spanAt(0), spanAt(40)]);
  const [group] = groupTracks(model, []);
  assert.equal(group?.tracks[0]?.levels, 2);
  assert.deepEqual(
    group?.tracks[0]?.boxes.map(({ span, level }) => [span.receivedAt, level]),
    [
      [0, 0],
      [5, 1],
      [20, 0],
      [40, 0],
    ],
  );
});

test('clearing forgets everything, and more than it keeps goes from the oldest on', () => {
  const model = new TimelineModel();
  model.addSpans(Array.from({ length: 60_010 }, (_, index) => spanAt(index)));
  assert.equal(model.spanCount, 60_000);
  assert.equal(model.box('at-9'), undefined);
  assert.ok(model.box('at-10'));
  model.clear();
  assert.deepEqual(shape(model), []);
});

test('what is not known to have ended ends with its instance', () => {
  const model = new TimelineModel();
  model.setLives([
    { id: 'hello#1', function: 'hello', sequence: 1, pid: 101, bornAt: 0, frozen: [], memory: [] },
  ]);
  model.addSpans([spanAt(100, { status: 'running', wallMs: 0 })]);
  model.settle();
  assert.equal(model.box('at-100')?.to, Infinity);
  model.applyEvents([{ kind: 'ended', at: 400, instance: 'hello#1', pid: 101, reason: 'x' }]);
  model.settle();
  assert.equal(model.box('at-100')?.to, 400);
  model.addSpans([spanAt(100, { wallMs: 250 })]);
  model.settle();
  assert.equal(model.box('at-100')?.to, 350);
});
