import { basename, dirname, join, relative, resolve } from 'node:path';
import type { BuildContext, BuildOptions, BuildResult, Loader } from 'esbuild';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { DevArtifact } from './artifact.ts';
import { hashOf, type ArtifactStore } from './artifactStore.ts';
import { buildError } from './buildError.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';
import type { Esbuild } from './loadEsbuild.ts';
import { canRequireModules, nodeTargets } from './nodeTarget.ts';
import { ownFormat } from './ownFormat.ts';
import { ownPlaces, placeDefines } from './ownPlaces.ts';
import { packagesExternal } from './packagesExternal.ts';

type Format = 'cjs' | 'esm';

/** What a build gives apart from the facts the packager adds. */
export interface Built {
  artifact: Pick<
    DevArtifact,
    'id' | 'entry' | 'loader' | 'exportName' | 'initializer' | 'preFreeze' | 'preStop'
  >;
  sourceDir: string;
  inputs: string[];
}

export interface BundlerOptions {
  root: string;
  definition: FunctionDefinition;
  targets: HandlerTargets;
  /** Version of the Node that loads the bundle. */
  runsOn: string;
  /** Scripts of the code folder are what their syntax says, whatever a package.json above it says. */
  ignorePackageType: boolean;
  store: ArtifactStore;
  esbuild: Esbuild;
}

/**
 * Bundles one function for development: own code in one unminified file, packages external, a linked source map. Keeps
 * esbuild's context, so that a rebuild costs milliseconds; `dispose` gives it up.
 */
export class Bundler {
  readonly #options: BundlerOptions;
  #format: Format;
  #context: BuildContext | undefined;

  constructor(options: BundlerOptions) {
    this.#options = options;
    this.#format = options.definition.build?.format ?? 'cjs';
  }

  /** `state` is what the artifact depends on besides the bundled code; it becomes part of the hash. */
  async build(state: string): Promise<Built> {
    const { definition, store, root } = this.#options;
    const result = await this.#run();
    const files = (result.outputFiles ?? []).map(({ path, contents }) => ({
      name: basename(path),
      contents,
    }));
    const id = hashOf([state, this.#format, ...files.flatMap(({ name, contents }) => [name, contents])]);
    const folder = await store.write(definition.name, id, files);
    const entry = join(folder, `index.${extensionOf(this.#format)}`);
    return {
      artifact: { id, entry, loader: this.#format === 'esm' ? 'import' : 'script', ...this.#exports(entry) },
      sourceDir: this.#sourceDir,
      inputs: Object.keys(result.metafile?.inputs ?? {})
        .filter((path) => !/^[\w-]{2,}:|^<stdin>$/.test(path))
        .map((path) => resolve(root, path)),
    };
  }

  async dispose(): Promise<void> {
    const context = this.#context;
    this.#context = undefined;
    await context?.dispose();
  }

  get #sourceDir(): string {
    return dirname(this.#options.targets.handler.file);
  }

  async #run(): Promise<BuildResult> {
    try {
      return await this.#rebuild();
    } catch (failure) {
      // A stated format is what the cloud gets: its faults are the user's to see.
      const stated = this.#options.definition.build?.format !== undefined;
      if (stated || this.#format === 'esm') throw buildError(failure, this.#options.root);
      return this.#runAsModule();
    }
  }

  /** Top-level await cannot be CommonJS. When that was the only fault, the function stays an ES module from then on. */
  async #runAsModule(): Promise<BuildResult> {
    await this.dispose();
    this.#format = 'esm';
    try {
      return await this.#rebuild();
    } catch (failure) {
      this.#format = 'cjs';
      await this.dispose();
      throw buildError(failure, this.#options.root);
    }
  }

  async #rebuild(): Promise<BuildResult> {
    this.#context ??= await this.#options.esbuild.context(this.#buildOptions());
    return this.#context.rebuild();
  }

  #buildOptions(): BuildOptions {
    const { definition, root, store, ignorePackageType, runsOn } = this.#options;
    const format = this.#format;
    const artifactDir = store.path(definition.name, '0'.repeat(16));
    const sourceDir = this.#sourceDir;
    const external = definition.build?.external ?? [];
    return {
      ...this.#entry(),
      absWorkingDir: root,
      outfile: join(artifactDir, `index.${extensionOf(format)}`),
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format,
      target: nodeTargets(definition.build?.target, runsOn),
      // Stack traces and `Function.prototype.name` show what the user wrote.
      keepNames: true,
      minify: false,
      sourcemap: 'linked',
      // Debuggers and stack traces open the user's own files.
      sourcesContent: false,
      // Node's own conditions: esbuild's default would add `module`.
      conditions: [],
      logLevel: 'silent',
      define: { ...placeDefines, ...definition.build?.define },
      loader: { '.node': 'copy', ...(definition.build?.loader as Record<string, Loader> | undefined) },
      external,
      plugins: [
        ...(ignorePackageType ? [ownFormat(definition.codeRoot)] : []),
        packagesExternal({
          format,
          sourceDir,
          artifactDir: root,
          external,
          requiresModules: canRequireModules(runsOn),
        }),
        ownPlaces(),
      ],
      // Bundled CommonJS inside an ES module still needs a `require`.
      ...(format === 'esm' ? { banner: { js: requireBanner(join(sourceDir, 'index.js')) } } : {}),
    };
  }

  /** Hooks in files of their own share the handler's modules, hence one bundle that re-exports all of them. */
  #entry(): BuildOptions {
    const files = this.#files();
    if (files.length === 1) return { entryPoints: files };
    const lines = files.map(
      (file, i) => `import * as module${i} from ${JSON.stringify(importPath(this.#sourceDir, file))};`,
    );
    lines.push(`export { ${files.map((_, i) => `module${i}`).join(', ')} };`);
    return { stdin: { contents: lines.join('\n'), resolveDir: this.#sourceDir, sourcefile: 'handlers.js' } };
  }

  #files(): string[] {
    const { handler, initializer, preFreeze, preStop } = this.#options.targets;
    return [
      ...new Set(
        [handler, initializer, preFreeze, preStop].flatMap((target) => (target ? [target.file] : [])),
      ),
    ];
  }

  #exports(entry: string): Pick<DevArtifact, 'exportName' | 'initializer' | 'preFreeze' | 'preStop'> {
    const files = this.#files();
    const name = ({ file, exportName }: HandlerTarget): string =>
      files.length === 1 ? exportName : `module${files.indexOf(file)}.${exportName}`;
    const { handler, initializer, preFreeze, preStop } = this.#options.targets;
    const hook = (target: HandlerTarget) => ({ entry, exportName: name(target), handler: target.handler });
    return {
      exportName: name(handler),
      ...(initializer ? { initializer: hook(initializer) } : {}),
      ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
      ...(preStop ? { preStop: hook(preStop) } : {}),
    };
  }
}

const extensionOf = (format: Format): string => (format === 'esm' ? 'mjs' : 'cjs');

function importPath(from: string, file: string): string {
  const path = relative(from, file).replace(/\\/g, '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function requireBanner(from: string): string {
  return `import { createRequire as __createRequire } from 'node:module'; var require = __createRequire(${JSON.stringify(from)});`;
}
