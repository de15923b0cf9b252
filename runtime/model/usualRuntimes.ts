import { runnableLanguages } from './languages.ts';
import { defaultPlatform } from './platformDefaults.ts';
import type { LanguageId, PlatformId } from './words.ts';

/** Runtimes that platforms show where a project file names none, by platform and language. */
const usualRuntimes: Record<string, Record<LanguageId, string>> = {
  'aliyun-fc': { nodejs: 'nodejs20', python: 'python3.10', php: 'php7.2', custom: 'custom.debian10' },
  'aws-lambda': { nodejs: 'nodejs20.x', python: 'python3.12', custom: 'provided.al2023' },
};

/** The platform of a function that names none: the usual one, where that runs its language. */
export function usualPlatform(language: LanguageId): PlatformId {
  if (isOnPlatform(language, defaultPlatform)) return defaultPlatform;
  return Object.keys(usualRuntimes).find((platform) => isOnPlatform(language, platform)) ?? defaultPlatform;
}

/** Whether a platform runs functions of a language at all; languages that nobody runs here are not its matter. */
export function isOnPlatform(language: LanguageId, platform: PlatformId): boolean {
  const known = usualRuntimes[platform];
  return known === undefined || !runnableLanguages.includes(language) || known[language] !== undefined;
}

/** The interpreter that runs a function here, and the versions of it that the platform offers, e.g. `20` or `3.12`. */
export interface RunningOn {
  version: string;
  offers: readonly string[] | undefined;
}

/**
 * The runtime id of a function as its platform shows it. Where the project file names none, it is that of the version
 * that runs here, if the platform offers it, otherwise the usual one.
 */
export function shownRuntime(
  definition: { platform: string; language: LanguageId; runtime?: string },
  { version, offers = [] }: RunningOn = { version: '', offers: [] },
): string {
  const { platform, language, runtime } = definition;
  const usual = usualRuntimes[platform]?.[language];
  if (runtime !== undefined || usual === undefined) return runtime ?? language;
  const offered = offers.find((one) => version === one || version.startsWith(`${one}.`));
  return offered === undefined ? usual : usual.replace(/\d+(\.\d+)?/, offered);
}
