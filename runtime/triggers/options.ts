import { PorchlightError } from '../model/errors.ts';
import type { TriggerFacts } from './source.ts';
import { phrase } from '../support/l10n.ts';

/** Throws for options of a call by hand that this kind of source does not have. */
export function refuseOptions(
  { trigger, definition }: TriggerFacts,
  options: Readonly<Record<string, string>>,
  known: readonly string[],
): void {
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other === undefined) return;
  const detail =
    known.length > 0
      ? phrase('it does not take "{other}" when it is fired; it takes {known}.', {
          other,
          known: known.join(', '),
        })
      : phrase('it does not take "{other}" when it is fired.', { other });
  throw new PorchlightError('TRIGGER_ACTION', { trigger: trigger.name, function: definition.name, detail });
}
