import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts, HostsChange } from '../hostClient/hosts.ts';
import { FolderRow } from './folderRow.ts';
import { FunctionRow } from './functionRow.ts';
import type { Row } from './row.ts';
import { RowProvider, type ItemApi } from './rowProvider.ts';

const secondMs = 1000;

/** The rows of the Functions view. */
export class FunctionsTree implements Disposable {
  readonly provider: RowProvider;
  #hosts: Hosts;
  #clock: Pick<Clock, 'after' | 'epochMs'>;
  #folders = new Map<FolderHost, FolderRow>();
  #functions = new Map<string, FunctionRow>();
  #store = new DisposableStore();
  #cancelTick: (() => void) | undefined;

  constructor(api: ItemApi, hosts: Hosts, clock: Pick<Clock, 'after' | 'epochMs'>) {
    this.#hosts = hosts;
    this.#clock = clock;
    this.provider = this.#store.add(new RowProvider(api, clock, () => this.#roots()));
    this.#store.add(hosts.onDidChange((change) => this.#changed(change)));
  }

  #roots(): Row[] {
    const hosts = this.#hosts.all.filter((host) => host.mirror.functions.length > 0);
    const seen = new Set<string>();
    const several = hosts.length > 1;
    const rows = hosts.flatMap((host): Row[] => {
      if (!several) return this.#functionRows(host, undefined, seen);
      let folder = this.#folders.get(host);
      if (!folder) {
        folder = new FolderRow(host, (self) => this.#functionRows(host, self, new Set()));
        this.#folders.set(host, folder);
      }
      this.#functionRows(host, folder, seen);
      return [folder];
    });
    for (const [key] of this.#functions) if (!seen.has(key)) this.#functions.delete(key);
    return rows;
  }

  #functionRows(host: FolderHost, parent: Row | undefined, seen: Set<string>): FunctionRow[] {
    return host.mirror.functions.map((state) => {
      const key = `${host.folder.path}\n${state.name}`;
      seen.add(key);
      let row = this.#functions.get(key);
      if (!row || row.parent !== parent) {
        row = new FunctionRow(host, state, parent, () => this.#clock.epochMs());
        this.#functions.set(key, row);
      }
      row.update(state);
      return row;
    });
  }

  #changed(change: HostsChange): void {
    if (change.kind === 'folders') this.provider.refresh();
    if (change.kind === 'state') this.provider.refresh(this.#folders.get(change.host));
    if (change.kind !== 'mirror') return;
    const { host, change: what } = change;
    if (what.kind === 'functions') this.provider.refresh();
    if (what.kind === 'function') {
      const row = this.#functions.get(`${host.folder.path}\n${what.name}`);
      const state = host.mirror.function(what.name);
      if (!row || !state) return;
      row.update(state);
      this.provider.refresh(row);
    }
  }

  /** Lets countdowns tick while somebody sees them. */
  setVisible(visible: boolean): void {
    this.#cancelTick?.();
    this.#cancelTick = visible ? this.#clock.after(secondMs, () => this.#tick()) : undefined;
  }

  #tick(): void {
    for (const row of this.#functions.values()) {
      for (const instance of row.countingDown) this.provider.refresh(instance);
    }
    this.setVisible(true);
  }

  dispose(): void {
    this.#cancelTick?.();
    this.#store.dispose();
  }
}

/** Lets a tree's clock run with the visibility of its view. */
export function followVisibility(view: vscode.TreeView<Row>, tree: FunctionsTree): Disposable {
  tree.setVisible(view.visible);
  return view.onDidChangeVisibility((event) => tree.setVisible(event.visible));
}
