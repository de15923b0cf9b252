import { PorchlightError } from '../model/errors.ts';
import type { TriggerFacts } from './source.ts';

/** Throws for options of a call by hand that this kind of source does not have. */
export function refuseOptions(
  { trigger, definition }: TriggerFacts,
  options: Readonly<Record<string, string>>,
  known: readonly string[],
): void {
  const other = Object.keys(options).find((name) => !known.includes(name));
  if (other === undefined) return;
  const detail = `it does not take "${other}" when it is fired${known.length > 0 ? `; it takes ${known.join(', ')}` : ''}.`;
  throw new PorchlightError('TRIGGER_ACTION', { trigger: trigger.name, function: definition.name, detail });
}
