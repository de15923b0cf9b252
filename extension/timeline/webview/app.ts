import type { Box } from '../chart/boxes.ts';
import { TimelineModel } from '../chart/timelineModel.ts';
import { groupTracks } from '../chart/tracks.ts';
import type { PageLoad, ToPage } from '../messages.ts';
import type { TimelineTexts } from '../texts.ts';
import { boxSentence } from './describe.ts';
import { element, fill } from './dom.ts';
import { DurationsPane } from './durationsPane.ts';
import { editor, RememberedState } from './editor.ts';
import { LanesView } from './lanesView.ts';
import { LoadPane } from './loadPane.ts';
import { MemoryPane } from './memoryPane.ts';
import { onThemeChange, readPalette } from './palette.ts';
import { tabbedPanes } from './panes.ts';
import { TableView } from './tableView.ts';
import { Toolbar } from './toolbar.ts';

/** News are gathered for this long before rows and figures are made anew, in milliseconds. */
const gatherMs = 200;

/** The page: joins the model, which news feed, with what shows it. */
export class App {
  readonly #texts: TimelineTexts;
  readonly #state = new RememberedState();
  readonly #model = new TimelineModel();
  readonly #toolbar: Toolbar;
  readonly #lanes: LanesView;
  readonly #table: TableView;
  readonly #load: LoadPane;
  readonly #durations: DurationsPane;
  readonly #memory: MemoryPane;
  readonly #panes: { show(key: 'load' | 'durations' | 'memory'): void };
  readonly #said = element('div', {
    class: 'bar muted',
    role: 'status',
    'aria-live': 'polite',
    hidden: true,
  });
  #palette = readPalette();
  #functions: string[] = [];
  #running = false;
  #more = false;
  #selected: string | undefined;
  #shownVersion = -1;
  /** What is seen was chosen, or need not be: there is something to see. */
  #placed: boolean;
  #timer: number | undefined;

  constructor(root: HTMLElement, { texts, selected, folder }: ToPage & { type: 'begin' }) {
    this.#texts = texts;
    this.#selected = selected;
    this.#state.set({ folder });
    const { value } = this.#state;
    this.#placed = value.view !== undefined;
    const select = (box: Box): void => this.#select(box);
    const open = (box: Box): void => editor.postMessage({ type: 'open', id: box.span.id });
    this.#lanes = new LanesView(
      texts,
      this.#palette,
      { view: value.view, follows: value.follow },
      {
        select,
        open,
        viewChanged: (view, follow) => {
          this.#state.set({ view, follow });
          this.#toolbar.setFollows(follow);
        },
      },
    );
    this.#table = new TableView(texts, value.table, {
      select,
      open,
      kindChanged: (table) => this.#state.set({ table }),
    });
    this.#toolbar = new Toolbar(texts, value, {
      show: (shown) => {
        this.#state.set({ shown });
        this.#showMain();
      },
      zoom: (factor) => this.#lanes.zoomBy(factor),
      fit: () => this.#lanes.fitAll(),
      follow: (follows) => this.#lanes.follow(follows),
      choose: (only) => {
        this.#state.set({ only });
        this.#refresh(true);
      },
      startHost: () => editor.postMessage({ type: 'startHost' }),
    });
    this.#load = new LoadPane(texts, value.load, {
      send: (load) => {
        this.#state.set({ load });
        this.#lanes.watch(watchedMs(load));
        editor.postMessage({ type: 'load', load });
      },
      cancel: () => editor.postMessage({ type: 'cancelLoad' }),
      changed: (load) => this.#state.set({ load }),
    });
    this.#durations = new DurationsPane(texts);
    this.#memory = new MemoryPane(texts);
    const panes = tabbedPanes(
      texts.title,
      [
        { key: 'load', title: texts.load, node: this.#load.node },
        { key: 'durations', title: texts.durations, node: this.#durations.node },
        { key: 'memory', title: texts.memory, node: this.#memory.node },
      ],
      value.tab,
      (tab) => {
        this.#state.set({ tab });
        this.#showPane();
      },
    );
    this.#panes = panes;
    root.replaceChildren(
      element('h1', {}, texts.title),
      this.#toolbar.node,
      this.#toolbar.notice,
      this.#lanes.node,
      this.#table.node,
      this.#said,
      panes.node,
    );
    onThemeChange(() => {
      this.#palette = readPalette();
      this.#lanes.setPalette(this.#palette);
      this.#refresh(true);
    });
    this.#lanes.setPalette(this.#palette);
    this.#showMain();
  }

  receive(message: ToPage): void {
    switch (message.type) {
      case 'begin':
        return;
      case 'functions':
        this.#functions = message.functions;
        this.#toolbar.setFunctions(this.#functions, this.#state.value.only);
        this.#load.setFunctions(this.#functions, this.#running);
        return this.#soon();
      case 'host':
        this.#running = message.running;
        this.#toolbar.setHost(message.running, message.text);
        this.#load.setFunctions(this.#functions, this.#running);
        return;
      case 'cleared':
        this.#model.clear();
        return this.#soon();
      case 'lives':
        this.#model.setLives(message.lives);
        return this.#soon();
      case 'events':
        this.#model.applyEvents(message.events);
        return this.#soon();
      case 'spans':
        this.#more = message.more;
        this.#model.addSpans(message.spans);
        return this.#soon();
      case 'selected':
        this.#selected = message.id;
        return this.#showSelected(true);
      case 'playground':
        this.#panes.show('load');
        return this.#load.choose(message.function);
      case 'loadProgress':
        return this.#load.progress(message.progress, message.total);
      case 'loadEnded':
        return this.#load.ended(message.result, message.error);
    }
  }

  #select(box: Box): void {
    this.#selected = box.span.id;
    editor.postMessage({ type: 'select', id: box.span.id });
    this.#showSelected(false);
  }

  #showSelected(bring: boolean): void {
    const box = this.#selected === undefined ? undefined : this.#model.box(this.#selected);
    this.#lanes.setSelected(this.#selected, bring && box !== undefined && !this.#lanes.follows);
    if (this.#state.value.shown === 'table') this.#table.setSelected(this.#selected, bring);
    this.#said.hidden = !box;
    this.#said.textContent = box ? boxSentence(box, this.#texts) : '';
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#refresh(false);
    }, gatherMs) as unknown as number;
  }

  #refresh(always: boolean): void {
    if (!always && this.#shownVersion === this.#model.version && this.#functions.length === 0) return;
    this.#shownVersion = this.#model.version;
    const groups = groupTracks(this.#model, this.#functions, this.#state.value.only);
    const instances = groups.reduce(
      (count, { tracks }) => count + tracks.reduce((sum, { lanes }) => sum + lanes.length, 0),
      0,
    );
    this.#lanes.setGroups(groups, this.#texts.empty);
    const { spanCount } = this.#model;
    this.#toolbar.setCount(
      this.#more ? fill(this.#texts.loading, spanCount) : fill(this.#texts.counted, spanCount, instances),
    );
    this.#lanes.setSelected(this.#selected, false);
    this.#placeFirst();
    this.#showTable();
    this.#showPane();
    if (this.#said.hidden) this.#showSelected(false);
  }

  /** Who opens the page when everything is long over sees all of it instead of an empty minute. */
  #placeFirst(): void {
    if (this.#placed || this.#more || this.#model.spanCount === 0) return;
    this.#placed = true;
    let [from, to] = [Infinity, -Infinity];
    for (const { receivedAt, wallMs } of this.#model.spans()) {
      from = Math.min(from, receivedAt);
      to = Math.max(to, receivedAt + wallMs);
    }
    if (!this.#lanes.sees(from, to)) this.#lanes.fitAll();
  }

  #showMain(): void {
    const { shown } = this.#state.value;
    this.#lanes.node.hidden = shown === 'table';
    this.#table.node.hidden = shown !== 'table';
    this.#showTable();
    if (shown === 'table') this.#table.setSelected(this.#selected, true);
  }

  #showTable(): void {
    if (this.#state.value.shown === 'table') this.#table.update(this.#model, this.#state.value.only);
  }

  /** Only what is seen is made. */
  #showPane(): void {
    const { tab, only } = this.#state.value;
    // Before everything is there, the tabs choose the first one.
    if (!this.#durations || !this.#memory) return;
    if (tab === 'durations') this.#durations.update(this.#model.spans(), only, this.#palette);
    if (tab === 'memory') this.#memory.update(this.#model.lanes, only, this.#palette);
  }
}

/** How much is in sight while a load runs, in milliseconds: all of it when its rate says how long it takes. */
function watchedMs({ invocations, rate }: PageLoad): number {
  const expected = rate === undefined ? 20_000 : (invocations / rate) * 1300;
  return Math.min(10 * 60_000, Math.max(4000, expected));
}
