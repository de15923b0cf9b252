import type { RemoteLogLine } from '../../model/deploy.ts';
import type { LineWords, LogWords } from './logWords.ts';
import { RemoteBuild } from './remoteBuild.ts';

/** What is known of an instance from lines before those that are read. */
export interface InstanceState {
  /** A request began or ended there. */
  boundary: boolean;
  /** A request ended there: the instance was warm from then on. */
  served: boolean;
}

interface Known extends InstanceState {
  /** It announced itself, and has not been called yet. */
  fresh: boolean;
  open: Set<RemoteBuild>;
  last: RemoteBuild | undefined;
  /** Lines without an id before anything else that is known of the instance. */
  before: { line: RemoteLogLine; words: LineWords }[];
}

export interface PassOptions {
  words: LogWords;
  read: (line: RemoteLogLine) => LineWords;
  /** From earlier lines. */
  instances: ReadonlyMap<string, InstanceState>;
  /** How often requests were tried that are told and done with, by `scope`. */
  done: ReadonlyMap<string, number>;
}

/** Puts lines, oldest first, together to invocations. */
export class LogPass {
  readonly builds: RemoteBuild[] = [];
  readonly #options: PassOptions;
  readonly #instances = new Map<string, Known>();
  /** The latest try of each request. */
  readonly #current = new Map<string, RemoteBuild>();
  readonly #certain = new Set<string>();

  constructor(options: PassOptions, lines: readonly RemoteLogLine[]) {
    this.#options = options;
    const read = lines.map((line) => ({ line, words: options.read(line) }));
    for (const { line, words } of read)
      if (words.request?.by === 'platform') this.#certain.add(this.#scope(words.request.id, line));
    for (const { line, words } of read) this.#place(line, words);
  }

  /** What tells a request from all others. */
  #scope(id: string, { instance }: RemoteLogLine): string {
    return this.#options.words.idsAreUnique ? id : `${instance}\n${id}`;
  }

  #place(line: RemoteLogLine, words: LineWords): void {
    const state = this.#state(line.instance);
    const { request } = words;
    if (words.newInstance && state.open.size === 0) {
      state.fresh = true;
      state.served = false;
    } else if (request && (request.by !== 'code' || this.#certain.has(this.#scope(request.id, line)))) {
      this.#ofRequest(line, words, request, state);
    } else if (words.ofLast) {
      state.last?.add(line, words);
    } else if (line.instance !== '') {
      // Of two requests at the same time nobody knows whose it is.
      if (state.open.size === 1) for (const build of state.open) build.add(line, words);
      else if (state.open.size === 0 && !state.boundary) state.before.push({ line, words });
    }
  }

  #ofRequest(
    line: RemoteLogLine,
    words: LineWords,
    { id, by }: NonNullable<LineWords['request']>,
    state: Known,
  ): void {
    const scope = this.#scope(id, line);
    if (!this.#certain.has(scope)) return;
    const begins = words.edge === 'begin';
    let build = this.#current.get(scope);
    if (!build || (begins && build.ended)) {
      const tried = build?.attempt ?? this.#options.done.get(scope) ?? 0;
      // What comes behind what is done with stays a line.
      if (tried > 0 && !begins) return;
      build = this.#begin(scope, tried + 1, id, line.instance, state);
      // It began before the first line that is known: all lines since are its own.
      if (by === 'platform' && !begins && words.entry)
        for (const earlier of state.before) build.add(earlier.line, earlier.words);
    }
    build.add(line, words);
    if (by === 'platform' && words.entry) {
      state.boundary = true;
      state.before = [];
    }
    if (begins) state.open.add(build);
    if (words.edge === 'end') {
      state.open.delete(build);
      state.last = build;
      state.served = true;
    }
  }

  #begin(scope: string, attempt: number, id: string, instance: string, state: Known): RemoteBuild {
    const byOrder = this.#options.words.warmByOrder && instance !== '';
    const startKind = !byOrder ? undefined : state.fresh ? 'cold' : state.served ? 'warm' : undefined;
    state.fresh = false;
    const build = new RemoteBuild({ scope, attempt, requestId: id, instance, startKind });
    this.builds.push(build);
    this.#current.set(scope, build);
    return build;
  }

  #state(instance: string): Known {
    let state = this.#instances.get(instance);
    if (!state) {
      const { boundary = false, served = false } = this.#options.instances.get(instance) ?? {};
      state = { boundary, served, fresh: false, open: new Set(), last: undefined, before: [] };
      this.#instances.set(instance, state);
    }
    return state;
  }
}
