import {
  loadLimits,
  defaultLoad,
  type LoadProgress,
  type LoadResult,
  type LoadTimes,
} from '../../../runtime/model/load.ts';
import type { StartKind } from '../../../runtime/model/words.ts';
import { formatMs } from '../../presentation/numbers.ts';
import { startKinds } from '../chart/durations.ts';
import type { PageLoad } from '../messages.ts';
import type { TimelineTexts } from '../texts.ts';
import { button, element, fill, labelled, textTable } from './dom.ts';

export interface LoadEvents {
  send(load: PageLoad): void;
  cancel(): void;
  changed(load: Partial<PageLoad>): void;
}

/** A rate that was missed by less than this is a matter of timers, in milliseconds. */
const noticeableMs = 50;

/** The load playground: what is to be sent, how far it is, what came of it. */
export class LoadPane {
  readonly node: HTMLElement;
  readonly #texts: TimelineTexts;
  readonly #function: HTMLSelectElement;
  readonly #invocations: HTMLInputElement;
  readonly #rate: HTMLInputElement;
  readonly #concurrency: HTMLInputElement;
  readonly #start: HTMLSelectElement;
  readonly #event: HTMLTextAreaElement;
  readonly #send: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #progress = element('progress', { hidden: true, max: 1 });
  readonly #none: HTMLElement;
  readonly #outcome = element('div', { class: 'outcome', role: 'status' });
  #total = 0;
  #running = false;
  #available = false;
  #wanted: string | undefined;

  constructor(texts: TimelineTexts, before: Partial<PageLoad>, events: LoadEvents) {
    this.#texts = texts;
    this.#wanted = before.function;
    const number = (
      value: number | undefined,
      most: number,
      more: Record<string, string | number | boolean> = {},
    ) => element('input', { type: 'number', min: 1, max: most, step: 1, required: true, value, ...more });
    this.#function = element('select', { required: true });
    this.#invocations = number(before.invocations ?? defaultLoad.invocations, loadLimits.invocations);
    this.#rate = number(before.rate, loadLimits.rate, {
      min: 0.01,
      step: 'any',
      required: false,
      placeholder: texts.loadRateNone,
      class: 'rate',
    });
    this.#concurrency = number(before.concurrency ?? defaultLoad.concurrency, loadLimits.concurrency);
    this.#start = element(
      'select',
      {},
      element('option', { value: '' }, texts.loadAnyStart),
      ...startKinds.map((kind) => element('option', { value: kind }, texts.kinds[kind])),
    );
    this.#start.value = before.startKind ?? '';
    this.#event = element(
      'textarea',
      { rows: 1, spellcheck: 'false', placeholder: '{}' },
      before.event ?? '',
    );
    this.#send = element('button', { type: 'submit', class: 'primary' }, texts.send);
    this.#cancel = button(texts.cancel, undefined, () => events.cancel());
    const wide = labelled(texts.loadEvent, this.#event);
    wide.classList.add('wide');
    const form = element(
      'form',
      { class: 'form', title: texts.loadBounds },
      labelled(texts.onlyFunction, this.#function),
      labelled(texts.loadInvocations, this.#invocations),
      labelled(texts.loadRate, this.#rate),
      labelled(texts.loadConcurrency, this.#concurrency),
      labelled(texts.loadStart, this.#start),
      wide,
      this.#send,
      this.#cancel,
      this.#progress,
    );
    form.addEventListener('change', () => events.changed(this.#read()));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#running) return;
      const load = this.#read();
      this.#begin(load.invocations);
      events.send(load);
    });
    this.#none = element('p', { class: 'muted' }, texts.loadNoFunction);
    this.node = element('div', { class: 'pane' }, form, this.#none, this.#outcome);
    this.#enable();
  }

  /** Chooses a function, now or as soon as it is known, and puts the cursor where to go on. */
  choose(name: string | undefined): void {
    this.#wanted = name ?? this.#wanted;
    if (name !== undefined && [...this.#function.options].some(({ value }) => value === name))
      this.#function.value = name;
    this.#invocations.focus();
  }

  /** `available`: a host runs that would send. */
  setFunctions(names: readonly string[], available: boolean): void {
    const chosen =
      this.#wanted !== undefined && names.includes(this.#wanted) ? this.#wanted : this.#function.value;
    this.#function.replaceChildren(...names.map((name) => element('option', { value: name }, name)));
    if (names.includes(chosen)) this.#function.value = chosen;
    this.#available = available && names.length > 0;
    this.#none.hidden = names.length > 0;
    this.#enable();
  }

  /** Also of a load that was begun before the page was there. */
  progress({ ended, failed, instances }: LoadProgress, total: number): void {
    if (!this.#running) this.#begin(total);
    this.#progress.value = this.#total > 0 ? ended / this.#total : 0;
    const text = fill(this.#texts.loadProgress, ended, this.#total, failed, instances);
    this.#outcome.replaceChildren(element('p', {}, text));
  }

  ended(result: LoadResult | undefined, error: string | undefined): void {
    this.#running = false;
    this.#enable();
    if (error !== undefined) this.#outcome.replaceChildren(element('p', { class: 'bad' }, error));
    if (result) this.#outcome.replaceChildren(...this.#summary(result));
  }

  #begin(total: number): void {
    this.#total = total;
    this.#running = true;
    this.#progress.value = 0;
    this.#enable();
  }

  #enable(): void {
    this.#send.disabled = this.#running || !this.#available;
    this.#cancel.hidden = !this.#running;
    this.#progress.hidden = !this.#running;
  }

  #read(): PageLoad {
    const event = this.#event.value.trim();
    const startKind = startKinds.find((kind) => kind === this.#start.value);
    this.#wanted = this.#function.value || this.#wanted;
    return {
      function: this.#function.value,
      invocations: this.#invocations.valueAsNumber,
      concurrency: this.#concurrency.valueAsNumber,
      ...(this.#rate.value === '' ? {} : { rate: this.#rate.valueAsNumber }),
      ...(event === '' ? {} : { event: this.#event.value }),
      ...(startKind ? { startKind } : {}),
    };
  }

  #summary(result: LoadResult): HTMLElement[] {
    const texts = this.#texts;
    const { statuses, elapsedMs, throughput, instances, lateMs, shape, times, error, sent } = result;
    const counts = Object.entries(statuses).map(
      ([status, count]) => `${count} ${texts.statuses[status as keyof typeof statuses]}`,
    );
    const lines = [
      ...(result.cancelled ? [[fill(texts.loadCancelled, sent, shape.invocations)]] : []),
      [fill(texts.loadDone, counts.join(', ') || '0', formatMs(elapsedMs), throughput.toFixed(1))],
      [fill(texts.loadServed, instances.served, instances.most)],
      ...(lateMs >= noticeableMs ? [[fill(texts.loadLate, formatMs(lateMs), shape.concurrency)]] : []),
      ...(error ? [[fill(texts.loadFirst, `${error.type}: ${error.message}`), 'bad']] : []),
    ];
    return [
      ...lines.map(([line = '', kind]) => element('p', { class: kind }, line)),
      ...(times ? [this.#times(result, times)] : []),
    ];
  }

  #times({ starts }: LoadResult, all: LoadTimes): HTMLElement {
    const texts = this.#texts;
    const row = (name: string, { count, p50Ms, p95Ms, p99Ms, maxMs }: LoadTimes): string[] => [
      name,
      String(count),
      `${((count / all.count) * 100).toFixed(1)} %`,
      ...[p50Ms, p95Ms, p99Ms, maxMs].map(formatMs),
    ];
    const kinds = startKinds.flatMap((kind: StartKind) => {
      const times = starts[kind];
      return times ? [row(texts.kinds[kind], times)] : [];
    });
    return textTable(
      texts.durations,
      [texts.start, texts.count, texts.share, texts.median, texts.p95, texts.p99, texts.longest],
      [...kinds, row(texts.allStarts, all)],
      new Set([1, 2, 3, 4, 5, 6]),
    );
  }
}
