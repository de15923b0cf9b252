import type { BuildDefinition } from '../functionDefinition.ts';
import type { ProgramSettings } from '../program.ts';
import { entriesOf, getIn, textOf, type Tree } from './tree.ts';

/**
 * How `sam build` makes the program of a `provided` or `go1.x` function, and what it is called: with BuildMethod go1.x
 * or makefile it is built here in the same way, and otherwise lies in the code folder.
 */
export function readProgram(
  metadata: Tree | undefined,
  logicalId: string,
  runtime: string,
  handler: string,
): ProgramSettings {
  const method = textOf(getIn(metadata, 'BuildMethod')) ?? (runtime === 'go1.x' ? runtime : undefined);
  // `provided` runtimes start `bootstrap`, whatever the handler is.
  const name = runtime === 'go1.x' && handler !== '' ? handler : 'bootstrap';
  switch (method) {
    case 'go1.x':
      return {
        command: [`$ARTIFACTS_DIR/${name}`],
        build: ['go', 'build', '-tags', 'lambda.norpc', '-o', `$ARTIFACTS_DIR/${name}`, '.'],
      };
    case 'makefile':
      return {
        command: [`$ARTIFACTS_DIR/${name}`],
        build: ['make', `build-${logicalId}`, 'ARTIFACTS_DIR=$ARTIFACTS_DIR'],
      };
    default:
      return { command: [`./${name}`] };
  }
}

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
