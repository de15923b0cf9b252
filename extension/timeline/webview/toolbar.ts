import { startKinds } from '../chart/durations.ts';
import type { TimelineTexts } from '../texts.ts';
import { button, element, labelled } from './dom.ts';
import type { PageState } from './editor.ts';

export interface ToolbarEvents {
  show(what: 'lanes' | 'table'): void;
  zoom(factor: number): void;
  fit(): void;
  follow(follows: boolean): void;
  /** Undefined: all functions. */
  choose(name: string | undefined): void;
  startHost(): void;
}

/** What stands above the lanes. */
export class Toolbar {
  readonly node: HTMLElement;
  /** Says that no host runs. */
  readonly notice = element('div', { class: 'notice', role: 'status', hidden: true });
  readonly #texts: TimelineTexts;
  readonly #events: ToolbarEvents;
  readonly #follow: HTMLButtonElement;
  readonly #only = element('select');
  readonly #count = element('span', { class: 'muted' });

  constructor(texts: TimelineTexts, { shown, follow }: PageState, events: ToolbarEvents) {
    this.#texts = texts;
    this.#events = events;
    const views = (['lanes', 'table'] as const).map((what) => {
      const made = button(texts[what], undefined, () => {
        for (const view of views) view.setAttribute('aria-pressed', String(view === made));
        events.show(what);
      });
      made.setAttribute('aria-pressed', String(what === shown));
      return made;
    });
    this.#follow = button(texts.followShort, texts.follow, () =>
      events.follow(this.#follow.getAttribute('aria-pressed') !== 'true'),
    );
    this.setFollows(follow);
    // The row that stands for all functions has no value.
    this.#only.addEventListener('change', () => events.choose(this.#only.value || undefined));
    const legend = element('div', { class: 'legend', 'aria-hidden': true });
    for (const kind of startKinds)
      legend.append(element('span', { class: kind }, element('b', {}, texts.kinds[kind])));
    for (const status of ['error', 'running'] as const) {
      const kind = status === 'error' ? 'failed' : status;
      legend.append(element('span', { class: kind }, element('b', {}, texts.statuses[status])));
    }
    this.node = element(
      'div',
      { class: 'bar', role: 'group', 'aria-label': texts.title },
      ...views,
      button('−', texts.zoomOut, () => events.zoom(1.5)),
      button('+', texts.zoomIn, () => events.zoom(1 / 1.5)),
      button(texts.fitShort, texts.fit, () => events.fit()),
      this.#follow,
      labelled(texts.onlyFunction, this.#only),
      this.#count,
      element('span', { class: 'grow' }),
      legend,
    );
    this.setFunctions([], undefined);
  }

  setFollows(follows: boolean): void {
    this.#follow.setAttribute('aria-pressed', String(follows));
  }

  setFunctions(names: readonly string[], only: string | undefined): void {
    const listed = only === undefined || names.includes(only) ? names : [...names, only];
    this.#only.replaceChildren(
      element('option', { value: '' }, this.#texts.allFunctions),
      ...listed.map((name) => element('option', { value: name }, name)),
    );
    this.#only.value = only ?? '';
  }

  setCount(text: string): void {
    this.#count.textContent = text;
  }

  setHost(running: boolean, text: string | undefined): void {
    this.notice.hidden = running && text === undefined;
    const start = button(this.#texts.startHost, undefined, () => this.#events.startHost());
    this.notice.replaceChildren(text ?? this.#texts.noHost, ' ', ...(running ? [] : [start]));
  }
}
