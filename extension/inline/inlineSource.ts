import {
  type InvocationError,
  type InvocationRecord,
  type InvocationSummary,
  type InvocationWarning,
  type LogEntry,
  translatedError,
  translatedWarnings,
} from '../../runtime/model/invocationRecord.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { MirrorChange } from '../hostClient/hostMirror.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { InvocationRef, InvocationSelection } from '../presentation/invocationSelection.ts';

/** What one invocation printed from the lines of one file. */
export interface FileValues {
  run: Run;
  entries: LogEntry[];
  error?: InvocationError;
  warnings?: InvocationWarning[];
}

/** One invocation whose values are shown. */
export interface Run {
  host: FolderHost;
  summary: InvocationSummary;
  /** The user picked it, although there are later ones. */
  picked: boolean;
  files: Map<string, FileValues>;
}

/** Functions whose latest invocation is asked for when a host is joined. */
const mostSeeded = 30;

/**
 * Which values belong to which file: of the invocation the user picked, otherwise of the latest one of each function
 * that ran code of that file. File paths are compared as `normalize` makes them.
 */
export class InlineSource implements Disposable {
  readonly #hosts: Hosts;
  readonly #normalize: (path: string) => string;
  /** The latest of each function. */
  readonly #latest = new Map<FolderHost, Map<string, Run>>();
  #picked: Run | undefined;
  #pickedRef: InvocationRef | undefined;
  readonly #store = new DisposableStore();
  readonly #changed: Emitter<void>;

  constructor(hosts: Hosts, selection: InvocationSelection, normalize: (path: string) => string) {
    this.#hosts = hosts;
    this.#normalize = normalize;
    this.#changed = this.#store.add(new Emitter<void>());
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'mirror') this.#mirrorChanged(change.host, change.change);
        if (change.kind === 'folders') this.#dropClosed();
        if (change.kind === 'state' && change.host.state.kind === 'running') void this.#seed(change.host);
      }),
    );
    this.#store.add(selection.onDidChange((ref) => void this.#selectionChanged(ref)));
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The values for a file, those of the newest invocation first. */
  of(path: string): FileValues[] {
    const file = this.#normalize(path);
    const runs = this.#picked ? [this.#picked] : [...this.#latest.values()].flatMap((of) => [...of.values()]);
    return runs
      .flatMap((run) => run.files.get(file) ?? [])
      .sort((a, b) => b.run.summary.receivedAt - a.run.summary.receivedAt);
  }

  #mirrorChanged(host: FolderHost, change: MirrorChange): void {
    if (change.kind === 'invocations' && host.mirror.invocations.length === 0) this.#forget(host);
    if (change.kind === 'logged') {
      for (const run of this.#runsOf(host, change.id)) this.#addEntries(run, change.entries);
    }
    if (change.kind !== 'invocation') return;
    const summary = host.mirror.invocation(change.id);
    if (!summary) return;
    if (!this.#isOutdated(host, summary)) this.#begin(host, summary);
    for (const run of this.#runsOf(host, summary.id)) this.#update(run, summary);
    // What was told between asking and answer is in the record of an ended one, once.
    const ended = summary.status !== 'running' && this.#picked?.summary.id === summary.id;
    if (ended && this.#pickedRef) void this.#selectionChanged(this.#pickedRef);
  }

  /** A new invocation of a function: what the one before it printed is no longer the latest. */
  #begin(host: FolderHost, summary: InvocationSummary): void {
    const runs = this.#latest.get(host) ?? new Map<string, Run>();
    this.#latest.set(host, runs);
    if (runs.get(summary.function)?.summary.id === summary.id) return;
    runs.set(summary.function, { host, summary, picked: false, files: new Map() });
    this.#changed.fire();
  }

  #runsOf(host: FolderHost, id: string): Run[] {
    const runs = [...(this.#latest.get(host)?.values() ?? []), ...(this.#picked ? [this.#picked] : [])];
    return runs.filter((run) => run.host === host && run.summary.id === id);
  }

  /** Whether a newer invocation of the same function is known, so that a late word does not replace its values. */
  #isOutdated(host: FolderHost, summary: InvocationSummary): boolean {
    const newest = host.mirror.invocations.find((other) => other.function === summary.function);
    return newest !== undefined && newest.id !== summary.id;
  }

  #fileOf(run: Run, path: string): FileValues {
    const file = this.#normalize(path);
    let values = run.files.get(file);
    if (!values) run.files.set(file, (values = { run, entries: [] }));
    return values;
  }

  #addEntries(run: Run, entries: readonly LogEntry[]): void {
    for (const entry of entries) if (entry.at) this.#fileOf(run, entry.at.file).entries.push(entry);
    this.#changed.fire();
  }

  #update(run: Run, summary: InvocationSummary): void {
    run.summary = summary;
    const error = translatedError(summary);
    const warnings = translatedWarnings(summary);
    if (!error?.at && warnings.length === 0) return;
    if (error?.at) this.#fileOf(run, error.at.file).error = error;
    for (const file of new Set(warnings.flatMap(({ at }) => (at ? [at.file] : [])))) {
      this.#fileOf(run, file).warnings = warnings.filter(({ at }) => at?.file === file);
    }
    this.#changed.fire();
  }

  /** A window that joins a host, or was reloaded, has not heard what the latest invocations printed. */
  async #seed(host: FolderHost): Promise<void> {
    const known = this.#latest.get(host);
    const latest = new Map<string, InvocationSummary>();
    for (const summary of host.mirror.invocations) {
      if (!latest.has(summary.function)) latest.set(summary.function, summary);
    }
    const missing = [...latest.values()]
      .filter(({ id, function: name }) => known?.get(name)?.summary.id !== id)
      .filter(({ logCount, error, warnings }) => logCount > 0 || error?.at || warnings)
      .slice(0, mostSeeded);
    for (const { id } of missing) {
      // The host may be gone again; then there is nothing to show.
      const record = await host.running?.getInvocation(id).catch(() => null);
      if (record && host.mirror.invocation(id) && !this.#isOutdated(host, record)) {
        this.#begin(host, record);
        for (const run of this.#runsOf(host, id)) this.#fill(run, record);
      }
    }
  }

  #fill(run: Run, record: InvocationRecord): void {
    run.files.clear();
    this.#addEntries(run, record.logs);
    this.#update(run, record);
  }

  /** The latest invocation is followed; only an older one is held on to. */
  async #selectionChanged(ref: InvocationRef | undefined): Promise<void> {
    this.#pickedRef = ref;
    const host = ref && this.#hosts.find(ref.folder);
    const summary = ref && host?.mirror.invocation(ref.id);
    if (!ref || !host || (summary && !this.#isOutdated(host, summary))) {
      const changes = this.#picked !== undefined;
      this.#picked = undefined;
      if (changes) this.#changed.fire();
      return;
    }
    // Without a host the values cannot be had: then the latest ones stay.
    const record = await host.running?.getInvocation(ref.id).catch(() => null);
    if (!record || this.#pickedRef !== ref) return;
    this.#picked = { host, summary: record, picked: true, files: new Map() };
    this.#fill(this.#picked, record);
  }

  #forget(host: FolderHost): void {
    this.#latest.delete(host);
    if (this.#picked?.host === host) this.#picked = undefined;
    this.#changed.fire();
  }

  #dropClosed(): void {
    const all = new Set(this.#hosts.all);
    for (const host of this.#latest.keys()) if (!all.has(host)) this.#forget(host);
    if (this.#picked && !all.has(this.#picked.host)) this.#forget(this.#picked.host);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
