import type {
  InvocationError,
  InvocationWarning,
  InvocationSummary,
  LogEntry,
} from '../../runtime/model/invocationRecord.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { MirrorChange } from '../hostClient/hostMirror.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { InvocationRef, InvocationSelection } from '../presentation/invocationSelection.ts';

/** What one invocation printed from the lines of one file. */
export interface FileValues {
  host: FolderHost;
  summary: InvocationSummary;
  entries: LogEntry[];
  error?: InvocationError;
  warnings?: InvocationWarning[];
}

/**
 * Which values belong to which file: of the invocation the user picked, otherwise of the latest one that ran code of that
 * file in this window. File paths are compared as `normalize` makes them.
 */
export class InlineSource implements Disposable {
  #hosts: Hosts;
  #normalize: (path: string) => string;
  #latest = new Map<string, FileValues>();
  #picked: Map<string, FileValues> | undefined;
  #pickedRef: InvocationRef | undefined;
  #store = new DisposableStore();
  #changed: Emitter<void>;

  constructor(hosts: Hosts, selection: InvocationSelection, normalize: (path: string) => string) {
    this.#hosts = hosts;
    this.#normalize = normalize;
    this.#changed = this.#store.add(new Emitter<void>());
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'mirror') this.#mirrorChanged(change.host, change.change);
      }),
    );
    this.#store.add(selection.onDidChange((ref) => void this.#selectionChanged(ref)));
  }

  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** The values for a file; undefined when nothing is to be shown there. */
  of(path: string): FileValues | undefined {
    return (this.#picked ?? this.#latest).get(this.#normalize(path));
  }

  #mirrorChanged(host: FolderHost, change: MirrorChange): void {
    if (change.kind === 'invocations' && host.mirror.invocations.length === 0) {
      this.#latest.clear();
      this.#changed.fire();
    }
    if (change.kind === 'logged') {
      const summary = host.mirror.invocation(change.id);
      if (summary && !this.#isOutdated(host, summary)) this.#add(this.#latest, host, summary, change.entries);
    }
    if (change.kind !== 'invocation') return;
    const summary = host.mirror.invocation(change.id);
    if (!summary) return;
    if (change.isNew) this.#begin(host, summary);
    for (const values of this.#latest.values())
      if (values.summary.id === summary.id) values.summary = summary;
    if ((summary.error?.at || summary.warnings) && !this.#isOutdated(host, summary))
      this.#add(this.#latest, host, summary, [], summary.error, summary.warnings);
  }

  /** A new invocation of a function: what the one before it printed is no longer the latest. */
  #begin(host: FolderHost, summary: InvocationSummary): void {
    for (const [file, values] of this.#latest) {
      if (values.host === host && values.summary.function === summary.function) this.#latest.delete(file);
    }
    this.#changed.fire();
  }

  /** Whether a newer invocation of the same function is known, so that a late line does not replace its values. */
  #isOutdated(host: FolderHost, summary: InvocationSummary): boolean {
    const newest = host.mirror.invocations.find((other) => other.function === summary.function);
    return newest !== undefined && newest.id !== summary.id;
  }

  #add(
    files: Map<string, FileValues>,
    host: FolderHost,
    summary: InvocationSummary,
    entries: readonly LogEntry[],
    error?: InvocationError,
    warnings: readonly InvocationWarning[] = [],
  ): void {
    const valuesOf = (path: string): FileValues => {
      const file = this.#normalize(path);
      let values = files.get(file);
      if (values?.summary.id !== summary.id) files.set(file, (values = { host, summary, entries: [] }));
      return values;
    };
    for (const entry of entries) if (entry.at) valuesOf(entry.at.file).entries.push(entry);
    if (error?.at) valuesOf(error.at.file).error = error;
    const places = new Set(warnings.flatMap(({ at }) => (at ? [at.file] : [])));
    for (const file of places) {
      valuesOf(file).warnings = warnings.filter(({ at }) => at?.file === file);
    }
    this.#changed.fire();
  }

  /** The latest invocation is followed; only an older one is held on to. */
  async #selectionChanged(ref: InvocationRef | undefined): Promise<void> {
    this.#pickedRef = ref;
    const host = ref && this.#hosts.find(ref.folder);
    const summary = ref && host?.mirror.invocation(ref.id);
    if (!ref || !host || (summary && !this.#isOutdated(host, summary))) {
      this.#picked = undefined;
      this.#changed.fire();
      return;
    }
    // Without a host the values cannot be had: then the latest ones stay.
    const record = await host.running?.getInvocation(ref.id).catch(() => null);
    if (!record || this.#pickedRef !== ref) return;
    this.#picked = new Map();
    this.#add(this.#picked, host, record, record.logs, record.error, record.warnings);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
