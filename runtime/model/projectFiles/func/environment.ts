import type { ParseContext } from '../projectFile.ts';
import type { ProblemList } from '../problemList.ts';
import { getIn, mapAt, scalarAt, textOf, type Tree, type UnresolvedTree } from '../tree.ts';
import { phrase } from '../../../support/l10n.ts';

/**
 * The variables of `run.envs` as a map whose values are resolved: `{{ env:NAME }}` is a variable of whoever runs `func`,
 * what comes from a secret or a config map is known in the cluster only. An entry without a name stands for all keys of
 * one of these.
 */
export function environmentTree(
  envs: Tree | undefined,
  name: string,
  context: ParseContext,
  problems: ProblemList,
): Tree | undefined {
  if (envs?.kind !== 'list') return undefined;
  const values: Record<string, Tree> = {};
  for (const entry of envs.items) {
    const variable = textOf(getIn(entry, 'name'))?.trim();
    const at = getIn(entry, 'value');
    if (variable) {
      values[variable] = at ? resolved(at, variable, context) : scalarAt(entry.range, '');
    } else if (at && reference(at)) {
      const detail = phrase(
        'its keys become variables in the cluster; give those that are needed here in .env.',
      );
      problems.add('warning', 'VALUE_UNRESOLVED', { expression: textOf(at)!, detail }, at.range, {
        function: name,
      });
    } else if (!getIn(entry, 'name')) {
      const facts = {
        path: `${name}.envs`,
        detail: phrase('an entry without a name names a secret or a config map.'),
      };
      problems.add('error', 'SETTING_INVALID', facts, entry.range, { function: name });
    }
  }
  return mapAt(envs.range, values);
}

const form = /^\s*\{\{\s*(env|secret|configMap)\s*:\s*([^\s:{}]+)\s*(?::\s*([^\s{}]+)\s*)?\}\}\s*$/;

function reference(at: Tree): RegExpExecArray | null {
  return form.exec(textOf(at) ?? '');
}

function resolved(at: Tree, variable: string, context: ParseContext): Tree {
  const [expression = '', kind, source = ''] = reference(at) ?? [];
  if (kind === undefined) return at;
  const value = kind === 'env' ? context.variable(source) : undefined;
  if (value !== undefined) return scalarAt(at.range, value);
  const reason =
    kind === 'env'
      ? phrase('{source} is no variable of this machine; give it, or {variable}, a value in .env.', {
          source,
          variable,
        })
      : phrase('it is in the cluster; give {variable} a value in .env.', { variable });
  return {
    kind: 'unresolved',
    range: at.range,
    expression: expression.trim(),
    reason,
  } satisfies UnresolvedTree;
}

/** Tells volumes whose files are in the cluster only. */
export function tellVolumes(volumes: Tree | undefined, name: string, problems: ProblemList): void {
  if (volumes?.kind !== 'list') return;
  for (const volume of volumes.items) {
    const path = textOf(getIn(volume, 'path')) ?? '?';
    for (const kind of ['secret', 'configMap', 'persistentVolumeClaim'] as const) {
      const at = getIn(volume, kind);
      if (!at) continue;
      const source = textOf(at) ?? textOf(getIn(at, 'claimName')) ?? '';
      const detail = phrase('its files are not mounted at {path} here.', { path });
      problems.add('warning', 'VALUE_UNRESOLVED', { expression: `${kind} ${source}`, detail }, volume.range, {
        function: name,
      });
    }
  }
}
