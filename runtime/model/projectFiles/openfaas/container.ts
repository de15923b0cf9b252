import type { InferOutput } from 'valibot';
import type { ContainerAmounts, ContainerSettings } from '../../containerSettings.ts';
import { entriesOf, getIn, textOf, type Tree } from '../tree.ts';
import type { functionSettings } from './settings.ts';

type Settings = Partial<InferOutput<typeof functionSettings>>;

/** What a function of a `stack.yaml` says of its container, as faas-cli passes it on (openfaas/go-sdk, `stack`). */
export function containerSettings(
  tree: Tree,
  { limits, requests }: Settings,
  gateway: string | undefined,
): ContainerSettings {
  const readOnly = textOf(getIn(tree, 'readonly_root_filesystem'));
  return {
    ...(gateway !== undefined && { gateway }),
    labels: textsIn(getIn(tree, 'labels')),
    annotations: textsIn(getIn(tree, 'annotations')),
    secrets: listIn(getIn(tree, 'secrets')),
    constraints: listIn(getIn(tree, 'constraints')),
    ...(limits && { limits: amounts(limits) }),
    ...(requests && { requests: amounts(requests) }),
    ...(readOnly === 'true' && { readOnlyRootFilesystem: true }),
  };
}

/** Names with their values as text; those without a value are left out. */
export function textsIn(tree: Tree | undefined): Record<string, string> {
  return Object.fromEntries(
    entriesOf(tree).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function listIn(tree: Tree | undefined): string[] {
  return (tree?.kind === 'list' ? tree.items : tree ? [tree] : []).flatMap((item) => textOf(item) ?? []);
}

function amounts(given: NonNullable<Settings['limits']>): ContainerAmounts {
  const stated = Object.entries(given).flatMap(([name, amount]) =>
    amount === undefined ? [] : [[name, String(amount)]],
  );
  return Object.fromEntries(stated) as ContainerAmounts;
}
