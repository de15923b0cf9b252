import { statSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import { programOf, withArtifactsDir } from '../model/program.ts';
import type { DevArtifact } from './artifact.ts';
import { hashOf, type ArtifactStore } from './artifactStore.ts';
import type { FileHashes } from './fileState.ts';
import { assemble } from './assemble.ts';
import { isProgramSource, programFiles, sourceRoot } from './programFiles.ts';
import { runBuild } from './runBuild.ts';

/** What is known of a program's last good build. */
interface Built {
  /** Hashes of the sources it was made of; of what it made itself, those afterwards. */
  files: Map<string, string>;
  key: string;
  folder: string;
}

/** Folders of earlier builds that are kept: instances may still run what lies there. */
const keptBuilds = 3;

/** Makes the artifacts of one function that is a program: builds it when its sources have changed. */
export class ProgramArtifacts {
  readonly #root: string;
  readonly #store: ArtifactStore;
  readonly #hashes: FileHashes;
  #built: Built | undefined;
  /** Sources that the build itself writes. */
  #generated = new Set<string>();
  #changedByBuild = new Set<string>();

  constructor(root: string, store: ArtifactStore, hashes: FileHashes) {
    this.#root = root;
    this.#store = store;
    this.#hashes = hashes;
  }

  /** `debugged`: its debugger has to find its way in what is built. */
  async make(
    definition: FunctionDefinition,
    debugged: boolean,
    signal: AbortSignal,
  ): Promise<Omit<DevArtifact, 'buildMs' | 'function' | 'codeRoot'>> {
    const { codeRoot, handler, initializer, preFreeze, preStop } = definition;
    const { build, command, assembly } = programOf(definition);
    const own = [sourceRoot(codeRoot, this.#root), ...(assembly?.template ? [assembly.template] : [])];
    let files = this.#look(own);
    let folder: string | undefined;
    if (build !== undefined || assembly) {
      const run = debugged && build !== undefined ? forDebugger(build) : build;
      folder = await this.#build(definition, run, own, files, signal);
      files = this.#look(own);
    }
    const program = programPath(command[0]!, codeRoot, folder);
    const inputs = [...files.keys(), ...(program.includes('/') || program.includes('\\') ? [program] : [])];
    const hook = (text: string) => ({ entry: program, exportName: '', handler: text });
    return {
      id: hashOf([...inputs.flatMap((file) => [file, this.#hashes.get(file)]), ...command, folder ?? '']),
      kind: 'source',
      entry: program,
      entryFile: definition.declaredAt.file,
      loader: 'script',
      exportName: handler,
      ...(folder === undefined ? {} : { buildFolder: folder }),
      ...(initializer ? { initializer: hook(initializer.handler) } : {}),
      ...(preFreeze ? { preFreeze: hook(preFreeze.handler) } : {}),
      ...(preStop ? { preStop: hook(preStop.handler) } : {}),
      inputs,
    };
  }

  #look(folders: readonly string[]): Map<string, string> {
    return new Map(folders.flatMap(programFiles).map((file) => [file, this.#hashes.get(file)]));
  }

  async #build(
    definition: FunctionDefinition,
    build: string | string[] | undefined,
    own: readonly string[],
    files: Map<string, string>,
    signal: AbortSignal,
  ): Promise<string> {
    const { name, codeRoot } = definition;
    const { assembly } = programOf(definition);
    const key = JSON.stringify([build, codeRoot, assembly]);
    const built = this.#built;
    if (built?.key === key && sameFiles(built.files, files)) return built.folder;
    const hash = hashOf([key, ...[...files].flat()]);
    const folder = this.#store.path(name, hash);
    await mkdir(folder, { recursive: true });
    if (assembly) await assemble(definition, assembly, folder);
    const cwd = assembly ? folder : codeRoot;
    if (build !== undefined)
      await runBuild({ function: name, build, cwd, root: this.#root, artifactsDir: folder, signal });
    this.#built = { key, folder, files: this.#afterBuild(files, this.#look(own)) };
    await prune(dirname(folder), folder);
    return folder;
  }

  /**
   * What counts as the state that was built. A source that changed meanwhile was edited, and is built again; one that
   * changes in two builds in a row is written by them.
   */
  #afterBuild(before: Map<string, string>, after: Map<string, string>): Map<string, string> {
    const changed = new Set<string>();
    const files = new Map(after);
    for (const [file, hash] of before) {
      if (after.get(file) === hash || !isEdited(file)) continue;
      changed.add(file);
      if (this.#changedByBuild.has(file)) this.#generated.add(file);
      if (!this.#generated.has(file)) files.set(file, hash);
    }
    this.#changedByBuild = changed;
    return files;
  }
}

/** Programs that lie beside their sources are made by builds. */
const isEdited = (file: string): boolean => isProgramSource(file) && !/[\\/]bootstrap$/.test(file);

function sameFiles(one: Map<string, string>, other: Map<string, string>): boolean {
  if (one.size !== other.size) return false;
  for (const [file, hash] of one) if (other.get(file) !== hash) return false;
  return true;
}

/** A name without a folder is looked up on the PATH by the system. */
function programPath(command: string, codeRoot: string, folder: string | undefined): string {
  const filled = withArtifactsDir(command, folder ?? codeRoot);
  return /[\\/]/.test(filled) ? resolve(codeRoot, filled) : filled;
}

/** Go's compiler leaves out what a debugger needs unless it is told not to. */
export function forDebugger(build: string | string[]): string | string[] {
  if (typeof build === 'string')
    return build.replace(/\bgo build\b(?!.*-gcflags)/, 'go build -gcflags="all=-N -l"');
  const [program, verb, ...rest] = build;
  if (program !== 'go' || verb !== 'build' || rest.some((part) => part.includes('gcflags'))) return build;
  return [program, verb, '-gcflags=all=-N -l', ...rest];
}

async function prune(parent: string, current: string): Promise<void> {
  const others = (await readdir(parent))
    .map((name) => join(parent, name))
    .filter((path) => path !== current)
    .map((path) => ({ path, at: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((a, b) => b.at - a.at);
  await Promise.all(
    others.slice(keptBuilds - 1).map(({ path }) => rm(path, { recursive: true, force: true })),
  );
}
