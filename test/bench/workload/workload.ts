import { build } from 'esbuild';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { heavySource, helloSource, type HandlerShape } from './sources.ts';

/** `heavy` is one minified bundle; `packages` is the same source with its packages in `node_modules`. */
export type FunctionId = 'hello' | 'heavy' | 'packages';

/** For which machine a bundle is made: Node.js, or a worker that is no Node. */
export type BundleFor = 'node' | 'worker';

/** Workers are ES modules; what CommonJS packages ask for in them, their Node compatibility gives. */
const workerRequire = `import { createRequire } from 'node:module'; const require = createRequire('/');`;

/** Makes the functions' files for each host of a run. */
export class Workload {
  /** Folder above the hosts' own folders; its `node_modules` is found from all of them. */
  readonly #folder: string;
  readonly #modules: string;

  constructor(folder: string, modules: string) {
    this.#folder = folder;
    this.#modules = modules;
  }

  /** Puts the packages where the hosts below the folder find them. Some hundred milliseconds. */
  async placePackages(into = this.#folder): Promise<void> {
    await cp(this.#modules, join(into, 'node_modules'), { recursive: true, verbatimSymlinks: true });
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
