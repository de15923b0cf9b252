import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { internalCommandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { InvocationFilter } from '../presentation/invocationFilter.ts';
import type {
  InvocationRef,
  InvocationSelection,
  RevealRequest,
} from '../presentation/invocationSelection.ts';
import { InvocationList, pageSize, type ListedInvocation } from './invocationList.ts';
import { placeBelowCallers, placeFlat } from './callTree.ts';
import { letsThrough } from '../presentation/remoteFilter.ts';
import { InvocationRow } from './invocationRow.ts';
import { RemoteRow } from './remoteRow.ts';
import type { Row } from './row.ts';
import { RowProvider, type ItemApi } from './rowProvider.ts';

/** The rows of the Invocations view. */
export class InvocationsTree implements Disposable {
  readonly provider: RowProvider;
  readonly list: InvocationList;
  #hosts: Hosts;
  #filter: InvocationFilter;
  #rows = new Map<string, InvocationRow>();
  #remoteRows = new Map<string, RemoteRow>();
  #store = new DisposableStore();

  constructor(api: ItemApi, hosts: Hosts, filter: InvocationFilter, clock: Pick<Clock, 'after'>) {
    this.#hosts = hosts;
    this.#filter = filter;
    this.list = this.#store.add(new InvocationList(hosts, filter, clock));
    this.provider = this.#store.add(new RowProvider(api, clock, () => this.#roots()));
    this.#store.add(
      this.list.onDidChange((one) => {
        const row = one && this.#rows.get(key(one.host, one.id));
        const summary = one?.host.mirror.invocation(one.id);
        if (row && summary) row.update(summary);
        if (one && !row) return;
        this.provider.refresh(row);
      }),
    );
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'remote' && change.change.kind !== 'lines') this.provider.refresh();
        if (change.kind !== 'mirror' || change.change.kind !== 'logged') return;
        const row = this.#rows.get(key(change.host, change.change.id));
        if (row?.opened) this.provider.refresh(row);
      }),
    );
  }

  #roots(): Row[] {
    const items = this.list.items;
    const rows = new Map<string, InvocationRow>();
    for (const item of items) rows.set(key(item.host, item.summary.id), this.#row(item));
    this.#rows = rows;
    // What a filter finds is listed flat: below a closed row nobody would see it.
    const roots = this.#filter.active ? placeFlat(rows.values()) : placeBelowCallers(rows, key);
    return [...this.#withRemote(roots), ...(this.list.mayHaveMore ? [moreRow] : [])];
  }

  /** Puts the invocations of targets among those of this machine, newest first. */
  #withRemote(local: readonly InvocationRow[]): Row[] {
    const rows = new Map<string, RemoteRow>();
    const now = Date.now();
    const several = this.#hosts.withProject.length > 1;
    for (const host of this.#hosts.all) {
      for (const invocation of host.remote.invocations) {
        if (!letsThrough(this.#filter.conditions, invocation, now)) continue;
        const made = new RemoteRow(host, invocation, several ? host.folder.name : undefined);
        const row = this.#remoteRows.get(made.id) ?? made;
        row.update(invocation);
        rows.set(row.id, row);
      }
    }
    this.#remoteRows = rows;
    if (rows.size === 0) return [...local];
    const at = (row: InvocationRow | RemoteRow): number =>
      row instanceof RemoteRow ? row.invocation.startedAt : row.summary.receivedAt;
    return [...local, ...rows.values()].sort((a, b) => at(b) - at(a));
  }

  /** The row of an invocation of a target. */
  findRemote(place: { folder: string; target: string; id: string }): RemoteRow | undefined {
    this.#roots();
    return [...this.#remoteRows.values()].find(
      ({ host, invocation: { target, id } }) =>
        host.folder.path === place.folder && target === place.target && id === place.id,
    );
  }

  #row({ host, summary }: ListedInvocation): InvocationRow {
    const known = this.#rows.get(key(host, summary.id));
    if (known) {
      if (known.summary !== summary) known.update(summary);
      return known;
    }
    const several = this.#hosts.withProject.length > 1;
    return new InvocationRow(host, summary, several ? host.folder.name : undefined);
  }

  /** The row of a listed invocation. */
  find(ref: InvocationRef): InvocationRow | undefined {
    const host = this.#hosts.find(ref.folder);
    if (!host) return undefined;
    // What has just been listed may not have been asked for yet.
    if (!this.#rows.has(key(host, ref.id))) this.#roots();
    return this.#rows.get(key(host, ref.id));
  }

  dispose(): void {
    this.#store.dispose();
  }
}

const key = (host: FolderHost, id: string): string => `${host.folder.path}\n${id}`;

const moreRow: Row = {
  id: 'more',
  parent: undefined,
  content: () => ({
    label: l10n.t('Load more…'),
    description: l10n.t('{0} older ones', pageSize),
    icon: { id: 'ellipsis' },
    command: { id: internalCommandIds.loadMore, title: l10n.t('Load More'), argument: undefined },
  }),
  expansion: () => 'none',
  children: () => [],
};

/** Joins the editor's view with the tree, the selection and the filter. */
export function bindInvocationsView(
  view: vscode.TreeView<Row>,
  tree: InvocationsTree,
  selection: InvocationSelection,
  filter: InvocationFilter,
): Disposable {
  const store = new DisposableStore();
  store.add(
    view.onDidChangeSelection(({ selection: [first] }) => {
      let row: Row | undefined = first;
      while (row && !(row instanceof InvocationRow)) row = row.parent;
      selection.select(row && { folder: row.host.folder.path, id: row.summary.id });
    }),
  );
  /** An answer is there before the host tells of its invocation, which it does 30 ms later: its row is still to come. */
  let awaited: RevealRequest | undefined;
  const reveal = (ref: RevealRequest): void => {
    awaited = undefined;
    if (!view.visible) return;
    // What has just come may wait to be drawn, and only what is drawn can be revealed.
    tree.provider.flush();
    if (ref.insist && filter.active && !tree.find(ref)) {
      filter.set({});
      tree.provider.flush();
    }
    const row = tree.find(ref);
    // The editor rejects when the row went while it looked for it: nothing to show then.
    if (row) view.reveal(row, { select: true, focus: false, expand: true }).then(undefined, () => {});
    else awaited = ref;
  };
  store.add(selection.onDidReveal(reveal));
  // Somebody chose another one meanwhile.
  store.add(selection.onDidChange((ref) => (awaited = ref?.id === awaited?.id ? awaited : undefined)));
  store.add(
    tree.list.onDidChange(() => {
      if (awaited && tree.find(awaited)) reveal(awaited);
    }),
  );
  const showFilter = () => {
    // `undefined` is how a message is taken away again.
    view.message = filter.active
      ? l10n.t('Only {0}. Clear the filter to see all.', filter.describe())
      : (undefined as unknown as string);
  };
  store.add(filter.onDidChange(showFilter));
  return store;
}
