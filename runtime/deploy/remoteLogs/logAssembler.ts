import type { RemoteLogLine } from '../../model/deploy.ts';
import type { RemoteInvocation } from '../../model/remoteInvocation.ts';
import type { CodePlaces } from './codePlaces.ts';
import { LogPass, type InstanceState } from './logPass.ts';
import type { LineWords, LogWords } from './logWords.ts';
import type { RemoteBuild } from './remoteBuild.ts';
import { forgetOldest } from '../../support/forgetOldest.ts';

/** Lines may come so much later than they were written: an invocation is looked at again until then, in milliseconds. */
const lateMs = 120_000;
/** Lines that are looked at again. */
const mostLines = 20_000;
/** Invocations and instances that are remembered. */
const mostKept = 5000;

export interface AssemblerOptions {
  target: string;
  function: string;
  words: LogWords;
  places: CodePlaces;
}

/** What a batch of lines came to. */
export interface Assembled {
  /** Those that are new or of which more is known, whole, oldest first. */
  changed: RemoteInvocation[];
  /** Invocations by the ids of the lines that belong to them; of other lines no invocation is known. */
  owners: ReadonlyMap<string, string>;
}

/**
 * Puts the lines of a deployed function's log together to invocations. Lines come late and in no order: those of the last
 * two minutes are put together anew each time, by the time they were written.
 */
export class LogAssembler {
  readonly #options: AssemblerOptions;
  #window: RemoteLogLine[] = [];
  readonly #words = new WeakMap<RemoteLogLine, LineWords>();
  readonly #instances = new Map<string, InstanceState>();
  readonly #done = new Map<string, number>();
  readonly #ids = new Map<string, string>();
  readonly #told = new Map<string, string>();

  constructor(options: AssemblerOptions) {
    this.#options = options;
  }

  add(lines: readonly RemoteLogLine[]): Assembled {
    // Stable: lines of the same time stay in the order in which the log gave them.
    this.#window = [...this.#window, ...lines].sort((a, b) => a.time - b.time);
    const { words, target, function: fn, places } = this.#options;
    const pass = new LogPass(
      { words, read: (line) => this.#read(line), instances: this.#instances, done: this.#done },
      this.#window,
    );
    const owners = new Map<string, string>();
    const changed: RemoteInvocation[] = [];
    for (const build of pass.builds) {
      const id = this.#idOf(build);
      for (const { line } of build.lines) owners.set(line.id, id);
      const invocation = build.finish({ id, target, function: fn, places });
      const text = JSON.stringify(invocation);
      if (this.#told.get(id) === text) continue;
      this.#told.set(id, text);
      changed.push(invocation);
    }
    this.#forget(pass.builds);
    return { changed: changed.sort((a, b) => a.startedAt - b.startedAt), owners };
  }

  #read(line: RemoteLogLine): LineWords {
    const known = this.#words.get(line) ?? this.#options.words.read(line);
    this.#words.set(line, known);
    return known;
  }

  /** The request's id; of further tries with a number. */
  #idOf({ scope, attempt, requestId }: RemoteBuild): string {
    const key = `${scope}\n${attempt}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const used = new Set(this.#ids.values());
    let id = requestId;
    for (let number = 2; used.has(id); number++) id = `${requestId} (${number})`;
    this.#ids.set(key, id);
    forgetOldest(this.#ids, mostKept);
    return id;
  }

  /** Looks no longer at what nothing is to be expected of. */
  #forget(builds: readonly RemoteBuild[]): void {
    const newest = this.#window.at(-1)?.time ?? 0;
    const oldest = this.#window.at(-mostLines)?.time ?? 0;
    const from = Math.max(newest - lateMs, oldest);
    const kept = new Set<RemoteLogLine>();
    for (const build of builds) {
      const stays = build.newest >= from || (build.open && build.newest >= oldest);
      if (stays) {
        for (const { line } of build.lines) kept.add(line);
        continue;
      }
      this.#done.set(build.scope, build.attempt);
      this.#told.delete(this.#idOf(build));
      const served = build.ended || (this.#instances.get(build.instance)?.served ?? false);
      this.#instances.set(build.instance, { boundary: true, served });
    }
    const owned = new Set(builds.flatMap(({ lines }) => lines.map(({ line }) => line)));
    this.#window = this.#window.filter((line) => (owned.has(line) ? kept.has(line) : line.time >= from));
    forgetOldest(this.#done, mostKept);
    forgetOldest(this.#instances, mostKept);
  }
}
