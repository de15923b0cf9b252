import uPlot from 'uplot';
import type { Palette } from './palette.ts';

/** A chart that follows the size of its node, and is made anew when its options change. */
export class Plot {
  readonly node: HTMLElement;
  #plot: uPlot | undefined;
  #key = '';

  constructor(node: HTMLElement) {
    this.node = node;
    new ResizeObserver(() => this.#resize()).observe(node);
  }

  /** `key` says which options these are: with the same ones only the data are replaced. */
  show(key: string, options: Omit<uPlot.Options, 'width' | 'height'>, data: uPlot.AlignedData): void {
    if (this.#plot && key === this.#key) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#key = key;
    this.#plot = new uPlot({ ...options, ...this.#size() }, data, this.node);
  }

  clear(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #size(): { width: number; height: number } {
    return { width: Math.max(120, this.node.clientWidth), height: Math.max(80, this.node.clientHeight) };
  }

  #resize(): void {
    if (this.node.clientWidth > 0) this.#plot?.setSize(this.#size());
  }
}

/** An axis in the theme's colours. */
export function axis(palette: Palette, more: uPlot.Axis = {}): uPlot.Axis {
  return {
    stroke: palette.text,
    font: palette.font,
    grid: { stroke: palette.line, width: palette.contrast ? 0.5 : 1 },
    ticks: { stroke: palette.line },
    ...more,
  };
}
