import type { InvocationStatus } from '../../runtime/model/words.ts';
import type { TimelineSpan } from '../../runtime/model/timelineSpan.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import type { ToPage } from './messages.ts';
import { failureText } from '../../runtime/model/errors.ts';

/** Bounds of what a page is given. */
export const feedLimits = { spans: 50_000, page: 1000 } as const;

/** Changes are gathered for this long before the host is asked for what is new, in milliseconds. */
const gatherMs = 200;

/** While something runs of which nobody may tell, it is asked for this often, in milliseconds. */
const askRunningEveryMs = 1000;

/** What is said to run for longer than this is not waited for: its host may be gone. */
const longestWaitMs = 10 * 60_000;

/**
 * Brings a page what it shows of one host: first all there is, newest first, then what is new. Notices of single
 * invocations are only a sign that something happened, as the host leaves most of a storm out; the history has all.
 */
export class TimelineFeed implements Disposable {
  readonly #host: FolderHost;
  readonly #post: (message: ToPage) => void;
  readonly #clock: Pick<Clock, 'after' | 'epochMs'>;
  readonly #store = new DisposableStore();
  /** Goes up whenever what is under way is void. */
  #round = 0;
  #newest = 0;
  #running = new Map<string, number>();
  #asking = false;
  #changed = false;
  /** The last question failed, which the page shows. */
  #failed = false;
  #cancelAsk: (() => void) | undefined;
  #watched: Disposable | undefined;

  constructor(host: FolderHost, clock: Pick<Clock, 'after' | 'epochMs'>, post: (message: ToPage) => void) {
    this.#host = host;
    this.#clock = clock;
    this.#post = post;
    this.#store.add(host.onDidChangeState(() => this.#begin()));
    this.#store.add(
      host.mirror.onDidChange(({ kind }) => {
        if (kind === 'invocations') this.#begin();
        if (kind === 'functions') this.#tellFunctions();
        // What ends without being told of ends with a change of its function.
        if (kind === 'invocation' || kind === 'function') this.#askSoon(gatherMs);
      }),
    );
    this.#begin();
  }

  #begin(): void {
    const round = ++this.#round;
    this.#cancelAsk?.();
    this.#cancelAsk = undefined;
    this.#watched?.dispose();
    this.#watched = undefined;
    this.#asking = this.#changed = false;
    const { running: api, state } = this.#host;
    if (!api) {
      const text = state.kind === 'failed' ? state.message : undefined;
      this.#post({ type: 'host', running: false, ...(text === undefined ? {} : { text }) });
      return;
    }
    this.#newest = 0;
    this.#running.clear();
    this.#post({ type: 'cleared' });
    this.#post({ type: 'host', running: true });
    this.#tellFunctions();
    void this.#ask(round, () => this.#readAll(api, round));
  }

  #tellFunctions(): void {
    this.#post({ type: 'functions', functions: this.#host.mirror.functions.map(({ name }) => name) });
  }

  async #readAll(api: HostApi, round: number): Promise<void> {
    const watch = await api.watchInstances((events) => {
      if (round === this.#round) this.#post({ type: 'events', events });
    });
    if (round !== this.#round) return watch.dispose();
    this.#watched = watch;
    this.#post({ type: 'lives', lives: watch.lives });
    await this.#read(api, round, {}, feedLimits.spans);
  }

  /** Reads pages until there is nothing older. */
  async #read(api: HostApi, round: number, from: { from?: number }, most: number): Promise<void> {
    let before: string | undefined;
    let read = 0;
    for (;;) {
      const limit = Math.min(feedLimits.page, most - read);
      const spans = await api.queryTimeline({ ...from, limit, ...(before === undefined ? {} : { before }) });
      if (round !== this.#round) return;
      read += spans.length;
      const more = spans.length === limit && read < most;
      for (const span of spans) this.#note(span);
      if (spans.length > 0 || !more) this.#post({ type: 'spans', spans, more });
      before = spans.at(-1)?.id;
      if (!more) return;
    }
  }

  #note({ id, receivedAt, status }: TimelineSpan): void {
    this.#newest = Math.max(this.#newest, receivedAt);
    if (isRunning(status)) this.#running.set(id, receivedAt);
    else this.#running.delete(id);
  }

  #askSoon(ms: number): void {
    this.#changed = true;
    if (this.#asking) return;
    this.#cancelAsk ??= this.#clock.after(ms, () => {
      this.#cancelAsk = undefined;
      const api = this.#host.running;
      if (!api) return;
      const round = this.#round;
      void this.#ask(round, () => this.#read(api, round, { from: this.#since() }, feedLimits.spans));
    });
  }

  /** Whatever may have changed was received since then. */
  #since(): number {
    const oldest = this.#clock.epochMs() - longestWaitMs;
    for (const [id, at] of this.#running) if (at < oldest) this.#running.delete(id);
    let since = this.#newest;
    for (const at of this.#running.values()) since = Math.min(since, at);
    return since;
  }

  /** One question at a time; what changes meanwhile is asked for afterwards. */
  async #ask(round: number, question: () => Promise<void>): Promise<void> {
    this.#asking = true;
    this.#changed = false;
    try {
      await question();
      if (this.#failed && round === this.#round) this.#post({ type: 'host', running: true });
      this.#failed = false;
    } catch (error) {
      // When the connection was lost, everything is asked for again with the next one.
      const text = failureText(error);
      this.#failed = round === this.#round && this.#host.running !== undefined;
      if (this.#failed) this.#post({ type: 'host', running: true, text });
    }
    if (round !== this.#round) return;
    this.#asking = false;
    if (this.#changed) this.#askSoon(gatherMs);
    else if (this.#running.size > 0) this.#askSoon(askRunningEveryMs);
  }

  dispose(): void {
    this.#round++;
    this.#cancelAsk?.();
    this.#watched?.dispose();
    this.#store.dispose();
  }
}

const isRunning = (status: InvocationStatus): boolean => status === 'running';
