import type { TriggerRegistration } from '../../triggerRegistration.ts';
import type { ProblemList } from '../problemList.ts';
import { getIn, rangeOf, textOf, toPlain, unresolvedIn, type Tree } from '../tree.ts';

/** Texts beside the settings of a trigger. */
const texts = ['sourceArn', 'invocationRole', 'description'] as const;

/** What a trigger of `s.yaml` says that only its cloud needs; nothing where it says nothing of it. */
export function readRegistration(item: Tree, problems: ProblemList): { registration?: TriggerRegistration } {
  const registration: TriggerRegistration = {};
  for (const key of texts) {
    const text = textOf(getIn(item, key))?.trim();
    if (text) registration[key] = text;
  }
  const config = getIn(item, 'triggerConfig');
  if (textOf(getIn(item, 'triggerType')) === 'http' && config?.kind === 'map')
    registration.config = toPlain(config) as Record<string, unknown>;
  const unresolved = ['triggerConfig', ...texts].flatMap((key) =>
    Object.entries(unresolvedIn(getIn(item, key), [key])),
  );
  if (unresolved.length > 0) {
    registration.unresolved = Object.fromEntries(
      unresolved.map(([path, expression]) => {
        const { start } = rangeOf(item, path.split('.'));
        return [path, { expression, at: problems.positionOf(start) }];
      }),
    );
  }
  return Object.keys(registration).length > 0 ? { registration } : {};
}
