import type uPlot from 'uplot';
import { formatTime } from '../../presentation/numbers.ts';
import { memorySeries } from '../chart/memory.ts';
import type { Lane } from '../chart/timelineModel.ts';
import type { TimelineTexts } from '../texts.ts';
import { ChartPane } from './chartPane.ts';
import { textTable } from './dom.ts';
import type { Palette } from './palette.ts';
import { axis } from './plots.ts';

/** Dashes tell series apart where colours come again. */
const dashes = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** How much memory instances take over time, and the figures as a table. */
export class MemoryPane {
  readonly node: HTMLElement;
  readonly #texts: TimelineTexts;
  readonly #pane: ChartPane;

  constructor(texts: TimelineTexts) {
    this.#texts = texts;
    this.#pane = new ChartPane(texts.memoryHelp, texts.noMemory);
    this.node = this.#pane.node;
  }

  update(lanes: Iterable<Lane>, only: string | undefined, palette: Palette): void {
    const { moments, series } = memorySeries(lanes, only);
    this.#pane.hasChart(series.length > 0);
    if (series.length === 0) return;
    const names = series.map(({ lane }) => `${lane.function} ${lane.sequence}`);
    const { warm, prewarmed, cold, running, failed } = palette.classes;
    const colours = [warm, prewarmed, cold, running, failed];
    const key = `${names.join()} ${palette.background} ${warm}`;
    const options: Omit<uPlot.Options, 'width' | 'height'> = {
      scales: { y: { range: (_, __, most) => [0, Math.max(16, most * 1.1)] } },
      axes: [
        axis(palette, {
          incrs: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
          values: (_, marks) => marks.map((second) => formatTime(second * 1000)),
        }),
        axis(palette, { size: 64, values: (_, marks) => marks.map((size) => `${size} MB`) }),
      ],
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      series: [
        {},
        ...names.map((label, index): uPlot.Series => ({
          label,
          stroke: colours[index % colours.length]!,
          dash: dashes[Math.floor(index / colours.length) % dashes.length]!,
          width: 1.5,
          spanGaps: true,
          points: { show: moments.length < 3 },
        })),
      ],
    };
    this.#pane.plot.show(key, options, [moments.map((at) => at / 1000), ...series.map(({ sizes }) => sizes)]);
    const texts = this.#texts;
    this.#pane.figures.replaceChildren(
      textTable(
        texts.memory,
        [texts.instanceHead, texts.memoryNow, texts.memoryMost],
        series.map(({ nowMB, mostMB, lane }, index) => [
          names[index]!,
          lane.to === Infinity ? `${nowMB.toFixed(1)} MB` : texts.ended.toLowerCase(),
          `${mostMB.toFixed(1)} MB`,
        ]),
        new Set([1, 2]),
      ),
    );
  }
}
