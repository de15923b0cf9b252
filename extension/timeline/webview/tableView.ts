import { formatMs } from '../../presentation/numbers.ts';
import type { Box } from '../chart/boxes.ts';
import type { Lane, TimelineModel } from '../chart/timelineModel.ts';
import type { TimelineTexts } from '../texts.ts';
import { preciseTime, sequenceOf } from './describe.ts';
import { button, element, fill, labelled, textTable } from './dom.ts';

export interface TableEvents {
  select(box: Box): void;
  open(box: Box): void;
  kindChanged(kind: 'invocations' | 'instances'): void;
}

const pageSize = 100;

/** The same data as rows of text, for who cannot or will not look at a chart. */
export class TableView {
  readonly node: HTMLElement;
  readonly #texts: TimelineTexts;
  readonly #events: TableEvents;
  readonly #body = element('div');
  readonly #range = element('span', { class: 'muted', role: 'status' });
  readonly #newer: HTMLButtonElement;
  readonly #older: HTMLButtonElement;
  #kind: 'invocations' | 'instances';
  #boxes: Box[] = [];
  #lanes: Lane[] = [];
  #offset = 0;
  #selected: string | undefined;

  constructor(texts: TimelineTexts, kind: 'invocations' | 'instances', events: TableEvents) {
    this.#texts = texts;
    this.#kind = kind;
    this.#events = events;
    this.#newer = button(texts.newer, undefined, () => this.#turn(-pageSize));
    this.#older = button(texts.older, undefined, () => this.#turn(pageSize));
    const choice = element(
      'select',
      {},
      element('option', { value: 'invocations' }, texts.invocationsTable),
      element('option', { value: 'instances' }, texts.instancesTable),
    );
    choice.value = kind;
    choice.addEventListener('change', () => {
      this.#kind = choice.value === 'instances' ? 'instances' : 'invocations';
      this.#offset = 0;
      events.kindChanged(this.#kind);
      this.#show();
    });
    const bar = element(
      'div',
      { class: 'bar' },
      labelled(texts.tableOf, choice),
      this.#newer,
      this.#older,
      this.#range,
    );
    // Rows without anything to press are scrolled by keys, which takes a place for the focus.
    const rows = { class: 'tables', tabindex: 0, role: 'region', 'aria-label': texts.table };
    this.node = element('div', { class: 'main' }, element('div', rows, bar, this.#body));
  }

  update(model: TimelineModel, only: string | undefined): void {
    model.settle();
    const wanted = (name: string): boolean => only === undefined || name === only;
    this.#boxes = model.boxes
      .filter(({ span }) => wanted(span.function))
      .sort((a, b) => b.span.receivedAt - a.span.receivedAt);
    this.#lanes = [...model.lanes]
      .filter((lane) => wanted(lane.function) && lane.from !== Infinity)
      .sort((a, b) => b.from - a.from);
    this.#show();
  }

  /** `bring`: the page that holds it is shown. */
  setSelected(id: string | undefined, bring: boolean): void {
    this.#selected = id;
    const index = this.#boxes.findIndex(({ span }) => span.id === id);
    if (bring && index >= 0 && this.#kind === 'invocations') this.#offset = index - (index % pageSize);
    this.#show();
  }

  #turn(by: number): void {
    this.#offset = Math.max(0, this.#offset + by);
    this.#show();
  }

  #show(): void {
    const count = this.#kind === 'instances' ? this.#lanes.length : this.#boxes.length;
    if (this.#offset >= count) this.#offset = 0;
    const end = Math.min(count, this.#offset + pageSize);
    this.#newer.disabled = this.#offset === 0;
    this.#older.disabled = end >= count;
    this.#range.textContent = fill(this.#texts.rows, count === 0 ? 0 : this.#offset + 1, end, count);
    const focused = this.#body.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-id')
      : undefined;
    this.#body.replaceChildren(
      this.#kind === 'instances'
        ? this.#instances(this.#lanes.slice(this.#offset, end))
        : this.#invocations(this.#boxes.slice(this.#offset, end)),
    );
    // Rows are made anew while things happen: who reads on keeps the place.
    if (focused) this.#body.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  #invocations(boxes: readonly Box[]): HTMLElement {
    const texts = this.#texts;
    const table = textTable(
      texts.invocationsTable,
      [
        texts.time,
        texts.onlyFunction,
        texts.status,
        texts.start,
        texts.took,
        texts.waitedHead,
        texts.instanceHead,
      ],
      boxes.map(({ span }) => [
        '',
        span.function,
        texts.statuses[span.status],
        span.startKind ? texts.kinds[span.startKind] : '',
        span.status === 'running' ? '' : formatMs(span.wallMs),
        formatMs(span.queueMs),
        span.instance ? sequenceOf(span.instance.id) : texts.noInstance,
      ]),
      new Set([4, 5]),
    );
    for (const [index, row] of [...table.tBodies[0]!.rows].entries()) {
      const box = boxes[index]!;
      const { id, receivedAt } = box.span;
      const link = button(preciseTime(receivedAt), undefined, () => this.#events.select(box));
      link.className = 'link';
      link.dataset['id'] = id;
      link.setAttribute('aria-pressed', String(id === this.#selected));
      row.classList.toggle('selected', id === this.#selected);
      row.cells[0]!.append(link);
      row.addEventListener('dblclick', () => this.#events.open(box));
      link.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' || id !== this.#selected) return;
        event.preventDefault();
        this.#events.open(box);
      });
    }
    return table;
  }

  #instances(lanes: readonly Lane[]): HTMLElement {
    const texts = this.#texts;
    return textTable(
      texts.instancesTable,
      [
        texts.born,
        texts.onlyFunction,
        texts.instanceHead,
        texts.ended,
        texts.reason,
        texts.calls,
        texts.memory,
      ],
      lanes.map((lane) => {
        const size = lane.life?.memory.at(-1)?.memoryMB;
        return [
          preciseTime(lane.from),
          lane.function,
          `${lane.sequence} (${fill(texts.process, lane.pid)})`,
          lane.to === Infinity ? texts.alive : preciseTime(lane.to),
          lane.life?.reason ?? '',
          String(lane.boxes.length),
          size === undefined ? '' : `${size.toFixed(0)} MB`,
        ];
      }),
      new Set([5, 6]),
    );
  }
}
