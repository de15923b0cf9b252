/** Words of the editor's language; the editor's own `l10n` translates them once the extension is active. */
export { l10n, useTranslator } from '../../runtime/support/l10n.ts';
