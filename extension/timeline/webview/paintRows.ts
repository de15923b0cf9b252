import { formatMs } from '../../presentation/numbers.ts';
import type { Box } from '../chart/boxes.ts';
import { mergeBoxes, type Run } from '../chart/mergeBoxes.ts';
import { mergeLanes } from '../chart/mergeLanes.ts';
import { levelBand, type ChartRow } from '../chart/rows.ts';
import type { Lane } from '../chart/timelineModel.ts';
import { widthOf, type Viewport } from '../chart/viewport.ts';
import type { TimelineTexts } from '../texts.ts';
import type { Palette } from './palette.ts';

/** What everything is painted with. `pixels`: width of the chart without its labels. */
export interface Paint {
  context: CanvasRenderingContext2D;
  palette: Palette;
  texts: TimelineTexts;
  view: Viewport;
  pixels: number;
  now: number;
  /** Lines drawn at a slant, in the colour of frozen time. */
  hatch: CanvasPattern | null;
  selected: string | undefined;
  hovered: string | undefined;
}

type TrackRow = ChartRow & { kind: 'track' };

/** How much of a start's colour its phases take, so that they are told apart. */
const phaseStrength: Record<string, number> = {
  spawn: 0.3,
  boot: 0.45,
  load: 0.65,
  init: 0.8,
  handler: 1,
  teardown: 0.45,
};

/** Paints the lives and invocations of one row, whose top is `y`. */
export function paintTrack(paint: Paint, row: TrackRow, y: number): void {
  paintLives(paint, row, y);
  const { track } = row;
  const runs = mergeBoxes(track, paint.view, paint.pixels, paint.now);
  for (const run of runs) paintRun(paint, row, y, run, track.boxes[run.index]!);
}

function paintLives(paint: Paint, { track, height }: TrackRow, y: number): void {
  const { context, palette, view, pixels, now, texts } = paint;
  const middle = y + height / 2;
  for (const { left, right, count, lane } of mergeLanes(track.lanes, view, pixels, now)) {
    const [from, to] = [Math.max(-2, left), Math.min(pixels + 2, right)];
    context.globalAlpha = palette.contrast ? 1 : 0.55;
    context.fillStyle = palette.life;
    if (palette.contrast) {
      context.strokeStyle = palette.life;
      context.strokeRect(from + 0.5, y + 0.5, Math.max(1, to - from - 1), height - 1);
    } else context.fillRect(from, y, to - from, height);
    context.globalAlpha = 1;
    if (count > 1) continue;
    if (to - from > 3) paintStates(paint, lane, y, height);
    context.fillStyle = palette.text;
    if (left >= 0) context.fillRect(left, y, 1.5, height);
    if (lane.to === Infinity || right > pixels) continue;
    context.fillRect(right - 1.5, y, 1.5, height);
    const next = track.lanes[track.lanes.indexOf(lane) + 1];
    const room = (next ? Math.min(pixels, toX(paint, next.from)) : pixels) - right - 10;
    const why = lane.life?.reason;
    if (why && room > 90) {
      context.fillStyle = palette.dim;
      clippedText(context, `${texts.ended.toLowerCase()}: ${why}`, right + 6, middle, room);
    }
  }
}

/** Starting and frozen times of one instance. */
function paintStates(paint: Paint, { life, from }: Lane, y: number, height: number): void {
  if (!life) return;
  const { context, palette, hatch, pixels, now } = paint;
  const fill = (begin: number, end: number, style: string | CanvasPattern, alpha: number): void => {
    const left = Math.max(0, toX(paint, begin));
    const right = Math.min(pixels, toX(paint, end));
    if (right - left < 1) return;
    context.globalAlpha = alpha;
    context.fillStyle = style;
    context.fillRect(left, y + 1, right - left, height - 2);
    context.globalAlpha = 1;
  };
  const booted = life.bootedAt ?? life.endedAt ?? now;
  fill(from, booted, palette.classes.cold, 0.3);
  for (const { from: begin, until } of life.frozen) {
    const end = until ?? life.endedAt ?? now;
    if (end >= paint.view.from && begin <= paint.view.to) fill(begin, end, hatch ?? palette.frozen, 0.5);
  }
}

function paintRun(paint: Paint, { track, height }: TrackRow, y: number, run: Run, box: Box): void {
  const { context, palette, pixels } = paint;
  const band = levelBand(track, height, run.level);
  const [top, tall] = [y + band.top, band.height];
  const left = Math.max(-2, run.left);
  const width = Math.max(1, Math.min(pixels + 2, run.right) - left);
  const colour = palette.classes[run.class];
  context.fillStyle = colour;
  if (run.class === 'refused') {
    // Nothing ran: an empty box.
    context.strokeStyle = colour;
    if (width > 3) context.strokeRect(left + 0.5, top + 0.5, width - 1, tall - 1);
    else context.fillRect(left, top + tall / 4, width, tall / 2);
  } else if (run.count === 1 && box.span.phases && width > 8) paintPhases(paint, box, top, tall, colour);
  else context.fillRect(left, top, width, tall);
  if (run.class === 'failed' && width > 3)
    paintCross(context, palette.onBox, left, top, Math.min(width, 12), tall);
  if (run.count === 1) paintMarks(paint, run, box, { left, top, width, tall });
}

/** The phases of a start in shades of its colour. */
function paintPhases(paint: Paint, { span }: Box, top: number, tall: number, colour: string): void {
  const { context, pixels } = paint;
  for (const [name, startMs, durationMs] of span.phases ?? []) {
    const left = Math.max(-2, toX(paint, span.receivedAt + startMs));
    const right = Math.min(pixels + 2, toX(paint, span.receivedAt + startMs + durationMs));
    if (right <= left) continue;
    context.globalAlpha = phaseStrength[name] ?? 1;
    context.fillStyle = colour;
    context.fillRect(left, top, Math.max(0.5, right - left), tall);
    context.globalAlpha = 1;
  }
}

/** A failure is told by its shape as well. */
function paintCross(
  context: CanvasRenderingContext2D,
  colour: string,
  left: number,
  top: number,
  width: number,
  tall: number,
): void {
  const size = Math.min(width, tall) / 4;
  const [x, y] = [left + width / 2, top + tall / 2];
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - size, y - size);
  context.lineTo(x + size, y + size);
  context.moveTo(x + size, y - size);
  context.lineTo(x - size, y + size);
  context.stroke();
  context.lineWidth = 1;
}

function paintMarks(
  { context, palette, texts, selected, hovered, pixels }: Paint,
  run: Run,
  { span }: Box,
  { left, top, width, tall }: { left: number; top: number; width: number; tall: number },
): void {
  const seen = Math.min(left + width, pixels) - Math.max(0, left);
  if (seen > 60 && tall >= 14) {
    const inset = run.class === 'failed' ? 16 : 5;
    context.fillStyle = run.class === 'refused' ? palette.text : palette.onBox;
    const what =
      span.status === 'ok'
        ? span.startKind
          ? texts.kinds[span.startKind]
          : ''
        : texts.statuses[span.status];
    const text = span.status === 'running' ? what : `${what} ${formatMs(span.wallMs)}`;
    // Phases before the handler are pale: there the text would not be read.
    const onPale = span.phases !== undefined && run.class !== 'refused';
    if (onPale) context.fillStyle = palette.text;
    clippedText(context, text, Math.max(0, left) + inset, top + tall / 2, seen - inset - 3);
  }
  if (span.id !== selected && span.id !== hovered) return;
  context.strokeStyle = span.id === selected ? palette.focus : palette.hover;
  context.lineWidth = span.id === selected ? 2 : 1;
  context.strokeRect(left - 1, top - 1, width + 2, tall + 2);
  context.lineWidth = 1;
}

/** Text that ends with an ellipsis where its room ends; nothing where not even a few letters fit. */
export function clippedText(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  middle: number,
  room: number,
): void {
  let shown = text;
  while (shown.length > 3 && context.measureText(shown).width > room)
    shown = `${shown.slice(0, -2).trimEnd()}…`;
  if (context.measureText(shown).width > room) return;
  context.textBaseline = 'middle';
  context.fillText(shown, x, middle + 0.5);
}

const toX = ({ view, pixels }: Pick<Paint, 'view' | 'pixels'>, at: number): number =>
  ((at - view.from) / widthOf(view)) * pixels;
