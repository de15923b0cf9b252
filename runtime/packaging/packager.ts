import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { isInside, scriptExtensions, typedExtensions } from '../model/handlerModule.ts';
import { isProgram } from '../model/program.ts';
import type { LanguageId, SourcePosition } from '../model/words.ts';
import { diskLookup } from '../support/fileLookup.ts';
import type { DevArtifact, Packager } from './artifact.ts';
import { ArtifactStore, hashOf } from './artifactStore.ts';
import { Bundler } from './bundle.ts';
import { FileHashes, isAsset, isPackageFile, listFiles, packageFilesOf } from './fileState.ts';
import { locateHandlers, type HandlerTargets } from './handlerTargets.ts';
import { loadEsbuild, type Esbuild } from './loadEsbuild.ts';
import { isMisread } from './moduleFormat.ts';
import { ProgramArtifacts } from './programArtifact.ts';
import { isProgramSource, sourceRoot } from './programFiles.ts';
import { phpArtifact } from './phpArtifact.ts';
import { checkPhpSyntax } from './phpSyntax.ts';
import { pythonArtifact } from './pythonArtifact.ts';
import { checkPythonSyntax } from './pythonSyntax.ts';
import { sourceArtifact } from './sourceArtifact.ts';
import { checkSyntax, findSyntaxError } from './syntaxCheck.ts';

/** Where a packager works, and how long it keeps what only makes rebuilds faster. */
export interface PackagerOptions {
  /** Absolute folder of the project. */
  root: string;
  /** Default: `.porchlight/artifacts` in the project. */
  artifactsDir?: string;
  loadEsbuild?: () => Promise<Esbuild>;
  /** A function's build context is given up after this long without a build, in milliseconds. */
  contextIdleMs?: number;
}

/** The oldest Node the host itself runs on. */
const oldestOwnNode = '20.19.0';

/** What is kept per function. */
interface Entry {
  definition: FunctionDefinition;
  runsOn: string;
  /** Path of what runs it. */
  program?: string | undefined;
  /** The parts of the definition a build depends on. */
  key: string;
  artifact?: DevArtifact | undefined;
  stale: boolean;
  /** Hashes of the scripts of the last good artifact that runs from where it lies. */
  checked?: Map<string, string>;
  /** Present for programs. */
  programs?: ProgramArtifacts;
  debugged?: boolean;
  running?: Promise<DevArtifact> | undefined;
  bundler?: { for: string; instance: Bundler } | undefined;
  idle?: NodeJS.Timeout | undefined;
}

/** Makes the packager of one project. */
export function createPackager(options: PackagerOptions): Packager {
  return new ProjectPackager(options);
}

/** Languages whose files run from where they lie, without a build. */
const interpretedArtifacts: Partial<Record<LanguageId, typeof phpArtifact>> = {
  python: pythonArtifact,
  php: phpArtifact,
};
const interpretedChecks: Partial<Record<LanguageId, typeof checkPhpSyntax>> = {
  python: checkPythonSyntax,
  php: checkPhpSyntax,
};

class ProjectPackager implements Packager {
  readonly #root: string;
  readonly #stateDir: string;
  readonly #store: ArtifactStore;
  readonly #loadEsbuild: () => Promise<Esbuild>;
  readonly #contextIdleMs: number;
  readonly #hashes = new FileHashes();
  readonly #entries = new Map<string, Entry>();
  #prepared: Promise<void> | undefined;
  #disposed = false;
  /** Ends builds that are under way. */
  readonly #ending = new AbortController();

  constructor(options: PackagerOptions) {
    this.#root = options.root;
    this.#stateDir = options.artifactsDir ?? join(options.root, '.porchlight', 'artifacts');
    this.#store = new ArtifactStore(this.#stateDir);
    this.#loadEsbuild = options.loadEsbuild ?? loadEsbuild;
    this.#contextIdleMs = options.contextIdleMs ?? 10 * 60_000;
  }

  async prepare(
    definition: FunctionDefinition,
    runsOn: string = oldestOwnNode,
    program?: string,
    debugged = false,
  ): Promise<DevArtifact> {
    const entry = await this.#entryFor(definition, runsOn);
    entry.program = program;
    if (isProgram(definition) && (entry.debugged ?? false) !== debugged) entry.stale = true;
    entry.debugged = debugged;
    if (entry.artifact && !entry.stale && !entry.running) return entry.artifact;
    // Callers that come while a build runs share it, unless a file changed after it began.
    while (entry.running) {
      const running = entry.running;
      if (!entry.stale) return running;
      await running.catch(() => {});
    }
    if (entry.artifact && !entry.stale) return entry.artifact;
    entry.stale = false;
    entry.running = this.#make(entry)
      .then((artifact) => (entry.artifact = artifact))
      .catch((error: unknown) => {
        // What failed is tried again by the next call: the cause may lie where no watcher looks.
        entry.stale = true;
        throw error;
      })
      .finally(() => (entry.running = undefined));
    return entry.running;
  }

  invalidate(files: string[]): string[] {
    const stale: string[] = [];
    for (const entry of this.#entries.values()) {
      const touched = files.filter((file) => this.#concerns(entry, file));
      if (touched.length === 0) continue;
      entry.stale = true;
      stale.push(entry.definition.name);
      if (touched.some((file) => isConfiguration(file))) void this.#dropBundler(entry);
    }
    return stale;
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#ending.abort();
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    await Promise.allSettled(entries.flatMap(({ running }) => running ?? []));
    await Promise.all(entries.map((entry) => this.#dropBundler(entry)));
  }

  async #entryFor(definition: FunctionDefinition, runsOn: string): Promise<Entry> {
    const key = keyOf(definition, runsOn);
    const known = this.#entries.get(definition.name);
    if (known?.key === key) {
      known.definition = definition;
      return known;
    }
    const entry: Entry = { definition, runsOn, key, stale: true };
    this.#entries.set(definition.name, entry);
    if (known) await this.#dropBundler(known);
    return entry;
  }

  async #make(entry: Entry): Promise<DevArtifact> {
    const { definition } = entry;
    const started = performance.now();
    if (isProgram(definition)) return this.#makeProgram(entry, started);
    const targets = locateHandlers(definition, this.#root);
    const state = this.#surroundings(definition, targets);
    const found = [targets.handler, targets.initializer, targets.preFreeze, targets.preStop].flatMap(
      (target) => target ?? [],
    );
    const interpreted = interpretedArtifacts[definition.language];
    if (interpreted) return this.#makeInterpreted(entry, interpreted, targets, started);
    // Node would take such scripts for ES modules here, though not in the cloud: a bundle is CommonJS in both.
    const misread = found.some(({ file }) => isMisread(file, definition.codeRoot, diskLookup));
    const made =
      misread || found.some(({ compiled }) => compiled)
        ? await this.#bundle(entry, targets, state, misread)
        : sourceArtifact(definition, targets, this.#hashes, state);
    if (made.kind === 'source') await this.#checkEdited(entry, made.inputs);
    return {
      ...made,
      function: definition.name,
      codeRoot: definition.codeRoot,
      buildMs: sinceMs(started),
    };
  }

  async #makeInterpreted(
    entry: Entry,
    artifactOf: typeof phpArtifact,
    targets: HandlerTargets,
    started: number,
  ): Promise<DevArtifact> {
    const { definition } = entry;
    const made = artifactOf(definition, targets, this.#hashes, this.#root);
    await this.#checkEdited(entry, made.inputs);
    return { ...made, function: definition.name, codeRoot: definition.codeRoot, buildMs: sinceMs(started) };
  }

  async #makeProgram(entry: Entry, started: number): Promise<DevArtifact> {
    const { definition, debugged = false } = entry;
    await (this.#prepared ??= this.#prepareFolder());
    entry.programs ??= new ProgramArtifacts(this.#root, this.#store, this.#hashes);
    const made = await entry.programs.make(definition, debugged, this.#ending.signal);
    return { ...made, function: definition.name, codeRoot: definition.codeRoot, buildMs: sinceMs(started) };
  }

  async syntaxErrorIn({ kind, inputs }: DevArtifact): Promise<SourcePosition | undefined> {
    if (kind !== 'source') return undefined;
    const scripts = inputs.filter((file) => /\.[cm]?js$/.test(file));
    const found = await findSyntaxError(scripts, diskLookup, this.#loadEsbuild);
    return found && { file: found.file, line: found.line, column: found.column };
  }

  /** The first code of a function fails as its cloud would make it fail; an edit of code that ran is checked here. */
  async #checkEdited(entry: Entry, inputs: string[]): Promise<void> {
    const scripts = inputs.filter((file) => /\.([cm]?js|py|php)$/.test(file));
    const hashes = new Map(scripts.map((file) => [file, this.#hashes.get(file)]));
    const { checked } = entry;
    if (checked) {
      const edited = scripts.filter((file) => checked.get(file) !== hashes.get(file));
      const check = interpretedChecks[entry.definition.language];
      if (check) await check(edited, this.#root, entry.program);
      else await checkSyntax(edited, this.#root, diskLookup, this.#loadEsbuild);
    }
    entry.checked = hashes;
  }

  async #bundle(
    entry: Entry,
    targets: HandlerTargets,
    state: string,
    misread: boolean,
  ): Promise<Omit<DevArtifact, 'buildMs' | 'function' | 'codeRoot'>> {
    await (this.#prepared ??= this.#prepareFolder());
    const bundler = await this.#bundlerFor(entry, targets, misread);
    const { artifact, sourceDir, inputs } = await bundler.build(state);
    this.#disposeWhenIdle(entry);
    return { ...artifact, kind: 'bundle', entryFile: targets.handler.file, sourceDir, inputs };
  }

  async #bundlerFor(entry: Entry, targets: HandlerTargets, misread: boolean): Promise<Bundler> {
    const key = JSON.stringify([targets, misread]);
    if (entry.bundler && entry.bundler.for !== key) {
      await entry.bundler.instance.dispose();
      entry.bundler = undefined;
    }
    entry.bundler ??= {
      for: key,
      instance: new Bundler({
        root: this.#root,
        definition: entry.definition,
        targets,
        runsOn: entry.runsOn,
        ignorePackageType: misread,
        store: this.#store,
        esbuild: await this.#loadEsbuild(),
      }),
    };
    return entry.bundler.instance;
  }

  /** Packages and data files that the code sees without importing them as modules of the project. */
  #surroundings(definition: FunctionDefinition, targets: HandlerTargets): string {
    const sourceDir = dirname(targets.handler.file);
    const folders = isInside(definition.codeRoot, sourceDir)
      ? [definition.codeRoot]
      : [definition.codeRoot, sourceDir];
    const assets = folders.flatMap((folder) => listFiles(folder, isAsset));
    const files = [...assets, ...packageFilesOf(sourceDir, this.#root)];
    return hashOf(files.flatMap((file) => [file, this.#hashes.get(file)]));
  }

  #concerns(entry: Entry, file: string): boolean {
    if (isInside(this.#stateDir, file) || /[\\/]\.git[\\/]/.test(file)) return false;
    if (isProgram(entry.definition)) {
      if (entry.artifact?.inputs.includes(file)) return true;
      return isProgramSource(file) && isInside(sourceRoot(entry.definition.codeRoot, this.#root), file);
    }
    if (isConfiguration(file))
      return isInside(dirname(file).replace(/[\\/]node_modules$/, ''), entry.definition.codeRoot);
    if (/[\\/]node_modules[\\/]/.test(file)) return false;
    if (entry.artifact?.inputs.includes(file)) return true;
    // New and removed files, and those a failed build asked for, are no inputs (yet).
    const code = [...scriptExtensions, ...typedExtensions, '.json', '.jsx', '.py', '.php'].some((extension) =>
      file.endsWith(extension),
    );
    if (!code && !isAsset(file)) return false;
    const failed = entry.artifact === undefined || entry.stale;
    return (
      isInside(entry.definition.codeRoot, file) ||
      (failed && isInside(this.#root, file)) ||
      besideInputs(entry, file)
    );
  }

  #disposeWhenIdle(entry: Entry): void {
    clearTimeout(entry.idle);
    entry.idle = setTimeout(() => void this.#dropBundler(entry), this.#contextIdleMs);
    entry.idle.unref();
    if (this.#disposed) void this.#dropBundler(entry);
  }

  async #dropBundler(entry: Entry): Promise<void> {
    clearTimeout(entry.idle);
    const bundler = entry.bundler?.instance;
    entry.bundler = undefined;
    // A context that is building may not be disposed of under it.
    await entry.running?.catch(() => {});
    await bundler?.dispose();
  }

  /** What lies below `.porchlight` is nobody's source: git ignores it without the user having to say so. */
  async #prepareFolder(): Promise<void> {
    await mkdir(this.#stateDir, { recursive: true });
    const state = dirname(this.#stateDir);
    if (basename(state) !== '.porchlight') return;
    await writeFile(join(state, '.gitignore'), '*\n', { flag: 'wx' }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}

function keyOf(definition: FunctionDefinition, runsOn: string): string {
  const { name, platform, language, handler, codeRoot, initializer, preFreeze, preStop, build, program } =
    definition;
  const hooks = [initializer?.handler, preFreeze?.handler, preStop?.handler];
  return JSON.stringify([name, platform, language, handler, codeRoot, ...hooks, build, program, runsOn]);
}

const sinceMs = (started: number): number => Math.round((performance.now() - started) * 100) / 100;

/** Changes how other files are resolved or compiled. */
function isConfiguration(file: string): boolean {
  const name = basename(file);
  return isPackageFile(name) || /^tsconfig.*\.json$/.test(name);
}

function besideInputs(entry: Entry, file: string): boolean {
  const folder = dirname(file);
  return entry.artifact?.inputs.some((input) => dirname(input) === folder) ?? false;
}
