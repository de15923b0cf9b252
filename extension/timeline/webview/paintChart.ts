import { rowHeights, type ChartRow } from '../chart/rows.ts';
import { ticks } from '../chart/timeAxis.ts';
import { widthOf } from '../chart/viewport.ts';
import { fill } from './dom.ts';
import { clippedText, paintTrack, type Paint } from './paintRows.ts';

/** Width of the labels at the left, in pixels. */
export const labelWidth = 132;

/** Pixels between two marks of the axis, at least. */
const tickEvery = 110;

/** Paints everything that is in sight. `scroll`: pixels of the rows above it. */
export function paintChart(
  paint: Paint,
  rows: readonly ChartRow[],
  size: { width: number; height: number },
  scroll: number,
): void {
  const { context, palette } = paint;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, size.width, size.height);
  context.font = palette.font;
  const marks = ticks(
    paint.view,
    paint.pixels,
    tickEvery,
    -new Date(paint.view.to).getTimezoneOffset() * 60_000,
  );
  const x = (at: number): number =>
    labelWidth + ((at - paint.view.from) / widthOf(paint.view)) * paint.pixels;
  context.strokeStyle = palette.line;
  context.globalAlpha = palette.contrast ? 0.4 : 0.5;
  context.beginPath();
  for (const { at } of marks) {
    context.moveTo(Math.round(x(at)) + 0.5, rowHeights.axis);
    context.lineTo(Math.round(x(at)) + 0.5, size.height);
  }
  context.stroke();
  context.globalAlpha = 1;

  const chart = new Path2D();
  chart.rect(labelWidth, rowHeights.axis, paint.pixels, size.height - rowHeights.axis);
  const labels = new Path2D();
  labels.rect(0, rowHeights.axis, size.width, size.height - rowHeights.axis);
  for (const row of rows) {
    const y = rowHeights.axis + row.top - scroll;
    if (y + row.height < rowHeights.axis) continue;
    if (y > size.height) break;
    context.save();
    context.clip(labels);
    paintLabel(paint, row, y, size.width);
    context.restore();
    if (row.kind !== 'track') continue;
    context.save();
    context.clip(chart);
    context.translate(labelWidth, 0);
    paintTrack(paint, row, y);
    context.restore();
  }
  paintNow(paint, x(paint.now), size.height);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, size.width, rowHeights.axis - 1);
  context.fillStyle = palette.dim;
  for (const { at, label } of marks) clippedText(context, label, x(at) + 3, rowHeights.axis / 2, tickEvery);
  context.fillStyle = palette.background;
  context.fillRect(0, 0, labelWidth - 4, rowHeights.axis - 1);
  context.strokeStyle = palette.line;
  context.beginPath();
  context.moveTo(0, rowHeights.axis - 0.5);
  context.lineTo(size.width, rowHeights.axis - 0.5);
  context.stroke();
}

function paintLabel({ context, palette, texts }: Paint, row: ChartRow, y: number, width: number): void {
  const middle = y + Math.min(row.height, rowHeights.track) / 2;
  if (row.kind === 'head') {
    context.fillStyle = palette.text;
    context.font = `bold ${palette.font}`;
    clippedText(context, row.function, 6, y + row.height / 2 + 1, width - 12);
    context.font = palette.font;
    return;
  }
  const { track } = row;
  const [first] = track.lanes;
  const label =
    track.kind === 'without' || !first
      ? texts.noInstanceLane
      : track.lanes.length === 1
        ? fill(texts.instance, first.sequence)
        : fill(texts.instances, track.lanes.length);
  context.fillStyle = palette.dim;
  clippedText(context, label, 14, middle, labelWidth - 20);
}

function paintNow({ context, palette, pixels }: Paint, x: number, height: number): void {
  if (x < labelWidth || x > labelWidth + pixels) return;
  context.strokeStyle = palette.focus;
  context.globalAlpha = 0.7;
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, rowHeights.axis);
  context.lineTo(Math.round(x) + 0.5, height);
  context.stroke();
  context.globalAlpha = 1;
}
