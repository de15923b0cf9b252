import { element } from './dom.ts';
import { Plot } from './plots.ts';

/** A pane with a chart and its figures beside it, or with a sentence where there is nothing to draw. */
export class ChartPane {
  readonly node: HTMLElement;
  readonly plot = new Plot(element('div', { class: 'plot', role: 'img' }));
  readonly figures = element('div');
  readonly #none: HTMLElement;
  readonly #side: HTMLElement;

  /** `help`: what is drawn; `none`: why nothing is. */
  constructor(help: string, none: string) {
    this.plot.node.setAttribute('aria-label', help);
    this.#none = element('p', { class: 'muted' }, none);
    this.#side = element('div', { class: 'side' }, this.plot.node, this.figures);
    this.node = element(
      'div',
      { class: 'pane' },
      element('div', { class: 'muted' }, help),
      this.#none,
      this.#side,
    );
  }

  /** Makes room for the chart, or takes it away. */
  hasChart(has: boolean): void {
    this.#none.hidden = has;
    this.#side.hidden = !has;
    if (!has) this.plot.clear();
  }
}
