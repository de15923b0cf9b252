import uPlot from 'uplot';
import type { TimelineSpan } from '../../../runtime/model/timelineSpan.ts';
import { formatMs } from '../../presentation/numbers.ts';
import { durationBins, durationsOf, durationStats, startKinds } from '../chart/durations.ts';
import type { TimelineTexts } from '../texts.ts';
import { ChartPane } from './chartPane.ts';
import { textTable } from './dom.ts';
import type { Palette } from './palette.ts';
import { axis } from './plots.ts';

/** How long invocations take, by start kind: a histogram on a logarithmic scale, and the figures as a table. */
export class DurationsPane {
  readonly node: HTMLElement;
  readonly #texts: TimelineTexts;
  readonly #pane: ChartPane;

  constructor(texts: TimelineTexts) {
    this.#texts = texts;
    this.#pane = new ChartPane(texts.durationsHelp, texts.noDurations);
    this.node = this.#pane.node;
  }

  update(spans: Iterable<TimelineSpan>, only: string | undefined, palette: Palette): void {
    const durations = durationsOf(spans, only);
    const stats = durationStats(durations);
    this.#pane.hasChart(stats.length > 0);
    if (stats.length === 0) return;
    const { bounds, counts } = durationBins(durations);
    // One bin is no histogram: an empty one on each side gives it a scale.
    const step = 10 ** 0.1;
    const x = [bounds[0]! / step, ...bounds, bounds.at(-1)! * step];
    const data = [
      x,
      ...startKinds.map((kind) => [null, ...counts[kind].map((count) => count || null), null]),
    ] as uPlot.AlignedData;
    this.#pane.plot.show(
      `${palette.classes.warm} ${palette.background} ${palette.contrast}`,
      this.#options(palette),
      data,
    );
    const texts = this.#texts;
    this.#pane.figures.replaceChildren(
      textTable(
        texts.durations,
        [texts.start, texts.count, texts.median, texts.p95, texts.p99, texts.longest],
        stats.map(({ kind, count, medianMs, p95Ms, p99Ms, maxMs }) => [
          texts.kinds[kind],
          String(count),
          ...[medianMs, p95Ms, p99Ms, maxMs].map(formatMs),
        ]),
        new Set([1, 2, 3, 4, 5]),
      ),
    );
  }

  #options(palette: Palette): Omit<uPlot.Options, 'width' | 'height'> {
    const texts = this.#texts;
    const bars = uPlot.paths.bars!({ size: [0.9, 60], align: 1 });
    return {
      scales: {
        x: { time: false, distr: 3, log: 10 },
        y: { range: (_, __, most) => [0, Math.max(1, most)] },
      },
      axes: [
        axis(palette, {
          values: (_, marks) => marks.map((ms) => (Number.isInteger(Math.log10(ms)) ? tickText(ms) : null)),
        }),
        axis(palette, { size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] }),
      ],
      cursor: { drag: { x: false, y: false } },
      series: [
        { label: texts.took, value: (_, ms) => (ms === null ? '' : `≥ ${formatMs(ms)}`) },
        ...startKinds.map((kind): uPlot.Series => ({
          label: texts.kinds[kind],
          stroke: palette.classes[kind],
          // Where kinds overlap, both are seen.
          fill: palette.contrast ? 'transparent' : translucent(palette.classes[kind]),
          width: 1.5,
          paths: bars,
          points: { show: false },
        })),
      ],
    };
  }
}

const tickText = (ms: number): string => (ms < 1000 ? `${Number(ms.toPrecision(3))} ms` : `${ms / 1000} s`);

/** A colour of which half shines through. Themes write hex colours with or without transparency, or other forms. */
function translucent(colour: string): string {
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}88` : colour;
}
