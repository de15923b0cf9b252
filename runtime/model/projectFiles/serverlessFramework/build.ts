import type { BuildDefinition } from '../../functionDefinition.ts';
import type { ProblemList } from '../problemList.ts';
import { entriesOf, getIn, textOf, type Tree } from '../tree.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** Plugins that bundle every function, whatever is set. */
const bundlers = ['serverless-esbuild', 'serverless-webpack', 'serverless-bundle'];

/**
 * How a service asks to be bundled: by the plugin `serverless-esbuild` or the framework itself with their settings, by others
 * as usual, as scripts that are meant for a bundler need not be what Node.js takes (imports without extensions).
 */
export function readBuild(
  root: { custom: Tree | undefined; build: Tree | undefined },
  plugins: readonly string[],
  problems: ProblemList,
): BuildDefinition | undefined {
  const settings = plugins.includes('serverless-esbuild')
    ? (getIn(root.custom, 'esbuild') ?? getIn(root.build, 'esbuild'))
    : getIn(root.build, 'esbuild');
  if (settings?.kind !== 'map') {
    const isBundled = plugins.some((plugin) => bundlers.includes(plugin));
    return isBundled ? { method: 'esbuild', entryPoints: [], external: [] } : undefined;
  }
  const own = getIn(settings, 'plugins');
  if (own) {
    const detail = phrase(
      'plugins of esbuild are code, and are not run here; what they change may be missing.',
    );
    problems.add('info', 'SETTING_INVALID', { path: 'esbuild.plugins', detail }, own.range);
  }
  const format = textOf(getIn(settings, 'format'));
  const target = textOf(getIn(settings, 'target'));
  const minify = textOf(getIn(settings, 'minify'));
  const define = readPairs(getIn(settings, 'define'));
  const loader = readPairs(getIn(settings, 'loader'));
  return {
    method: 'esbuild',
    entryPoints: [],
    ...((format === 'cjs' || format === 'esm') && { format }),
    ...(target !== undefined && { target }),
    // `exclude` names packages that the runtime brings along: they stay outside of the bundle as well.
    external: ['external', 'exclude'].flatMap((key) => readNames(getIn(settings, key))),
    ...(minify !== undefined && { minify: minify === 'true' }),
    ...(define && { define }),
    ...(loader && { loader }),
  };
}

function readNames(tree: Tree | undefined): string[] {
  const names = tree?.kind === 'list' ? tree.items.map(textOf) : [];
  return names.filter((name) => name !== undefined && name !== '*') as string[];
}

function readPairs(tree: Tree | undefined): Record<string, string> | undefined {
  const pairs = entriesOf(tree).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === undefined ? [] : [[name, text] as const];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/** Plugins whose work is done differently or not at all here, and what that means. */
const pluginNotes: Record<string, Phrase> = {
  'serverless-webpack': phrase(
    "webpack's configuration is code, and is not run here: functions are bundled by esbuild.",
  ),
  'serverless-bundle': phrase('its webpack configuration is not run here: functions are bundled by esbuild.'),
};

/** Tells plugins that make a difference to what runs here. */
export function tellPlugins(tree: Tree | undefined, problems: ProblemList): void {
  for (const item of tree?.kind === 'list' ? tree.items : []) {
    const name = textOf(item) ?? '';
    const note = Object.hasOwn(pluginNotes, name) ? pluginNotes[name] : undefined;
    if (note !== undefined) problems.add('info', 'SETTING_INVALID', { path: name, detail: note }, item.range);
  }
}

/** Names of the plugins of a service; the older form has them under `modules`. */
export function readPlugins(tree: Tree | undefined): { names: string[]; list: Tree | undefined } {
  const list = tree?.kind === 'map' ? getIn(tree, 'modules') : tree;
  const names = list?.kind === 'list' ? list.items.map(textOf).filter((name) => name !== undefined) : [];
  return { names, list };
}
