// Code splitting for CommonJS, which esbuild has for ES modules only.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { transform } from 'esbuild';

const shared = 'shared-';
const later = 'later';

/**
 * An esbuild plugin: bundles one program for a loader that knows `require` only, in such a way that whatever it loads by
 * `import()` is a file of its own, and every module exists once. `parts` are these modules by the name of their file
 * (paths from `root`); others that are loaded so are refused, so that none goes unnoticed.
 *
 * esbuild makes a file for each set of parts that share modules. As every part also imports the entry, all that the entry
 * needs at once has the same set: starting takes two files, whatever the number of parts.
 * @param {{ root: string, entry: string, parts: Record<string, string>, outdir: string }} options
 * @returns {import('esbuild').Plugin}
 */
export function splitCommonJs({ root, entry, parts, outdir }) {
  const start = resolve(root, entry);
  const nameOf = new Map(Object.entries(parts).map(([name, source]) => [resolve(root, source), name]));
  return {
    name: 'split-commonjs',
    setup(build) {
      const options = build.initialOptions;
      const { minify = false, sourcemap = false, target } = options;
      const name = basename(entry).replace(/\.ts$/, '');
      Object.assign(options, {
        entryPoints: [
          { in: entry, out: name },
          ...Object.keys(parts).map((part) => ({ in: `${later}:${part}`, out: part })),
        ],
        format: 'esm',
        splitting: true,
        chunkNames: `${shared}[hash]`,
        outExtension: { '.js': '.cjs' },
        outdir,
        write: false,
        sourcemap: sourcemap ? 'inline' : false,
        metafile: true,
      });
      build.onResolve({ filter: /^later:/ }, ({ path }) => ({
        path: resolve(root, parts[path.slice(later.length + 1)]),
        namespace: later,
      }));
      build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir, namespace }) => {
        if (kind !== 'dynamic-import' || namespace === later) return undefined;
        const source = join(resolveDir, path);
        if (nameOf.has(source)) return { path: source, namespace: later };
        return {
          errors: [{ text: `${relative(root, source)} is loaded later and no part in scripts/build.mjs` }],
        };
      });
      build.onLoad({ filter: /.*/, namespace: later }, ({ path }) => {
        const from = JSON.stringify(path);
        // `export *` leaves the default out, and naming one that is not there is an error.
        const hasDefault = /^export default\b/m.test(readFileSync(path, 'utf8'));
        const contents = [
          `import ${JSON.stringify(start)};`,
          `export * from ${from};`,
          ...(hasDefault ? [`export { default } from ${from};`] : []),
        ].join('\n');
        return { contents, resolveDir: dirname(path) };
      });
      build.onEnd(async ({ errors, outputFiles = [] }) => {
        if (errors.length > 0) return;
        mkdirSync(outdir, { recursive: true });
        const written = await Promise.all(
          outputFiles.map(({ path, text }) => write(path, text, { minify, sourcemap, target })),
        );
        for (const file of readdirSync(outdir))
          if (file.startsWith(shared) && !written.includes(file.replace(/\.map$/, '')))
            rmSync(join(outdir, file), { force: true });
      });
    },
  };
}

async function write(path, text, { minify, sourcemap, target }) {
  const file = basename(path);
  const { code, map } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target,
    minify,
    legalComments: 'none',
    supported: { 'dynamic-import': false },
    // Where these stand in the source, the map says; names of files are relative to the folder of the bundles.
    ...(sourcemap ? { sourcemap: 'external', sourcefile: file } : {}),
  });
  writeFileSync(path, sourcemap ? `${code}//# sourceMappingURL=${file}.map\n` : code);
  if (sourcemap) writeFileSync(`${path}.map`, map);
  return file;
}
