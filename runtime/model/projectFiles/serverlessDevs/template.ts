import type { ProblemList } from '../problemList.ts';
import { entriesOf, getIn, mapAt, mergeTrees, textOf, toPlain, type Tree } from '../tree.ts';
import { phrase } from '../../../support/l10n.ts';

/** `extend: { name, ignore }` of a resource: the template's props, less the ignored keys, below its own. */
export function withTemplate(resource: Tree, root: Tree, key: string, problems: ProblemList): Tree {
  const extend = getIn(resource, 'extend');
  const name = textOf(getIn(extend, 'name'));
  if (!extend || name === undefined) {
    return resource;
  }
  const template = getIn(root, 'template', name);
  if (template?.kind !== 'map') {
    const facts = {
      path: `${key}.extend`,
      detail: phrase('no template "{name}" stands under "template".', { name }),
    };
    problems.add('error', 'SETTING_INVALID', facts, getIn(extend, 'name')!.range, { function: key });
    return resource;
  }
  const ignored = getIn(extend, 'ignore');
  const ignore = (ignored ? (toPlain(ignored) as unknown[]) : []) ?? [];
  const kept = [...template.entries].filter(([entry]) => !Array.isArray(ignore) || !ignore.includes(entry));
  const merged = mergeTrees({ ...template, entries: new Map(kept) }, getIn(resource, 'props'), 'replace');
  return mapAt(resource.range, {
    ...Object.fromEntries(entriesOf(resource).map(([entry, value]) => [entry, value])),
    props: merged,
  });
}
