import type { Box } from '../chart/boxes.ts';
import { nearest, neighbour, pick, type Picked } from '../chart/pick.ts';
import { layOutRows, rowAt, rowHeights, type ChartRow } from '../chart/rows.ts';
import type { Group } from '../chart/tracks.ts';
import { fit, follow, pan, show, widthOf, zoom, type Viewport } from '../chart/viewport.ts';
import type { TimelineTexts } from '../texts.ts';
import { pickedLines } from './describe.ts';
import { element } from './dom.ts';
import { hatchOf } from './hatch.ts';
import { labelWidth, paintChart } from './paintChart.ts';
import type { Palette } from './palette.ts';
import { listenToKeys, listenToPointer } from './lanesInput.ts';

/** What the lanes tell about. */
export interface LanesEvents {
  select(box: Box): void;
  open(box: Box): void;
  viewChanged(view: Viewport, follows: boolean): void;
}

/** How often the chart moves on by itself while it follows, in milliseconds; at once for those who see no motion. */
const calmStepMs = 1000;

/** The chart of lanes: paints when something changed, once per frame at most. */
export class LanesView {
  readonly node: HTMLElement;
  readonly #texts: TimelineTexts;
  readonly #events: LanesEvents;
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #spacer = element('div');
  readonly #scroller: HTMLElement;
  readonly #tip = element('div', { class: 'tip', hidden: true, role: 'presentation' });
  readonly #empty = element('div', { class: 'empty', hidden: true });
  #palette: Palette;
  #rows: ChartRow[] = [];
  #height = 0;
  #size = { width: 0, height: 0 };
  #view: Viewport;
  #follows: boolean;
  #selected: string | undefined;
  #hovered: string | undefined;
  #asked = 0;
  #hatch: CanvasPattern | null = null;
  #moved = 0;

  constructor(
    texts: TimelineTexts,
    palette: Palette,
    start: { view: Viewport | undefined; follows: boolean },
    events: LanesEvents,
  ) {
    this.#texts = texts;
    this.#palette = palette;
    this.#events = events;
    this.#view = start.view ?? fit(Date.now() - 60_000, Date.now());
    this.#follows = start.follows;
    this.#canvas = element('canvas', {
      tabindex: 0,
      role: 'application',
      'aria-label': `${texts.lanesLabel}. ${texts.help}`,
    });
    const context = this.#canvas.getContext('2d', { alpha: false });
    if (!context) throw new Error('This editor draws no canvas.');
    this.#context = context;
    this.#scroller = element('div', { class: 'scroller', tabindex: -1 }, this.#canvas, this.#spacer);
    this.node = element('div', { class: 'main' }, this.#scroller, this.#empty, this.#tip);
    new ResizeObserver(() => this.#resize()).observe(this.node);
    this.#scroller.addEventListener('scroll', () => this.draw());
    listenToPointer(this.#canvas, {
      zoom: (factor, x) =>
        this.#setView(zoom(this.#view, factor, this.#at(x)), this.#follows && factor < 1 ? false : undefined),
      pan: (pixels) => this.#setView(pan(this.#view, pixels / this.#pixels), false),
      hover: (place) => this.#hover(place),
      press: (place) => {
        const box = this.#pick(place)?.box;
        if (box) this.#events.select(box);
      },
      open: (place) => {
        const box = this.#pick(place)?.box;
        if (box) this.#events.open(box);
      },
    });
    listenToKeys(this.#canvas, {
      zoom: (factor) => this.zoomBy(factor),
      pan: (share) => this.#setView(pan(this.#view, share), false),
      step: (direction) => this.#step(direction),
      changeTrack: (direction) => this.#changeTrack(direction),
      edge: (direction) => this.#edge(direction),
      open: () => {
        const box = this.#selectedBox();
        if (box) this.#events.open(box);
      },
      fit: () => this.fitAll(),
      follow: () => this.follow(!this.#follows),
    });
  }

  get follows(): boolean {
    return this.#follows;
  }

  /** `text`: what is said while there is nothing. */
  setGroups(groups: readonly Group[], text: string): void {
    const { rows, height } = layOutRows(groups);
    this.#rows = rows;
    this.#height = height;
    this.#empty.textContent = text;
    this.#empty.hidden = rows.length > 0;
    this.#resize();
  }

  setPalette(palette: Palette): void {
    this.#palette = palette;
    this.#hatch = hatchOf(this.#context, palette.frozen);
    this.draw();
  }

  /** `bring`: an invocation that was chosen elsewhere is brought into sight. */
  setSelected(id: string | undefined, bring: boolean): void {
    this.#selected = id;
    const box = bring ? this.#selectedBox() : undefined;
    if (box) this.#bring(box);
    this.draw();
  }

  zoomBy(factor: number): void {
    const box = this.#selectedBox();
    const middle = (this.#view.from + this.#view.to) / 2;
    const inSight = box && box.from > this.#view.from && box.from < this.#view.to;
    this.#setView(zoom(this.#view, factor, this.#follows ? Date.now() : inSight ? box.from : middle));
  }

  fitAll(): void {
    let [from, to] = [Infinity, -Infinity];
    for (const row of this.#rows) {
      if (row.kind !== 'track') continue;
      const { lanes, boxes, lastsUntil } = row.track;
      from = Math.min(from, lanes[0]?.from ?? Infinity, boxes[0]?.from ?? Infinity);
      for (const end of [lanes.at(-1)?.to, lastsUntil.at(-1)])
        to = Math.max(to, Math.min(end ?? -Infinity, Date.now()));
    }
    if (from < Infinity) this.#setView(fit(from, Math.max(to, from)), false);
  }

  /** Follows what happens from now on, with so many milliseconds in sight. */
  watch(width: number): void {
    const now = Date.now();
    this.#setView(follow({ from: now - width, to: now }, now), true);
  }

  /** Whether any of a time is in sight. */
  sees(from: number, to: number): boolean {
    return to >= this.#view.from && from <= this.#view.to;
  }

  follow(follows: boolean): void {
    this.#follows = follows;
    if (follows) this.#view = follow(this.#view, Date.now());
    this.#setView(this.#view, follows);
  }

  draw(): void {
    this.#asked ||= requestAnimationFrame(() => {
      this.#asked = 0;
      this.#paint();
    });
  }

  get #pixels(): number {
    return Math.max(1, this.#size.width - labelWidth);
  }

  #at(x: number): number {
    return this.#view.from + ((x - labelWidth) / this.#pixels) * widthOf(this.#view);
  }

  #setView(view: Viewport, follows?: boolean): void {
    this.#view = view;
    if (follows !== undefined) this.#follows = follows;
    this.#events.viewChanged(view, this.#follows);
    this.draw();
  }

  #resize(): void {
    const { clientWidth: width, clientHeight: height } = this.#scroller;
    const ratio = devicePixelRatio;
    if (width === 0 || height === 0) return;
    this.#spacer.style.height = `${Math.max(0, this.#height + rowHeights.axis + 8 - height)}px`;
    this.#size = { width: this.#scroller.clientWidth, height };
    const [wide, high] = [Math.round(this.#size.width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== wide || this.#canvas.height !== high) {
      this.#canvas.width = wide;
      this.#canvas.height = high;
      this.#canvas.style.width = `${this.#size.width}px`;
      this.#canvas.style.height = `${height}px`;
      this.#hatch = hatchOf(this.#context, this.#palette.frozen);
    }
    this.draw();
  }

  #paint(): void {
    if (this.#size.width === 0) return;
    const began = performance.now();
    const now = Date.now();
    if (this.#follows) this.#moveOn(now);
    const ratio = devicePixelRatio;
    this.#context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintChart(
      {
        context: this.#context,
        palette: this.#palette,
        texts: this.#texts,
        view: this.#view,
        pixels: this.#pixels,
        now,
        hatch: this.#hatch,
        selected: this.#selected,
        hovered: this.#hovered,
      },
      this.#rows,
      this.#size,
      this.#scroller.scrollTop,
    );
    // For who measures how smooth it is.
    this.#canvas.dataset['paintMs'] = (performance.now() - began).toFixed(2);
    if (this.#follows && this.#rows.length > 0) this.#goOn();
  }

  /** Frame by frame; in steps for people who want no motion, and where a frame would move less than a pixel. */
  #goOn(): void {
    const perPixel = widthOf(this.#view) / this.#pixels;
    const calm = document.body.classList.contains('vscode-reduce-motion');
    const wait = Math.min(calmStepMs, calm ? calmStepMs : perPixel);
    if (wait <= 17) return this.draw();
    if (this.#moved) return;
    this.#moved = setTimeout(() => {
      this.#moved = 0;
      this.draw();
    }, wait) as unknown as number;
  }

  #moveOn(now: number): void {
    this.#view = follow(this.#view, now);
  }

  #pick({ x, y }: { x: number; y: number }): Picked | undefined {
    if (x < labelWidth || y < rowHeights.axis) return undefined;
    const inRows = y - rowHeights.axis + this.#scroller.scrollTop;
    const row = rowAt(this.#rows, inRows);
    if (row?.kind !== 'track') return undefined;
    return pick(row, { x: x - labelWidth, y: inRows - row.top }, this.#view, this.#pixels, Date.now());
  }

  #hover(place: { x: number; y: number } | undefined): void {
    const picked = place && this.#pick(place);
    const lines = picked ? pickedLines(picked, this.#texts) : [];
    const hovered = picked?.run?.count === 1 ? picked.box?.span.id : undefined;
    this.#tip.hidden = lines.length === 0;
    if (place && lines.length > 0) {
      this.#tip.textContent = lines.join('\n');
      const { offsetWidth, offsetHeight } = this.#tip;
      const left = Math.max(4, Math.min(place.x + 14, this.#size.width - offsetWidth - 8));
      const below = place.y + 16;
      const top = below + offsetHeight > this.#size.height ? Math.max(2, place.y - offsetHeight - 10) : below;
      this.#tip.style.left = `${left}px`;
      this.#tip.style.top = `${top}px`;
    }
    if (hovered === this.#hovered) return;
    this.#hovered = hovered;
    this.draw();
  }

  #rowOfSelected(): (ChartRow & { kind: 'track' }) | undefined {
    if (this.#selected === undefined) return undefined;
    return this.#tracks.find(({ track }) => track.boxes.some(({ span }) => span.id === this.#selected));
  }

  get #tracks(): (ChartRow & { kind: 'track' })[] {
    return this.#rows.filter((row) => row.kind === 'track');
  }

  #selectedBox(): Box | undefined {
    return this.#rowOfSelected()?.track.boxes.find(({ span }) => span.id === this.#selected);
  }

  #step(direction: -1 | 1): void {
    const row = this.#rowOfSelected();
    if (row) this.#choose(neighbour(row.track, this.#selected, direction));
    else this.#edge(1);
  }

  #changeTrack(direction: -1 | 1): void {
    const tracks = this.#tracks.filter(({ track }) => track.boxes.length > 0);
    const row = this.#rowOfSelected();
    const box = this.#selectedBox();
    const next = tracks[row ? tracks.indexOf(row) + direction : 0];
    if (next) this.#choose(nearest(next.track, box?.from ?? this.#view.to));
  }

  #edge(direction: -1 | 1): void {
    const row = this.#rowOfSelected() ?? this.#tracks.find(({ track }) => track.boxes.length > 0);
    if (row) this.#choose(neighbour(row.track, undefined, direction === 1 ? -1 : 1));
  }

  #choose(box: Box | undefined): void {
    if (!box) return;
    this.#selected = box.span.id;
    this.#bring(box);
    this.#events.select(box);
  }

  #bring(box: Box): void {
    const row = this.#rowOfSelected();
    if (row) {
      const { scrollTop } = this.#scroller;
      const room = this.#size.height - rowHeights.axis;
      if (row.top < scrollTop) this.#scroller.scrollTop = row.top - rowHeights.head;
      else if (row.top + row.height > scrollTop + room)
        this.#scroller.scrollTop = row.top + row.height - room;
    }
    const view = show(this.#view, box.from, Math.min(box.to, Date.now()));
    if (view !== this.#view) this.#setView(view, false);
    else this.draw();
  }
}
