import { basename } from 'node:path';
import type { ObjectChange } from '../../model/sourceContracts.ts';
import type { Clock } from '../../support/clock.ts';
import { isIgnoredName, keyOf, type FileFacts, type ObjectFiles } from './objectFolder.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Tells paths of a folder that may be others than before; the system, or a test. */
export interface FolderEvents {
  /** Every file that is there already is told by `found`; resolves when all are. */
  start(listener: {
    found(path: string, facts: FileFacts | undefined): void;
    changed(path: string): void;
    failed(error: Error): void;
  }): Promise<void>;
  close(): Promise<void>;
}

export interface ObjectWatchOptions {
  /** Absolute, real path. */
  folder: string;
  clock: Clock;
  files: ObjectFiles;
  events: FolderEvents;
  onChange(change: ObjectChange): void;
  onProblem(problem: Phrase): void;
}

/** Milliseconds between two looks at files that change, and how long one has to be the same before it counts as written. */
const lookMs = 100;
const stableMs = 300;

/** Looks at a file that cannot be read, e.g. one that a system locks while it is copied. */
const mostFailures = 100;

interface Pending {
  facts: FileFacts | undefined;
  /** Since when it is like that, on the monotonic clock. */
  sinceMs: number;
  failures: number;
}

/**
 * Objects of a bucket's folder: what is written, overwritten or removed while it runs becomes a change, once a file has
 * stopped to grow. What was there before is only known.
 */
export class ObjectWatch {
  readonly #options: ObjectWatchOptions;
  readonly #known = new Map<string, FileFacts>();
  readonly #pending = new Map<string, Pending>();
  #cancel: (() => void) | undefined;
  #looking = false;
  #closed = false;

  constructor(options: ObjectWatchOptions) {
    this.#options = options;
  }

  /** Objects there are. */
  get count(): number {
    return this.#known.size;
  }

  /** Files that are being written. */
  get writing(): number {
    return this.#pending.size;
  }

  async start(): Promise<void> {
    const { events, onProblem } = this.#options;
    await events.start({
      found: (path, facts) => {
        if (facts && !isIgnoredName(basename(path))) this.#known.set(path, facts);
      },
      changed: (path) => this.#note(path),
      failed: (error) =>
        onProblem(phrase('its folder cannot be watched: {message}', { message: error.message })),
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    this.#pending.clear();
    await this.#options.events.close();
  }

  #note(path: string): void {
    if (this.#closed || isIgnoredName(basename(path)) || this.#pending.has(path)) return;
    this.#pending.set(path, { facts: undefined, sinceMs: this.#nowMs(), failures: 0 });
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed || this.#looking || this.#pending.size === 0) return;
    this.#cancel ??= this.#options.clock.after(lookMs, () => {
      this.#cancel = undefined;
      void this.#lookAtAll();
    });
  }

  async #lookAtAll(): Promise<void> {
    this.#looking = true;
    // One after the other: a thousand files at once are not read at once.
    for (const [path, pending] of [...this.#pending]) {
      if (this.#closed) break;
      try {
        await this.#look(path, pending);
      } catch (error) {
        if (++pending.failures < mostFailures) continue;
        this.#pending.delete(path);
        this.#options.onProblem(
          phrase('{path} cannot be read: {problem}', {
            path,
            problem: error instanceof Error ? error.message : String(error),
          }),
        );
      }
    }
    this.#looking = false;
    this.#schedule();
  }

  async #look(path: string, pending: Pending): Promise<void> {
    const { files, folder } = this.#options;
    const facts = await files.facts(path);
    if (!same(facts, pending.facts)) {
      pending.facts = facts;
      pending.sinceMs = this.#nowMs();
      // What is gone is compared with the next look as well: a file that is replaced is gone for a moment.
      return;
    }
    if (this.#nowMs() - pending.sinceMs < stableMs) return;
    const before = this.#known.get(path);
    const key = keyOf(folder, path);
    if (!facts) {
      this.#pending.delete(path);
      if (this.#known.delete(path))
        this.#tell({ kind: 'removed', key, size: 0, md5: '', sizeBefore: before!.size });
      return;
    }
    if (same(facts, before)) return void this.#pending.delete(path);
    const md5 = await files.md5(path);
    // It grew while it was read: it is not whole yet.
    if (!same(await files.facts(path), facts)) return void (pending.sinceMs = this.#nowMs());
    this.#pending.delete(path);
    this.#known.set(path, facts);
    this.#tell({ kind: 'created', key, size: facts.size, md5, ...(before && { sizeBefore: before.size }) });
  }

  #tell(change: ObjectChange): void {
    if (!this.#closed) this.#options.onChange(change);
  }

  #nowMs(): number {
    return this.#options.clock.nowUs() / 1000;
  }
}

function same(a: FileFacts | undefined, b: FileFacts | undefined): boolean {
  return a?.size === b?.size && a?.mtimeMs === b?.mtimeMs;
}
