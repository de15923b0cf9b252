import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import { Batch } from '../editor/batch.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { MirrorChange } from '../hostClient/hostMirror.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { InvocationFilter } from '../presentation/invocationFilter.ts';

/** One listed invocation. */
export interface ListedInvocation {
  host: FolderHost;
  summary: InvocationSummary;
}

/** Invocations that are listed at first, and that "Load more" adds. */
export const pageSize = 200;

const requeryMs = 300;

interface HostList {
  /** Newest first. */
  summaries: InvocationSummary[];
  /** The host may know older ones. */
  more: boolean;
}

/** Which invocations are listed: the newest page of every folder, older ones on demand, or what a filter finds. */
export class InvocationList implements Disposable {
  #hosts: Hosts;
  #filter: InvocationFilter;
  #lists = new Map<FolderHost, HostList>();
  #limit = pageSize;
  #store = new DisposableStore();
  #requery: Batch<FolderHost>;
  #queries = new Map<FolderHost, number>();
  #changed: Emitter<{ host: FolderHost; id: string } | undefined>;

  constructor(hosts: Hosts, filter: InvocationFilter, clock: Pick<Clock, 'after'>) {
    this.#hosts = hosts;
    this.#filter = filter;
    this.#changed = this.#store.add(new Emitter());
    this.#requery = this.#store.add(
      new Batch(clock, requeryMs, (hosts) => hosts.forEach((host) => void this.#query(host))),
    );
    this.#store.add(filter.onDidChange(() => this.reset()));
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'folders') this.#dropClosed();
        // With the host come the answers that a filter waits for.
        if (change.kind === 'state' && change.host.running && filter.active) this.#requery.add(change.host);
        if (change.kind === 'mirror') this.#mirrorChanged(change.host, change.change);
      }),
    );
    this.reset();
  }

  /** A change of one listed invocation, or of the list as a whole. */
  get onDidChange(): Event<{ host: FolderHost; id: string } | undefined> {
    return this.#changed.event;
  }

  /** Newest first. */
  get items(): ListedInvocation[] {
    const items = [...this.#lists].flatMap(([host, list]) =>
      list.summaries.map((summary) => ({ host, summary })),
    );
    return this.#lists.size > 1 ? items.sort((a, b) => b.summary.receivedAt - a.summary.receivedAt) : items;
  }

  get mayHaveMore(): boolean {
    return [...this.#lists.values()].some((list) => list.more);
  }

  /** Lists the newest page again. */
  reset(): void {
    this.#limit = pageSize;
    this.#lists.clear();
    for (const host of this.#hosts.all) this.#fill(host);
    this.#changed.fire(undefined);
  }

  #fill(host: FolderHost): void {
    if (this.#filter.active) {
      this.#lists.set(host, { summaries: [], more: false });
      void this.#query(host);
    } else {
      const summaries = host.mirror.invocations.slice(0, this.#limit);
      this.#lists.set(host, { summaries, more: summaries.length >= pageSize });
    }
  }

  #dropClosed(): void {
    const all = new Set(this.#hosts.all);
    for (const host of this.#lists.keys()) if (!all.has(host)) this.#lists.delete(host);
    for (const host of all) if (!this.#lists.has(host)) this.#fill(host);
    this.#changed.fire(undefined);
  }

  async #query(host: FolderHost): Promise<void> {
    // What happened on targets is not in the history.
    if (this.#filter.conditions.where === 'remote') return;
    const query = (this.#queries.get(host) ?? 0) + 1;
    this.#queries.set(host, query);
    const summaries = await host.running
      ?.queryInvocations({ ...this.#filter.query(Date.now()), limit: this.#limit })
      // The connection was lost meanwhile: the list is asked for again when the host is back.
      .catch(() => undefined);
    if (!summaries || query !== this.#queries.get(host) || !this.#lists.has(host)) return;
    this.#lists.set(host, { summaries, more: summaries.length >= this.#limit });
    this.#changed.fire(undefined);
  }

  #mirrorChanged(host: FolderHost, change: MirrorChange): void {
    if (change.kind === 'invocations') {
      this.#fill(host);
      this.#changed.fire(undefined);
    }
    if (change.kind !== 'invocation') return;
    const summary = host.mirror.invocation(change.id);
    const list = this.#lists.get(host);
    if (!summary || !list) return;
    const index = list.summaries.findIndex((listed) => listed.id === summary.id);
    if (index >= 0) {
      list.summaries[index] = summary;
      this.#changed.fire({ host, id: summary.id });
    }
    if (this.#filter.active) this.#requery.add(host);
    else if (index < 0) {
      this.#insert(list, summary);
      this.#changed.fire(undefined);
    }
  }

  #insert(list: HostList, summary: InvocationSummary): void {
    let index = list.summaries.findIndex((other) => other.receivedAt <= summary.receivedAt);
    if (index < 0) index = list.summaries.length;
    list.summaries.splice(index, 0, summary);
    if (list.summaries.length > this.#limit) {
      list.summaries.length = this.#limit;
      list.more = true;
    }
  }

  /** Asks the hosts for older invocations than those listed. */
  async loadMore(): Promise<void> {
    this.#limit += pageSize;
    await Promise.all([...this.#lists].map(([host, list]) => this.#loadMoreOf(host, list)));
    this.#changed.fire(undefined);
  }

  async #loadMoreOf(host: FolderHost, list: HostList): Promise<void> {
    const last = list.summaries.at(-1);
    const api = host.running;
    if (!list.more || !last || !api) return;
    const older = await api.queryInvocations({
      ...this.#filter.query(Date.now()),
      before: last.id,
      limit: pageSize,
    });
    const known = new Set(list.summaries.map((summary) => summary.id));
    list.summaries.push(...older.filter((summary) => !known.has(summary.id)));
    list.more = older.length >= pageSize;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
