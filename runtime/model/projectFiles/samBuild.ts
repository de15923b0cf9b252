import type { BuildDefinition } from '../functionDefinition.ts';
import { entriesOf, getIn, textOf, type Tree } from './tree.ts';

/** The esbuild settings of a function's `Metadata`, as `sam build` reads them; undefined for other build methods. */
export function readBuild(metadata: Tree | undefined): BuildDefinition | undefined {
  if (textOf(getIn(metadata, 'BuildMethod')) !== 'esbuild') {
    return undefined;
  }
  const properties = getIn(metadata, 'BuildProperties');
  const format = textOf(getIn(properties, 'Format'));
  const target = textOf(getIn(properties, 'Target'));
  const minify = textOf(getIn(properties, 'Minify'));
  const define = readPairs(getIn(properties, 'Define'));
  const loader = readPairs(getIn(properties, 'Loader'));
  return {
    method: 'esbuild',
    entryPoints: readList(getIn(properties, 'EntryPoints')),
    ...((format === 'cjs' || format === 'esm') && { format }),
    ...(target !== undefined && { target }),
    external: readList(getIn(properties, 'External')),
    ...(minify !== undefined && { minify: minify === 'true' }),
    ...(define && { define }),
    ...(loader && { loader }),
  };
}

function readList(tree: Tree | undefined): string[] {
  if (tree?.kind === 'list') {
    return tree.items.map(textOf).filter((item) => item !== undefined);
  }
  return (
    textOf(tree)
      ?.split(',')
      .map((item) => item.trim()) ?? []
  );
}

/** A map, or a list of `key=value` as SAM also takes it. */
function readPairs(tree: Tree | undefined): Record<string, string> | undefined {
  const pairs: [string, string][] =
    tree?.kind === 'list'
      ? readList(tree).map((item) => [item.slice(0, item.indexOf('=')), item.slice(item.indexOf('=') + 1)])
      : entriesOf(tree).map(([name, value]) => [name, textOf(value) ?? '']);
  const valid = pairs.filter(([name]) => name !== '');
  return valid.length > 0 ? Object.fromEntries(valid) : undefined;
}
