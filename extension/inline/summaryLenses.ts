import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { internalCommandIds } from '../contributions/ids.ts';
import { Batch } from '../editor/batch.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { lensText } from '../presentation/lensText.ts';

/** One line above a handler, as the editor's lenses want it. */
export interface SummaryLens {
  title: string;
  tooltip: string;
  command: string;
  arguments: unknown[];
}

/** How often lenses are drawn anew at most; quick calls never show as running then, which nobody could read. */
const refreshMs = 300;

/** What stands above handlers about how their functions do. Tells when one that was asked for says something else. */
export class SummaryLenses implements Disposable {
  readonly #hosts: Hosts;
  readonly #store = new DisposableStore();
  readonly #batch: Batch<string>;
  readonly #changed: Emitter<void>;
  /** What was handed out last, by function: the editor asks again for all lenses when told of one. */
  readonly #given = new Map<string, { folder: string; name: string; text: string }>();

  constructor(hosts: Hosts, clock: Pick<Clock, 'after'>) {
    this.#hosts = hosts;
    this.#changed = this.#store.add(new Emitter<void>());
    this.#batch = this.#store.add(new Batch(clock, refreshMs, (keys) => this.#look(keys)));
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'state' || change.kind === 'folders') this.#batch.add('');
        if (change.kind !== 'mirror') return;
        const { host, change: of } = change;
        if (of.kind === 'functions' || of.kind === 'invocations') this.#batch.add('');
        if (of.kind === 'function') this.#batch.add(key(host.folder.path, of.name));
        const summary = of.kind === 'invocation' ? host.mirror.invocation(of.id) : undefined;
        if (summary) this.#batch.add(key(host.folder.path, summary.function));
      }),
    );
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The lens of a function; undefined while its host does not run, and before its first invocation. */
  of(folder: string, name: string): SummaryLens | undefined {
    const lens = this.#make(folder, name);
    this.#given.set(key(folder, name), { folder, name, text: JSON.stringify(lens) ?? '' });
    return lens;
  }

  #make(folder: string, name: string): SummaryLens | undefined {
    const host = this.#hosts.find(folder);
    const state = host?.running && host.mirror.function(name);
    const latest = state && latestOf(host, name);
    if (!state || !latest) return undefined;
    return {
      ...lensText(state, latest),
      command: internalCommandIds.showInvocation,
      arguments: [{ invocation: latest.id, folder: host.folder.path }],
    };
  }

  #look(keys: Set<string>): void {
    for (const [of, { folder, name, text }] of this.#given) {
      if (!keys.has('') && !keys.has(of)) continue;
      if ((JSON.stringify(this.#make(folder, name)) ?? '') === text) continue;
      this.#changed.fire();
      return;
    }
  }

  dispose(): void {
    this.#store.dispose();
  }
}

const key = (folder: string, name: string): string => `${folder}\n${name}`;

function latestOf(host: FolderHost, name: string): InvocationSummary | undefined {
  return host.mirror.invocations.find((summary) => summary.function === name);
}
