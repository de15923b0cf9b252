import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { heavySource, helloSource, lambdaShape, type HandlerShape } from './sources.ts';

/** `heavy` is one minified bundle; `packages` is the same source with its packages in `node_modules`. */
export type FunctionId = 'hello' | 'heavy' | 'packages';

/** For which machine a bundle is made: Node.js, or a worker that is no Node. */
export type BundleFor = 'node' | 'worker';

/** Workers are ES modules; what CommonJS packages ask for in them, their Node compatibility gives. */
const workerRequire = `import { createRequire } from 'node:module'; const require = createRequire('/');`;

/** Makes the functions' files for each host of a run. */
export class Workload {
  readonly #modules: string;
  #loaded: Promise<string[]> | undefined;

  /** `modules`: the `node_modules` in which the heavy function's packages are installed. */
  constructor(modules: string) {
    this.#modules = modules;
  }

  /**
   * Puts the packages into a folder: `loaded` the files that the function can load and their manifests, which is what
   * counts for its starts, or `all` thousands, as they are installed.
   */
  async placePackages(into: string, which: 'loaded' | 'all' = 'loaded'): Promise<void> {
    const target = join(into, 'node_modules');
    if (which === 'all') {
      await cp(this.#modules, target, { recursive: true, verbatimSymlinks: true });
      return;
    }
    const files = await (this.#loaded ??= this.#findLoaded());
    await Promise.all(
      [...new Set(files.map(dirname))].map((dir) => mkdir(join(target, dir), { recursive: true })),
    );
    await Promise.all(files.map((file) => copyFile(join(this.#modules, file), join(target, file))));
  }

  /** Source of a function in a version. Bundles take some hundred milliseconds. */
  async source(
    id: FunctionId,
    shape: HandlerShape,
    version: number,
    target: BundleFor = 'node',
  ): Promise<string> {
    if (id === 'hello') return helloSource(shape, version);
    const source = heavySource(shape, version);
    return id === 'packages' ? source : this.#bundle(source, target);
  }

  /** Writes a function's file, and the folders above it. */
  async write(file: string, text: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  /** Paths within `node_modules` of what some Node may load. */
  async #findLoaded(): Promise<string[]> {
    const home = dirname(this.#modules);
    // Node 22 and newer prefer another file in packages that offer one.
    const found = await Promise.all([[], ['module-sync']].map((conditions) => inputsOf(home, conditions)));
    const files = new Set(found.flat());
    for (const file of [...files]) {
      for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) {
        const manifest = `${folder}/package.json`;
        if (existsSync(join(home, manifest))) files.add(manifest);
      }
    }
    return [...files].map((file) => file.slice('node_modules/'.length));
  }

  async #bundle(source: string, target: BundleFor): Promise<string> {
    const result = await build({
      stdin: { contents: source, resolveDir: dirname(this.#modules), loader: 'js' },
      bundle: true,
      write: false,
      minify: true,
      legalComments: 'none',
      logLevel: 'silent',
      target: 'es2022',
      ...(target === 'node'
        ? { platform: 'node', format: 'cjs' }
        : { platform: 'node', format: 'esm', banner: { js: workerRequire } }),
    });
    return result.outputFiles[0]!.text;
  }
}

/** Files of packages that the heavy function is made of, resolved as Node does with these conditions. */
async function inputsOf(home: string, conditions: string[]): Promise<string[]> {
  const { metafile } = await build({
    stdin: { contents: heavySource(lambdaShape, 1), resolveDir: home, loader: 'js' },
    absWorkingDir: home,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    logLevel: 'silent',
    mainFields: ['main'],
    conditions,
  });
  return Object.keys(metafile.inputs).filter((file) => file.startsWith('node_modules/'));
}
