import { useTranslator } from '../support/l10n.ts';
import { localeOf, translatorFor } from '../support/l10nBundle.ts';

/** Whether a command line asks for output for programs, which is English whatever the terminal's language. */
export function isForPrograms(argv: readonly string[]): boolean {
  return argv.includes('--json');
}

/**
 * Has this process tell errors and problems in the language of its terminal. Everything else, `--json` and what is
 * recorded stay English.
 */
export function speakAsTerminal(argv: readonly string[], env: Record<string, string | undefined>): void {
  const translator = isForPrograms(argv) ? undefined : translatorFor(localeOf(env));
  if (translator) useTranslator(translator);
}
