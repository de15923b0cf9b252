import { PorchlightError } from '../../model/errors.ts';
import { phrase } from '../../support/l10n.ts';
import type { DeployTarget } from '../target.ts';

/** The log of a function on a target that has none for us. */
export function unreadable({ name: target }: Pick<DeployTarget, 'name'>, name: string): PorchlightError {
  const detail = phrase('its log on {name} cannot be read from here.', { name: target });
  return new PorchlightError('TARGET_OBJECTS', { function: name, detail });
}
