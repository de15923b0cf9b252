import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { BuildOptions, BuildResult, Loader } from 'esbuild';
import type { FunctionDefinition } from '../model/functionDefinition.ts';

import { splitHandler } from '../model/handlerString.ts';
import { builtFile, type ArchiveFile, type ArchiveStart } from './archive.ts';
import { deployPlaces, placeBanners, placeNames, type PlaceUse } from './archivePlaces.ts';
import { buildError } from './buildError.ts';
import type { HandlerTarget, HandlerTargets } from './handlerTargets.ts';
import type { Esbuild } from './loadEsbuild.ts';

type Format = 'cjs' | 'esm';

export interface ArchiveBundleOptions {
  root: string;
  definition: FunctionDefinition;
  targets: HandlerTargets;
  esbuild: Esbuild;
  /** Where the archive will lie on this machine: source maps lead from there to the user's files. */
  places: string;
}

/** A bundle, and what has to travel beside it. */
export interface ArchiveBundle {
  files: ArchiveFile[];
  start: ArchiveStart;
  /** Packages that do not work inside a bundle, or are kept out by the project file. */
  packages: string[];
  /** Own sources look for files beside themselves. */
  readsFiles: boolean;
}

/**
 * Bundles a function with all its packages into one file, named as its handler string says. Packages that look for
 * their own files (native code, `__dirname`) stay packages.
 */
export async function bundleForDeploy(options: ArchiveBundleOptions): Promise<ArchiveBundle> {
  const stated = options.definition.build?.format;
  let external = options.definition.build?.external ?? [];
  for (;;) {
    const use: PlaceUse = { packages: new Set(), own: false };
    const { result, format } = await build(options, stated, external, use);
    const unfit = packagesOf(Object.keys(result.metafile!.inputs), options.root)
      .filter(({ folder }) => isNative(folder))
      .map(({ name }) => name);
    const more = [...use.packages, ...unfit].filter((name) => !external.includes(name));
    if (more.length === 0) {
      return {
        files: filesOf(result, options.places),
        start: startOf(options, format),
        packages: packagesKept(external, result),
        readsFiles: use.own,
      };
    }
    external = [...external, ...new Set(more)];
  }
}

async function build(
  options: ArchiveBundleOptions,
  stated: Format | undefined,
  external: string[],
  use: PlaceUse,
): Promise<{ result: BuildResult; format: Format }> {
  const run = async (format: Format): Promise<{ result: BuildResult; format: Format }> => ({
    result: await options.esbuild.build(buildOptions(options, format, external, use)),
    format,
  });
  try {
    return await run(stated ?? 'cjs');
  } catch (failure) {
    if (stated) throw buildError(failure, options.root);
  }
  try {
    // Top-level await cannot be CommonJS.
    return await run('esm');
  } catch (failure) {
    throw buildError(failure, options.root);
  }
}

function buildOptions(
  options: ArchiveBundleOptions,
  format: Format,
  external: string[],
  use: PlaceUse,
): BuildOptions {
  const { definition, root, targets, places } = options;
  const { build } = definition;
  const files = handlerFiles(targets);
  const sourceDir = dirname(targets.handler.file);
  const lines = files.map(
    (file, i) => `import * as module${i} from ${JSON.stringify(importPath(sourceDir, file))};`,
  );
  lines.push(`export { ${files.map((_, i) => `module${i}`).join(', ')} };`);
  const entry: BuildOptions =
    files.length === 1
      ? { entryPoints: files }
      : { stdin: { contents: lines.join('\n'), resolveDir: sourceDir, sourcefile: 'handlers.js' } };
  const loader = build?.loader as Record<string, Loader> | undefined;
  return {
    ...entry,
    absWorkingDir: root,
    outfile: join(places, entryPath(definition, format)),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format,
    target: build?.target ?? nodeTarget(definition),
    keepNames: true,
    minify: build?.minify ?? false,
    sourcemap: 'linked',
    sourcesContent: false,
    conditions: [],
    logLevel: 'silent',
    external,
    define: { ...placeNames, ...build?.define },
    loader: { '.node': 'copy', ...loader },
    plugins: [deployPlaces({ codeRoot: definition.codeRoot, entry: entryPath(definition, format), use })],
    banner: { js: placeBanners[format] },
  };
}

/** Where the bundle lies in the archive: where the platform looks for the handler's module. */
function entryPath({ handler, platform }: FunctionDefinition, format: Format): string {
  const module = splitHandler(handler, platform)!.module;
  return `${module.replace(/^(\.\.\/)+/, '')}.${format === 'esm' ? 'mjs' : 'js'}`;
}

/** `nodejs20.x` and `nodejs20` bring Node 20; a version the project file asks for may be older. */
function nodeTarget({ runtime, interpreter }: FunctionDefinition): string {
  const majors = [/^node(?:js)?(\d+)/.exec(runtime ?? '')?.[1], /^(\d+)/.exec(interpreter ?? '')?.[1]];
  const stated = majors.flatMap((major) => (major === undefined ? [] : Number(major)));
  return `node${stated.length > 0 ? Math.min(...stated) : 20}`;
}

function handlerFiles({ handler, initializer, preFreeze, preStop }: HandlerTargets): string[] {
  return [
    ...new Set([handler, initializer, preFreeze, preStop].flatMap((target) => (target ? [target.file] : []))),
  ];
}

function startOf({ targets, definition }: ArchiveBundleOptions, format: Format): ArchiveStart {
  const files = handlerFiles(targets);
  const entry = entryPath(definition, format);
  const name = ({ file, exportName }: HandlerTarget): string =>
    files.length === 1 ? exportName : `module${files.indexOf(file)}.${exportName}`;
  const hook = (target: HandlerTarget) => ({ entry, exportName: name(target), handler: target.handler });
  const { handler, initializer, preFreeze, preStop } = targets;
  return {
    entry,
    loader: format === 'esm' ? 'import' : 'script',
    exportName: name(handler),
    ...(initializer ? { initializer: hook(initializer) } : {}),
    ...(preFreeze ? { preFreeze: hook(preFreeze) } : {}),
    ...(preStop ? { preStop: hook(preStop) } : {}),
  };
}

function filesOf(result: BuildResult, places: string): ArchiveFile[] {
  return (result.outputFiles ?? []).map(({ path, contents }) =>
    builtFile(relative(places, path).split(sep).join('/'), contents),
  );
}

function packagesOf(inputs: string[], root: string): { name: string; folder: string }[] {
  const found = new Map<string, { name: string; folder: string }>();
  for (const input of inputs) {
    const match = /^(.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+))[\\/]/.exec(resolve(root, input));
    if (match) found.set(match[1]!, { name: match[2]!.replace(/\\/g, '/'), folder: match[1]! });
  }
  return [...found.values()];
}

/** Native code is found by path at run time, which a bundle breaks. */
function isNative(folder: string): boolean {
  return ['binding.gyp', 'prebuilds', join('build', 'Release')].some((name) =>
    existsSync(join(folder, name)),
  );
}

/** Packages the bundle asks for when it runs, of those that were kept out. */
function packagesKept(external: string[], result: BuildResult): string[] {
  const asked = Object.values(result.metafile!.outputs).flatMap(({ imports }) =>
    imports.map(({ path }) => path),
  );
  const names = asked
    .filter((path) => !path.startsWith('node:') && !/^[./\\]|^[a-zA-Z]:/.test(path))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  const kept = (name: string): boolean =>
    external.some((pattern) => {
      const star = pattern.indexOf('*');
      return star < 0
        ? pattern === name || pattern.startsWith(`${name}/`)
        : name.startsWith(pattern.slice(0, star));
    });
  return [...new Set(names.filter(kept))].sort();
}

function importPath(from: string, file: string): string {
  const path = relative(from, file).split(sep).join('/');
  return path.startsWith('.') ? path : `./${path}`;
}
