import { l10n } from '../editor/l10n.ts';
import type { Follow } from '../hostClient/remoteLogs.ts';
import type { Icon } from './words.ts';

/** What a row says of a log that is followed. */
export function followText({ trouble, linesOnly }: Follow): string {
  if (trouble !== undefined) return l10n.t('its log cannot be read, trying again');
  return linesOnly ? l10n.t('following, lines only') : l10n.t('following');
}

export function followIcon({ trouble }: Follow): Icon {
  return trouble === undefined
    ? { id: 'eye', color: 'charts.yellow' }
    : { id: 'warning', color: 'list.warningForeground' };
}

/** Which logs are followed, beside the title of a view; undefined: none. */
export function followsText(follows: readonly Follow[]): string | undefined {
  const [first] = follows;
  if (!first) return undefined;
  if (follows.length > 1) return l10n.t('following {0} logs', follows.length);
  return l10n.t('following {0} on {1}', first.function, first.target);
}
