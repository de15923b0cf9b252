import { readFileSync } from 'node:fs';
import { bundleTranslator, type Translate } from './l10n.ts';

/** Where translations lie: beside the folder of our bundles, and for sources beside `runtime`. */
const places = ['../l10n/', '../../l10n/'];

/**
 * The translator for a language: of the editor's (`zh-cn`), of LSP (`zh-CN`, `zh-Hans`) or of an environment
 * (`zh_CN.UTF-8`). Undefined for English and for languages we do not speak; nothing is read for English.
 */
export function translatorFor(locale: string | undefined): Translate | undefined {
  const language = languageOf(locale);
  if (language === undefined) return undefined;
  for (const place of places) {
    const bundle = read(new URL(`${place}bundle.l10n.${language}.json`, import.meta.url));
    if (bundle) return bundleTranslator(bundle);
  }
  return undefined;
}

function languageOf(locale: string | undefined): string | undefined {
  const [name = ''] = (locale ?? '').toLowerCase().split(/[.@]/);
  const language = name.replaceAll('_', '-');
  // The name becomes part of a path.
  if (!/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/.test(language) || /^en\b/.test(language)) return undefined;
  // Traditional characters are another language's.
  return /^zh(?:$|-cn\b|-sg\b|-hans\b)/.test(language) ? 'zh-cn' : language;
}

function read(file: URL): Record<string, unknown> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    // None for this language, or not here.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The language that an environment asks for, as POSIX has it: `LC_ALL`, `LC_MESSAGES`, then `LANG`. */
export function localeOf(env: Record<string, string | undefined>): string | undefined {
  return env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || undefined;
}
