import type { ParseContext } from '../projectFile.ts';
import { entriesOf, scalarAt, type Tree } from '../tree.ts';
import { phrase } from '../../../support/l10n.ts';

/**
 * Replaces `${VAR}`, `${VAR:-default}` and the like in values, as faas-cli does it in the text of a `stack.yaml`: with the
 * environment of whoever runs it. A variable that is not set and has no default stays unresolved.
 */
export function substitute(tree: Tree, context: ParseContext): Tree {
  switch (tree.kind) {
    case 'scalar':
      return typeof tree.value === 'string' && tree.value.includes('$')
        ? replaced(tree.value, tree, context)
        : tree;
    case 'list':
      return { ...tree, items: tree.items.map((item) => substitute(item, context)) };
    case 'map':
      return {
        ...tree,
        entries: new Map(
          entriesOf(tree).map(([name, value, key]) => [name, { key, value: substitute(value, context) }]),
        ),
      };
    default:
      return tree;
  }
}

function replaced(text: string, at: Tree, { variable }: ParseContext): Tree {
  let missing: string | undefined;
  const value = text.replace(
    /\$\$|\$\{(\w+)(?:(:?[-=])([^}]*))?\}/g,
    (whole: string, name?: string, operator?: string, otherwise?: string) => {
      if (name === undefined) return '$';
      const given = variable(name);
      // With a colon an empty value counts as none.
      if (given !== undefined && !(given === '' && operator?.startsWith(':'))) return given;
      if (operator !== undefined) return otherwise ?? '';
      missing ??= whole;
      return '';
    },
  );
  if (missing === undefined) return scalarAt(at.range, value);
  const reason = phrase('the variable is not set; give it a value in .env, or a default: ${NAME:-value}.');
  return { kind: 'unresolved', range: at.range, expression: missing, reason };
}
