import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** Names of a source file's own place, and what a bundle puts in their stead; for esbuild's `define`. */
export const placeDefines = {
  __dirname: '__sourcePlace.dirname',
  __filename: '__sourcePlace.filename',
  'import.meta.url': '__sourcePlace.url',
  'import.meta.dirname': '__sourcePlace.dirname',
  'import.meta.filename': '__sourcePlace.filename',
};

/**
 * Gives every bundled file its own `__dirname`, `__filename` and `import.meta.url`, since data files are read relative
 * to the source. The constant goes in front of the first line, so that every other position stays what it is.
 */
export function ownPlaces(): Plugin {
  return {
    name: 'own-places',
    setup(build) {
      /** Files that do not ask, by what told so; most files, whose text need not be read again in every build. */
      const plain = new Map<string, string>();
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
        const { size, mtimeMs } = await stat(path);
        const version = `${size} ${mtimeMs}`;
        if (plain.get(path) === version) return undefined;
        const text = await readFile(path, 'utf8');
        if (!/\b__dirname\b|\b__filename\b|import\.meta\b/.test(text)) {
          plain.set(path, version);
          return undefined;
        }
        const place = { dirname: dirname(path), filename: path, url: pathToFileURL(path).href };
        const contents = `const __sourcePlace = ${JSON.stringify(place)};${text.replace(/^#!/, '//')}`;
        return { contents, loader: 'default', resolveDir: dirname(path) };
      });
    },
  };
}
