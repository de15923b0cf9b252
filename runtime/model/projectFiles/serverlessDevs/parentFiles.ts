import { dirname, relative, resolve as resolvePath } from 'node:path';
import type { ProblemList } from '../problemList.ts';
import type { ParseContext } from '../projectFile.ts';
import { getIn, mergeTrees, textOf, type Tree } from '../tree.ts';
import { readIncludedYaml } from '../yamlTree.ts';
import { phrase } from '../../../support/l10n.ts';

/** Parents above each other; Serverless Devs states no bound. */
const mostParents = 10;

const reasons = {
  missing: phrase('there is no such file. Correct the path.'),
  outside: phrase('the file lies outside of the folder that is open. Open the folder above to have it read.'),
  large: phrase('the file is too large.'),
  circle: phrase('it leads back to a file that extends it.'),
  deep: phrase('more than {mostParents} files extend each other.', { mostParents }),
} as const;

/**
 * A file's tree with what its parents say (`extend: ./base.yaml`, documentation of Serverless Devs, "YAML specification"): of
 * keys that both have the file's own counts, and lists are not joined. `files`: the parents' paths, as seen from the file.
 */
export function withParents(
  tree: Tree | undefined,
  context: ParseContext,
  problems: ProblemList,
): { tree: Tree | undefined; files: string[] } {
  const seen = [context.file];
  let [merged, below] = [tree, tree];
  for (;;) {
    const place = getIn(below, 'extend');
    const named = textOf(place)?.trim();
    if (!place || named === undefined || named === '') break;
    const path = resolvePath(dirname(seen.at(-1)!), named);
    const found = parentAt(path, seen, context);
    if (typeof found === 'string') {
      const facts = { expression: `extend: ${named}`, detail: reasons[found] };
      problems.add('warning', 'VALUE_UNRESOLVED', facts, place.range);
      if (found !== 'circle' && found !== 'deep') seen.push(path);
      break;
    }
    seen.push(path);
    below = readIncludedYaml(found.text, path, problems);
    if (!below) break;
    merged = mergeTrees(below, merged, 'replace');
  }
  const folder = dirname(context.file);
  return { tree: merged, files: seen.slice(1).map((path) => relative(folder, path)) };
}

function parentAt(
  path: string,
  seen: string[],
  context: ParseContext,
): { text: string } | keyof typeof reasons {
  if (seen.includes(path)) return 'circle';
  if (seen.length > mostParents) return 'deep';
  const found = context.include?.(path) ?? { why: 'missing' };
  return 'text' in found ? found : found.why;
}
