import type { LanguageId } from './words.ts';

/** Languages whose functions run here; those of others are listed. Members live in `runtime/languages`. */
export const runnableLanguages: readonly LanguageId[] = ['nodejs', 'python', 'custom'];

/** Languages whose functions are programs of any kind: they have no handler that could be looked for in code. */
export const programLanguages: readonly LanguageId[] = ['custom'];

/** Languages whose instances handle one invocation at a time on every platform, as far as we can run them. */
export const oneByOneLanguages: ReadonlySet<LanguageId> = new Set(['python']);

/** Runtimes that platforms show where a project file names none, by platform and language. */
const usualRuntimes: Record<string, Record<LanguageId, string>> = {
  'aliyun-fc': { nodejs: 'nodejs20', python: 'python3.10', custom: 'custom.debian10' },
  'aws-lambda': { nodejs: 'nodejs20.x', python: 'python3.12', custom: 'provided.al2023' },
};

/** The runtime id of a function as its platform shows it. */
export function shownRuntime(definition: {
  platform: string;
  language: LanguageId;
  runtime?: string;
}): string {
  const { platform, language, runtime } = definition;
  return runtime ?? usualRuntimes[platform]?.[language] ?? language;
}
