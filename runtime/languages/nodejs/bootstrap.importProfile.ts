import Module, { isBuiltin } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  importLimits,
  type ImportGraph,
  type ImportRecorderModule,
  type ImportRecording,
} from '../../protocol/instance/importGraph.ts';
import type { LoadCommand } from '../../protocol/instance/messages.ts';
import { ImportMarks } from './bootstrap.importMarks.ts';

/*
 * Who loads whom, and what each module takes by itself, measured by wrapping Node's one way into its CommonJS loader.
 * What is there already is called through: other hooks lie below this one for the time of a load.
 */

interface Frame {
  startUs: number;
  /** Time of what was loaded from within. */
  innerUs: number;
}

interface ModuleInternals {
  _cache: NodeJS.Dict<NodeModule>;
  _load(request: string, parent: NodeModule | undefined, isMain: boolean): unknown;
  _resolveFilename(request: string, parent: unknown, isMain: boolean, options?: unknown): string;
}

const internals = Module as unknown as ModuleInternals;
const wrapperLength = Module.wrap('\n').indexOf('\n');
const inPackages = /[\\/]node_modules[\\/]/;
/** The clock of `performance` would cost a millisecond when it is first used. */
const nowUs = (): number => Number(process.hrtime.bigint()) / 1000;

/** Reads the frames above `below` without formatting a stack. */
function framesAbove(below: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const holder: { stack?: NodeJS.CallSite[] } = {};
  const { stackTraceLimit, prepareStackTrace } = Error;
  // Node has up to seven frames of its own between a call of `require` and its loader, and other hooks have theirs.
  Error.stackTraceLimit = 20;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    Error.captureStackTrace(holder, below);
    return holder.stack ?? [];
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    Error.prepareStackTrace = prepareStackTrace;
  }
}

/** The nearest place above `below` in a file: whoever else hooks into `require` has frames there, too. */
function callSite(below: (...args: never[]) => unknown, file: string): NodeJS.CallSite | undefined {
  return framesAbove(below).find((site) => site.getFileName() === file);
}

type RecordedLoad = Pick<LoadCommand, 'contract' | 'entry' | 'loader' | 'sourceDir' | 'profile'>;

/** Records one load of a function's code, from construction to `end`. */
class ImportRecorder implements ImportRecording {
  /** The name under which a bundle's `require` was made. */
  readonly #alias: string | undefined;
  readonly #ours: string;
  readonly #preloaded: number;
  #modules: ImportGraph['modules'] = [];
  #index = new Map<string, number>();
  #edges: ImportGraph['edges'] = [];
  #known = new Set<number>();
  #dropped = 0;
  /** Own modules have their `require` calls located; most modules are packages'. */
  #own = new WeakMap<NodeModule, boolean>();
  /** Files by folder and request: what Node has resolved before it does not resolve again. */
  #files = new Map<string, string>();
  /** Gets the next resolved file name. */
  #resolving: { file?: string } | undefined;
  #stack: Frame[] = [];
  #marks: ImportMarks | undefined;
  #active = true;
  #restore: (() => void)[] = [];

  constructor(load: RecordedLoad) {
    // What our own code loads meanwhile is no affair of the function's.
    this.#ours = dirname(dirname(load.contract)) + sep;
    this.#alias = load.sourceDir === undefined ? undefined : join(load.sourceDir, 'index.js');
    this.#preloaded = Object.keys(internals._cache).filter((file) => inPackages.test(file)).length;
    this.#indexOf(load.entry);
    this.#wrap();
    if (load.loader === 'import' && load.profile?.mode === 'full' && ImportMarks.available) {
      this.#marks = new ImportMarks({
        imported: (from, to, specifier) => this.#imported(from, to, specifier),
        begin: () => this.#begin(),
        end: (file, frame) => this.#addSelf(this.#indexOf(file), this.#finish(frame as Frame)),
      });
    }
  }

  /** Times what loads one of the function's entries. What none of its modules accounts for is the entry's own. */
  async measure<T>(entry: string, run: () => T | Promise<T>): Promise<T> {
    const to = this.#indexOf(entry);
    this.#connect(-1, to);
    const frame = this.#begin();
    try {
      return await run();
    } finally {
      const ownUs = this.#finish(frame);
      // Beside what ES modules do by themselves, this is Node reading, compiling and linking all of them.
      if (this.#marks) this.#marks.linkUs += ownUs;
      else this.#addSelf(to, ownUs);
    }
  }

  /** Stops recording and tells what was found. Whoever wrapped the loader meanwhile goes on undisturbed. */
  end(): ImportGraph {
    this.#active = false;
    for (const restore of this.#restore) restore();
    const shares = this.#marks?.end() ?? [];
    for (const [file, us] of shares) this.#addSelf(this.#indexOf(file), us);
    return {
      modules: this.#modules.map(([file, us]) => [file, Math.round(us)]),
      // What was not found, or was told before, leads nowhere.
      edges: this.#edges.filter(([, to]) => to >= 0),
      dropped: this.#dropped,
      preloaded: this.#preloaded,
      linkUs: Math.round(this.#marks?.linkUs ?? 0),
      esModules: this.#marks !== undefined,
    };
  }

  #wrap(): void {
    const { _load: originalLoad, _resolveFilename: originalResolve } = internals;
    const resolve: ModuleInternals['_resolveFilename'] = (...args) => {
      const wanted = this.#resolving;
      const file = Reflect.apply(originalResolve, Module, args) as string;
      if (wanted && wanted === this.#resolving) {
        wanted.file = file;
        this.#resolving = undefined;
      }
      return file;
    };
    const load: ModuleInternals['_load'] = (...args) =>
      this.#active && this.#concerns(args[0], args[1])
        ? this.#load(originalLoad, load, args)
        : (Reflect.apply(originalLoad, Module, args) as unknown);
    internals._load = load;
    internals._resolveFilename = resolve;
    this.#restore.push(() => {
      if (internals._load === load) internals._load = originalLoad;
      if (internals._resolveFilename === resolve) internals._resolveFilename = originalResolve;
    });
  }

  /** Whether the function asks. Without an asker built-in modules are asked for by us only. */
  #concerns(request: string, parent: NodeModule | undefined): boolean {
    return parent ? !parent.filename?.startsWith(this.#ours) : !isBuiltin(request);
  }

  #load(
    original: ModuleInternals['_load'],
    below: ModuleInternals['_load'],
    args: Parameters<ModuleInternals['_load']>,
  ): unknown {
    const [request, parent] = args;
    const site = parent && this.#isOwn(parent) ? callSite(below, this.#fileThatRuns(parent)) : undefined;
    const wanted: { file?: string } = {};
    const builtin = isBuiltin(request);
    this.#resolving = builtin ? undefined : wanted;
    const from = this.#parentIndex(parent);
    // Its place in the list is that of its beginning: the first edge into a module is the one that loads it.
    const edge: ImportGraph['edges'][number] = [from, -1, ...placeOf(site)];
    // An ES module that imports CommonJS has been named by the hooks already.
    const told = parent !== undefined || !this.#marks;
    if (told && this.#edges.length < importLimits.edges) this.#edges.push(edge);
    const frame = this.#begin();
    try {
      return Reflect.apply(original, Module, args) as unknown;
    } finally {
      this.#resolving = undefined;
      const ownUs = this.#finish(frame);
      const file = builtin ? builtinName(request) : this.#fileOf(request, parent, wanted.file);
      if (file === undefined) {
        // Nothing was found: looking for it is an affair of who asked.
        this.#addSelf(from, ownUs);
      } else {
        const to = this.#indexOf(file);
        this.#addSelf(to < 0 ? from : to, ownUs);
        if (from !== to && (edge[2] > 0 || this.#isNew(from, to))) edge[1] = to;
      }
    }
  }

  #fileOf(request: string, parent: NodeModule | undefined, resolved: string | undefined): string | undefined {
    const key = `${parent?.path ?? ''}\0${request}`;
    if (resolved !== undefined) this.#files.set(key, resolved);
    return resolved ?? this.#files.get(key);
  }

  #fileThatRuns(parent: NodeModule): string {
    return parent.filename === this.#alias ? this.#modules[0]![0] : parent.filename;
  }

  #isOwn(parent: NodeModule): boolean {
    const known = this.#own.get(parent);
    if (known !== undefined) return known;
    const own = !inPackages.test(parent.filename ?? '');
    this.#own.set(parent, own);
    return own;
  }

  /** A bundle's `require` bears the name of a file in the folder of its sources, and ES modules have no name here. */
  #parentIndex(parent: NodeModule | undefined): number {
    const file = parent?.filename;
    return !file || file === this.#alias ? 0 : this.#indexOf(file);
  }

  #imported(fromUrl: string, toUrl: string, specifier: string): void {
    const from = this.#index.get(nameOf(fromUrl));
    // Who imports has been imported before: only our import of the entry comes from nowhere.
    if (from === undefined) return;
    const own = fromUrl.startsWith('file:') && !inPackages.test(fromUrl);
    this.#connect(from, this.#indexOf(nameOf(toUrl)), own ? specifier : undefined);
  }

  #begin(): Frame {
    const frame = { startUs: nowUs(), innerUs: 0 };
    this.#stack.push(frame);
    return frame;
  }

  /** Own time of a frame; its whole time counts as the inner time of the frame around it. */
  #finish(frame: Frame): number {
    const totalUs = nowUs() - frame.startUs;
    const at = this.#stack.lastIndexOf(frame);
    // Modules with a top-level `await` may end in another order than they began.
    if (at >= 0) this.#stack.splice(at, 1);
    const around = this.#stack[Math.min(at, this.#stack.length) - 1];
    if (around) around.innerUs += totalUs;
    return Math.max(0, totalUs - frame.innerUs);
  }

  /** -1 when there are more modules than are told of. */
  #indexOf(file: string): number {
    const known = this.#index.get(file);
    if (known !== undefined) return known;
    if (this.#modules.length >= importLimits.modules) {
      this.#dropped++;
      return -1;
    }
    const index = this.#modules.push([file, 0]) - 1;
    this.#index.set(file, index);
    return index;
  }

  #addSelf(index: number, us: number): void {
    const module = this.#modules[Math.max(0, index)];
    if (module) module[1] += us;
  }

  #connect(from: number, to: number, specifier?: string): void {
    if (to < 0 || from === to || this.#edges.length >= importLimits.edges) return;
    if (specifier !== undefined) this.#edges.push([from, to, 0, 0, specifier]);
    else if (this.#isNew(from, to)) this.#edges.push([from, to, 0, 0]);
  }

  /** Edges that nobody can tell apart are told once. */
  #isNew(from: number, to: number): boolean {
    const key = from * importLimits.modules + to;
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    return true;
  }
}

/** Line and column from 1; zeros for an unknown place. */
function placeOf(site: NodeJS.CallSite | undefined): [line: number, column: number] {
  const line = site?.getLineNumber() ?? 0;
  const column = site?.getColumnNumber() ?? 0;
  // Own CommonJS stands behind Node's wrapper on the first line (see `bootstrap.loader.ts`).
  const shift = line === 1 && column > wrapperLength ? wrapperLength : 0;
  return [line, column - shift];
}

function builtinName(request: string): string {
  return request.startsWith('node:') ? request : `node:${request}`;
}

function nameOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}

export const createImportRecorder: ImportRecorderModule['createImportRecorder'] = (load: RecordedLoad) =>
  new ImportRecorder(load);
