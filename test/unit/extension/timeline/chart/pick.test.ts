import assert from 'node:assert/strict';
import test from 'node:test';
import { nearest, neighbour, pick } from '../../../../../extension/timeline/chart/pick.ts';
import {
  layOutRows,
  levelBand,
  rowAt,
  rowHeights,
  type ChartRow,
} from '../../../../../extension/timeline/chart/rows.ts';
import { TimelineModel } from '../../../../../extension/timeline/chart/timelineModel.ts';
import { groupTracks } from '../../../../../extension/timeline/chart/tracks.ts';
import type { TimelineSpan } from '../../../../../runtime/model/timelineSpan.ts';
import { onInstance, spanAt } from '../../../../support/timelineSpans.ts';

function rowsOf(spans: TimelineSpan[]) {
  const model = new TimelineModel();
  model.addSpans(spans);
  return layOutRows(groupTracks(model, [])).rows;
}

const isTrack = (row: ChartRow): row is ChartRow & { kind: 'track' } => row.kind === 'track';
const view = { from: 0, to: 100 };

test('rows follow each other from top to bottom, and a height names one', () => {
  const rows = rowsOf([onInstance(1, 0), onInstance(2, 5)]);
  assert.deepEqual(
    rows.map(({ kind, top }) => [kind, top]),
    [
      ['head', 0],
      ['track', rowHeights.head],
      ['track', rowHeights.head + rowHeights.track + rowHeights.gap],
    ],
  );
  assert.equal(rowAt(rows, 3)?.kind, 'head');
  assert.equal(rowAt(rows, rowHeights.head + 1), rows[1]);
  assert.equal(rowAt(rows, rowHeights.head + rowHeights.track + 1), undefined);
  assert.equal(rowAt(rows, -5), undefined);
  assert.equal(rowAt(rows, 500), undefined);
});

test('levels share the height of a row that grows with them', () => {
  const [, row] = rowsOf([spanAt(0), spanAt(1), spanAt(2)]);
  assert.ok(row && isTrack(row));
  assert.ok(row.height >= 3 * rowHeights.level);
  const bands = [0, 1, 2].map((level) => levelBand(row.track, row.height, level));
  assert.ok(bands[1]!.top >= bands[0]!.top + bands[0]!.height);
  assert.ok(bands[2]!.top + bands[2]!.height <= row.height);
});

test('the pointer picks an invocation, also a narrow one from beside it, otherwise the instance', () => {
  const row = rowsOf([spanAt(10), spanAt(60, { wallMs: 0.1 })]).find(isTrack)!;
  const at = (x: number) => pick(row, { x, y: 10 }, view, 100, 1000);
  assert.equal(at(15).box?.span.id, 'at-10');
  assert.equal(at(62).box?.span.id, 'at-60');
  assert.equal(at(40).box, undefined);
  assert.equal(at(40).lane?.id, 'hello#1');
  assert.equal(at(90).lane, undefined);
});

test('levels are told apart by the height', () => {
  const row = rowsOf([spanAt(10), spanAt(12)]).find(isTrack)!;
  const at = (level: number) => {
    const { top, height } = levelBand(row.track, row.height, level);
    return pick(row, { x: 15, y: top + height / 2 }, view, 100, 1000).box?.span.id;
  };
  assert.deepEqual([at(0), at(1)], ['at-10', 'at-12']);
});

test('keys go from one to the next, and to the nearest of another lane', () => {
  const { track } = rowsOf([spanAt(0), spanAt(20), spanAt(40)]).find(isTrack)!;
  assert.equal(neighbour(track, 'at-20', 1)?.span.id, 'at-40');
  assert.equal(neighbour(track, 'at-20', -1)?.span.id, 'at-0');
  assert.equal(neighbour(track, 'at-40', 1), undefined);
  assert.equal(neighbour(track, undefined, 1)?.span.id, 'at-0');
  assert.equal(neighbour(track, undefined, -1)?.span.id, 'at-40');
  assert.equal(nearest(track, 33)?.span.id, 'at-20');
  assert.equal(nearest(track, 999)?.span.id, 'at-40');
});
