import { isBuiltin } from 'node:module';
import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ImportKind, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { diskLookup } from '../support/fileLookup.ts';
import { packageNotFound } from './buildError.ts';
import { declaredFormat } from './moduleFormat.ts';

/** Where a bundle's imports resolve when it runs. */
export interface ResolutionPlaces {
  format: 'cjs' | 'esm';
  /** Folder that `require` of a CommonJS bundle resolves from. */
  sourceDir: string;
  /** Folder from which `import` in the built file finds the same packages as the built file itself. */
  artifactDir: string;
  /** Packages the user's own configuration keeps external, with `*` as in esbuild. */
  external: string[];
  /** Whether `require` loads ES modules where the bundle runs. */
  requiresModules: boolean;
}

const ours = Symbol('asked by packagesExternal');
const shimNamespace = 'es-module-package';
const inPackages = /[\\/]node_modules[\\/]/;

/**
 * Keeps packages out of the bundle and everything of the user's in it: path aliases, workspace packages, sources. A
 * package keeps its bare name when that means the same file where the bundle runs, and its absolute path otherwise.
 */
export function packagesExternal(places: ResolutionPlaces): Plugin {
  return {
    name: 'packages-external',
    setup(build) {
      const resolver = new PackageResolver(build, places);
      build.onResolve({ filter: /.*/, namespace: shimNamespace }, ({ path }) => ({ path, external: true }));
      // Neither relative nor absolute, on any system; entry points are never packages.
      build.onResolve({ filter: /^[^./\\]/ }, (args) =>
        args.kind === 'entry-point' || args.pluginData === ours || /^[a-zA-Z]:[\\/]/.test(args.path)
          ? undefined
          : resolver.resolve(args),
      );
      build.onLoad({ filter: /.*/, namespace: shimNamespace }, ({ pluginData }) => ({
        contents: `export * from ${JSON.stringify(pluginData)}; export { default } from ${JSON.stringify(pluginData)};`,
        loader: 'js',
      }));
    },
  };
}

class PackageResolver {
  readonly #build: PluginBuild;
  readonly #places: ResolutionPlaces;
  /** What resolved into packages stays valid while the packages do, which is as long as this build context. */
  readonly #found = new Map<string, string>();
  /** Whether files of an extension in a folder are ES modules; the same holds for it. */
  readonly #modules = new Map<string, boolean>();

  constructor(build: PluginBuild, places: ResolutionPlaces) {
    this.#build = build;
    this.#places = places;
  }

  async resolve(args: OnResolveArgs): Promise<OnResolveResult | undefined> {
    if (isBuiltin(args.path)) return { path: args.path, external: true };
    const declared = this.#places.external.some((pattern) => matches(pattern, args.path));
    const loads = this.#loads(args.kind);
    // Only these keep the rules of `import` (which file, what is the default) although `require` does the loading.
    const keepsImport = args.kind !== loads && this.#isModule(args.importer);
    const file =
      (await this.#find(args.path, args.resolveDir, keepsImport ? args.kind : loads)) ??
      (await this.#find(args.path, args.resolveDir, args.kind));
    if (file === undefined) {
      // What may be missing on purpose (optional, provided by the cloud) fails when it is reached, not before.
      if (declared || args.kind !== 'import-statement') return { path: args.path, external: true };
      return { errors: [{ text: packageNotFound(args.path) }] };
    }
    // Own code, reached by an alias or a workspace link; and TypeScript in packages, which Node refuses.
    if (!declared && (!inPackages.test(file) || /\.[cm]?tsx?$/.test(file))) return undefined;
    // An older Node cannot `require` this one: it becomes part of the bundle.
    const refused = !this.#places.requiresModules && loads === 'require-call' && this.#isModule(file);
    if (refused && !declared) return undefined;
    const path = await this.#nameAtRuntime(args, file, loads);
    // `require` of an ES module gives its namespace, which such an importer would take for the default export.
    if (keepsImport && this.#isModule(file)) {
      // A name ending in `.mjs` would put the shim itself under the rules it is there to avoid.
      return { path: `${path}.shim`, namespace: shimNamespace, pluginData: path };
    }
    return { path, external: true };
  }

  /** How the import is loaded in the end: a CommonJS bundle turns `import` statements into `require`. */
  #loads(kind: ImportKind): ImportKind {
    return this.#places.format === 'cjs' && kind === 'import-statement' ? 'require-call' : kind;
  }

  async #nameAtRuntime(args: OnResolveArgs, file: string, loads: ImportKind): Promise<string> {
    const requires = loads === 'require-call' || loads === 'require-resolve';
    const from = requires ? this.#places.sourceDir : this.#places.artifactDir;
    if ((await this.#find(args.path, from, loads)) === file) return args.path;
    return requires ? file : pathToFileURL(file).href;
  }

  #isModule(file: string): boolean {
    const key = `${extname(file)}\0${dirname(file)}`;
    const known = this.#modules.get(key) ?? declaredFormat(file, diskLookup) === 'module';
    this.#modules.set(key, known);
    return known;
  }

  async #find(path: string, resolveDir: string, kind: ImportKind): Promise<string | undefined> {
    const key = `${kind}\0${resolveDir}\0${path}`;
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const result = await this.#build.resolve(path, { resolveDir, kind, pluginData: ours });
    if (result.errors.length > 0 || result.path === '') return undefined;
    if (inPackages.test(result.path)) this.#found.set(key, result.path);
    return result.path;
  }
}

/** esbuild's rule for `external`: one `*` stands for anything, and a package's name covers its sub-paths. */
function matches(pattern: string, path: string): boolean {
  const star = pattern.indexOf('*');
  if (star < 0) return path === pattern || path.startsWith(`${pattern}/`);
  const after = pattern.slice(star + 1);
  return path.startsWith(pattern.slice(0, star)) && path.endsWith(after) && path.length >= pattern.length - 1;
}
