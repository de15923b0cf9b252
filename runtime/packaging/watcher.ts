import { statSync, type Stats } from 'node:fs';
import { basename, relative } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { isInside } from '../model/handlerModule.ts';
import { systemClock, type Clock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';
import { Emitter, type Event } from '../support/emitter.ts';
import { FileHashes } from './fileState.ts';

/** Tells which files of a project were edited, added or removed. */
export interface ProjectWatcher {
  /** Absolute paths whose content is really another, in batches: an editor's truncate and write are one change. */
  readonly onDidChange: Event<string[]>;
  /** The system's watching failed, e.g. for lack of watches; only announced files are noticed from then on. */
  readonly onDidFail: Event<Error>;
  /** The whole tree is being watched. */
  readonly ready: Promise<void>;
  /** Files somebody knows to be saved: told at once, and not again when the system notices them. */
  announce(files: string[]): void;
  dispose(): Promise<void>;
}

/** Where raw events come from: the system, or a test. */
export interface WatchSource {
  start(listener: { changed(path: string): void; failed(error: Error): void }): Promise<void>;
  close(): Promise<void>;
}

export interface WatcherOptions {
  root: string;
  /** Code folders that are watched although they lie in an ignored folder, e.g. `.aws-sam/build`. */
  keep?: string[];
  clock?: Clock;
  source?: WatchSource;
}

/** Milliseconds: a batch ends after this much silence, but waits no longer than the second. */
const quietMs = 20;
const patienceMs = 250;
/** An empty file is most often one whose text is about to be written. */
const emptyMs = 80;

/** Starts watching a project's folder. */
export function watchProject(options: WatcherOptions): ProjectWatcher {
  return new BatchingWatcher(options);
}

class BatchingWatcher implements ProjectWatcher {
  readonly #changed = new Emitter<string[]>();
  readonly #failed = new Emitter<Error>();
  readonly #hashes = new FileHashes();
  readonly #last = new Map<string, string>();
  readonly #clock: Clock;
  readonly #source: WatchSource;
  readonly #pending = new Set<string>();
  readonly ready: Promise<void>;
  #firstUs = 0;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor({ root, keep = [], clock = systemClock, source }: WatcherOptions) {
    this.#clock = clock;
    this.#source = source ?? systemSource(root, (path, stats) => isIgnored(root, keep, path, stats));
    this.ready = this.#source.start({
      changed: (path) => this.#note(path),
      failed: (error) => this.#failed.fire(error),
    });
  }

  get onDidChange(): Event<string[]> {
    return this.#changed.event;
  }

  get onDidFail(): Event<Error> {
    return this.#failed.event;
  }

  announce(files: string[]): void {
    for (const file of files) this.#pending.delete(file);
    this.#tell(files);
  }

  async dispose(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    this.#changed.dispose();
    this.#failed.dispose();
    await this.#source.close();
  }

  #note(path: string): void {
    if (this.#closed) return;
    if (this.#pending.size === 0) this.#firstUs = this.#clock.nowUs();
    this.#pending.add(path);
    const waitedMs = (this.#clock.nowUs() - this.#firstUs) / 1000;
    this.#schedule(Math.max(0, Math.min(quietMs, patienceMs - waitedMs)));
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#clock.after(ms, () => this.#flush());
  }

  #flush(): void {
    const waitedMs = (this.#clock.nowUs() - this.#firstUs) / 1000;
    const waiting = waitedMs < emptyMs ? [...this.#pending].filter((path) => this.#becameEmpty(path)) : [];
    const files = [...this.#pending].filter((path) => !waiting.includes(path));
    this.#pending.clear();
    for (const path of waiting) this.#pending.add(path);
    if (waiting.length > 0) this.#schedule(emptyMs - waitedMs);
    this.#tell(files);
  }

  #becameEmpty(path: string): boolean {
    return (
      statSync(path, { throwIfNoEntry: false })?.size === 0 && this.#last.get(path) !== this.#hashes.get(path)
    );
  }

  #tell(files: string[]): void {
    const changed = files.filter((file) => {
      const hash = this.#hashes.get(file);
      const before = this.#last.get(file);
      this.#last.set(file, hash);
      return hash !== before;
    });
    if (changed.length > 0) this.#changed.fire(changed);
  }
}

const ignoredFolders = new Set([
  'node_modules',
  'bower_components',
  '__pycache__',
  'venv',
  '.git',
  '.porchlight',
]);

/** Packages, version control, our own state and tools' dot folders change often and are nobody's source. */
export function isIgnored(
  root: string,
  keep: string[],
  path: string,
  stats?: Pick<Stats, 'isDirectory'>,
): boolean {
  const parts = relative(root, path).split(/[\\/]/);
  if (parts.some((part) => ignoredFolders.has(part))) return true;
  const last = basename(path);
  const inDotFolder =
    parts.slice(0, -1).some(isDotName) || (isDotName(last) && stats?.isDirectory() === true);
  return inDotFolder && !keep.some((folder) => isInside(folder, path) || isInside(path, folder));
}

function isDotName(name: string): boolean {
  return name.startsWith('.') && name !== '.' && name !== '..';
}

function systemSource(root: string, ignored: (path: string, stats?: Stats) => boolean): WatchSource {
  let watching: FSWatcher | undefined;
  const closing = new Deferred<void>();
  return {
    async start(listener) {
      // Loaded late: watching is no part of a quick start.
      const { watch } = await import('chokidar');
      if (closing.settled) return;
      const options = { ignored, ignoreInitial: true, followSymlinks: false, ignorePermissionErrors: true };
      const watcher = (watching = watch(root, options));
      for (const event of ['add', 'change', 'unlink'] as const)
        watcher.on(event, (path) => listener.changed(path));
      watcher.on('error', (error) =>
        listener.failed(error instanceof Error ? error : new Error(String(error))),
      );
      await Promise.race([new Promise<void>((resolve) => watcher.on('ready', resolve)), closing.promise]);
    },
    async close() {
      closing.resolve();
      await watching?.close();
    },
  };
}
