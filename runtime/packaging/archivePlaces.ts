import { readFile } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import type { Plugin } from 'esbuild';

/** Who uses its own place, found while bundling. */
export interface PlaceUse {
  /** Packages that look for files beside themselves. */
  packages: Set<string>;
  /** The user's own sources do. */
  own: boolean;
}

export interface PlacesOptions {
  codeRoot: string;
  /** The bundle's path in the archive. */
  entry: string;
  use: PlaceUse;
}

const asks = /\b__dirname\b|\b__filename\b|\bimport\.meta\.(url|dirname|filename)\b/;
const packageName = /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const asksForRoot = /\b(LAMBDA_TASK_ROOT|FC_FUNC_CODE_PATH)\b|\bprocess\.cwd\s*\(/;

/**
 * Gives every own source the place it has in the archive, where data files keep their path below the code folder: the
 * bundle itself lies elsewhere. Notes packages that ask for theirs; these cannot be bundled.
 */
export function deployPlaces(options: PlacesOptions): Plugin {
  return {
    name: 'deploy-places',
    setup(build) {
      build.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        const name = packageName.exec(path)?.[1];
        if (name !== undefined) {
          if (asks.test(text)) options.use.packages.add(name.replace(/\\/g, '/'));
          return undefined;
        }
        if (asks.test(text) || asksForRoot.test(text)) options.use.own = true;
        if (!asks.test(text)) return undefined;
        const contents = `const __place = __placeOf(${JSON.stringify(placeOf(path, options))});${text.replace(/^#!/, '//')}`;
        return { contents, loader: 'default', resolveDir: dirname(path) };
      });
    },
  };
}

/** What stands for a source's own place; for esbuild's `define`, which leaves names alone that the source declares. */
export const placeNames = {
  __dirname: '__place.dirname',
  __filename: '__place.filename',
  'import.meta.url': '__place.url',
  'import.meta.dirname': '__place.dirname',
  'import.meta.filename': '__place.filename',
};

const placeFunction = `((url, path, own) => (to) => { const href = new URL(to, own).href, filename = url.fileURLToPath(href); return { url: href, filename, dirname: path.dirname(filename) }; })`;

/** First line of a bundle: works out places from its own, and gives bundled CommonJS in an ES module its `require`. */
export const placeBanners = {
  cjs: `const __placeOf = ${placeFunction}(require('node:url'), require('node:path'), require('node:url').pathToFileURL(__filename));`,
  esm: `import { createRequire as __createRequire } from 'node:module'; var require = __createRequire(import.meta.url); const __placeOf = ${placeFunction}(require('node:url'), require('node:path'), import.meta.url);`,
};

/** Relative to the bundle. Sources from outside of the code folder lie in its root, as far as anybody can tell. */
function placeOf(path: string, { codeRoot, entry }: PlacesOptions): string {
  const up = '../'.repeat(entry.split('/').length - 1) || './';
  return (
    up +
    relative(codeRoot, path)
      .split(sep)
      .join('/')
      .replace(/^(\.\.\/)+/, '')
  );
}
