import type { Plugin } from 'esbuild';
import { isInside } from '../model/handlerModule.ts';

const ours = Symbol('asked by ownFormat');

/**
 * Lets the syntax alone decide whether the files of a code folder are CommonJS, as in the cloud, where the package.json
 * above the folder is not there. A path that a plugin gives comes without what package.json says.
 */
export function ownFormat(codeRoot: string): Plugin {
  return {
    name: 'own-format',
    setup(build) {
      build.onResolve({ filter: /^(\.|\/|\\|[a-zA-Z]:)/ }, async ({ path, pluginData, ...args }) => {
        if (pluginData === ours) return undefined;
        const { importer, resolveDir, kind } = args;
        const found = await build.resolve(path, { importer, resolveDir, kind, pluginData: ours });
        const own = found.errors.length === 0 && !found.external && isInside(codeRoot, found.path);
        return own ? { path: found.path } : undefined;
      });
    },
  };
}
