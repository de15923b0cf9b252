import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import type { FunctionState } from '../../protocol/control/state.ts';
import type {
  CodeUse,
  PreloadCommand,
  PreloadedMessage,
  RememberCommand,
  RememberedMessage,
  StartHelp,
} from '../../protocol/instance/messages.ts';
import type { CodeToLoad, Preloaded, StartMemory, StartMemoryOptions } from '../language.ts';
import { pruneCache } from './cacheFolder.ts';
import { dependencyState } from './dependencyState.ts';
import { PackFile, resolutionsHold } from './packFile.ts';

const packageRequest = v.object({
  kind: v.picklist(['require', 'import']),
  request: v.string(),
  from: v.string(),
});

/** What the file says. It may be of another version of ours, or damaged: then nothing is known. */
const knownSchema = v.object({
  version: v.literal(1),
  /** State of the packages that the rest was learned with. */
  dependencies: v.string(),
  /** The variables it was learned with. */
  environment: v.string(),
  artifact: v.string(),
  builtins: v.array(v.string()),
  packages: v.array(packageRequest),
  writes: v.array(v.tuple([v.string(), v.number()])),
  stop: v.optional(v.object({ index: v.number(), reason: v.string() })),
  refused: v.array(v.object({ package: v.string(), reason: v.string() })),
  /** A spare that loaded all of it was fit. */
  trusted: v.boolean(),
  /** V8's tag as an instance with the function's flags stated it. */
  tag: v.optional(v.number()),
});
type Known = v.InferOutput<typeof knownSchema>;

/** Compiling this much text takes about a millisecond: less is not worth a file. */
const worthwhileBytes = 32 * 1024;

/** A look at the packages' state holds this long, in milliseconds. */
const lookMs = 20;

/** What starts of one function on Node.js have shown: a file of facts, and beside it one of compiled code. */
export class NodeStartMemory implements StartMemory {
  readonly #options: StartMemoryOptions;
  readonly #factsFile: string;
  readonly #ownCache: string;
  readonly #pack: PackFile;
  #known: Known | undefined;
  #flushed: string | undefined;
  #staleResolutions = false;
  /** Packages are others than those that were learned. */
  #outdated = false;
  #lastLook: { at: number; state: string } | undefined;
  /** A folder that cannot be written to is not tried again in every start. */
  #unwritable = false;

  constructor(options: StartMemoryOptions) {
    this.#options = options;
    const { folder, definition, interpreter } = options;
    const { name, codeRoot } = definition;
    const hash = createHash('sha256')
      .update(JSON.stringify([name, codeRoot, interpreter.path, interpreter.version, process.arch]))
      .digest('hex')
      .slice(0, 12);
    const base = join(folder, `${name.replace(/[^\w.-]/g, '_').slice(0, 60)}-${hash}`);
    this.#factsFile = `${base}.json`;
    this.#ownCache = `${base}.own`;
    this.#pack = new PackFile(`${base}.pack`);
    this.#known = readFacts(this.#factsFile);
  }

  forLoad({ id, loader }: CodeToLoad): StartHelp {
    const learn = this.#settings.preload && !this.#hasLearned(id);
    if (!this.#settings.codeCache) return { learn };
    const header = this.#pack.check({
      node: `v${this.#options.interpreter.version}`,
      arch: process.arch,
      tag: this.#known?.tag,
    });
    const resolutions = header !== undefined && resolutionsHold(header);
    this.#staleResolutions = header !== undefined && !resolutions;
    return {
      learn,
      code: { file: this.#pack.path, ready: header !== undefined, resolutions },
      ...(loader === 'import' ? { ownCache: this.#ownCache } : {}),
    };
  }

  forSpare(contract: string): PreloadCommand | undefined {
    if (!this.#settings.preload) return undefined;
    const current = this.#current();
    this.#outdated = current === undefined;
    const { code } = this.forLoad({ id: '', loader: 'script' });
    return {
      type: 'preload',
      contract,
      builtins: current?.builtins ?? [],
      packages: current ? this.#fitPackages(current) : [],
      writes: current?.writes ?? [],
      ...(code ? { code } : {}),
    };
  }

  get trusted(): boolean {
    return this.#current()?.trusted ?? false;
  }

  preloaded(command: PreloadCommand, { files, refused }: PreloadedMessage): Preloaded | 'unfit' {
    const known = this.#known;
    if (refused) {
      const { request } = command.packages[refused.index] ?? { request: '' };
      if (known && !known.refused.some((entry) => entry.package === request)) {
        known.refused.push({ package: request, reason: refused.reason });
        this.#save();
      }
      return 'unfit';
    }
    if (known && !known.trusted && this.#current()) {
      known.trusted = true;
      this.#save();
    }
    const times = new Map(files.map((file) => [file, timeOf(file)]));
    const dependencies = this.#dependencies();
    return {
      packages: command.packages.length,
      isCurrent: () =>
        (command.packages.length === 0 || dependencies === this.#dependencies()) &&
        [...times].every(([file, time]) => timeOf(file) === time),
    };
  }

  preloadFailed(reason: string): void {
    if (!this.#known) return;
    this.#known.stop = { index: 0, reason };
    this.#save();
  }

  toRemember({ id, loader }: CodeToLoad, use: CodeUse | undefined): RememberCommand | undefined {
    const { codeCache, preload } = this.#settings;
    if (this.#unwritable) return undefined;
    const pack = codeCache && use && (use.missedBytes >= worthwhileBytes || this.#staleResolutions);
    const own = codeCache && loader === 'import' && this.#flushed !== id;
    if (!pack && !own && !(preload && !this.#hasLearned(id))) return undefined;
    try {
      mkdirSync(this.#options.folder, { recursive: true });
    } catch {
      this.#unwritable = true;
      return undefined;
    }
    return { type: 'remember', ...(pack ? { codeFile: this.#pack.path } : {}) };
  }

  remembered({ id }: CodeToLoad, message: RememberedMessage): void {
    this.#flushed = id;
    this.#outdated = false;
    const { builtins, packages, writes, stop, code } = message;
    if (code && 'error' in code) this.#unwritable = true;
    const before = this.#current();
    const tag = code && 'tag' in code ? code.tag : this.#known?.tag;
    const same =
      before !== undefined && JSON.stringify(before.packages) === JSON.stringify(packages) && !stop;
    this.#known = {
      version: 1,
      dependencies: this.#dependencies(),
      environment: this.#options.environment,
      artifact: id,
      builtins,
      packages,
      writes,
      ...(stop ? { stop } : {}),
      ...(tag === undefined ? {} : { tag }),
      refused: before?.refused ?? [],
      trusted: same && before.trusted && JSON.stringify(before.writes) === JSON.stringify(writes),
    };
    this.#save();
    void pruneCache(this.#options.folder);
  }

  codeFailed(): void {
    this.#pack.drop();
    rmSync(this.#ownCache, { recursive: true, force: true });
  }

  get state(): FunctionState['preload'] {
    const current = this.#settings.preload ? this.#current() : undefined;
    if (!current || current.packages.length === 0) return undefined;
    const { packages, stop } = current;
    const stopped = stop && packages[stop.index];
    return {
      packages: this.#fitPackages(current).map(({ request }) => request),
      refused: [...current.refused, ...(stopped ? [{ package: stopped.request, reason: stop.reason }] : [])],
    };
  }

  get #settings() {
    return this.#options.definition.process;
  }

  /** Those before the first that may not be loaded early: what is loaded after it may depend on what it does. */
  #fitPackages({ packages, refused, stop }: Known): Known['packages'] {
    const unfit = packages.findIndex(({ request }) => refused.some((entry) => entry.package === request));
    const end = Math.min(unfit < 0 ? packages.length : unfit, stop?.index ?? packages.length);
    return packages.slice(0, end);
  }

  /**
   * Asked while a call waits, so it does not look at the disk: the artifact's id covers the packages as far as lock files
   * tell of them, and what these do not tell shows when the next spare is started.
   */
  #hasLearned(id: string): boolean {
    const known = this.#known;
    return known?.artifact === id && known.environment === this.#options.environment && !this.#outdated;
  }

  /** What is known, if it was learned with the packages and variables of now. */
  #current(): Known | undefined {
    return this.#known?.dependencies === this.#dependencies() ? this.#known : undefined;
  }

  /** Asked several times within a start: some sixty looks at the disk, which then need not be repeated. */
  #dependencies(): string {
    const now = performance.now();
    if (this.#lastLook && now - this.#lastLook.at < lookMs) return this.#lastLook.state;
    const { definition, environment, interpreter } = this.#options;
    const folder = join(definition.codeRoot, dirname(definition.handler));
    const state = dependencyState(folder, environment, interpreter.version);
    this.#lastLook = { at: now, state };
    return state;
  }

  #save(): void {
    const temporary = `${this.#factsFile}.${process.pid}.tmp`;
    try {
      writeFileSync(temporary, JSON.stringify(this.#known), { mode: 0o600 });
      renameSync(temporary, this.#factsFile);
    } catch {
      // It is known to this host at least; the next one learns it again.
      rmSync(temporary, { force: true });
    }
  }
}

function readFacts(file: string): Known | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // The function has not been started yet.
    return undefined;
  }
  try {
    const parsed = v.safeParse(knownSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

function timeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}
