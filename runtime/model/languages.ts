import type { LanguageId } from './words.ts';

/** Languages whose functions run here; those of others are listed. Members live in `runtime/languages`. */
export const runnableLanguages: readonly LanguageId[] = ['nodejs', 'python', 'php', 'custom'];

/** Languages whose functions are programs of any kind: they have no handler that could be looked for in code. */
export const programLanguages: readonly LanguageId[] = ['custom'];

/** Languages whose instances handle one invocation at a time on every platform, as far as we can run them. */
export const oneByOneLanguages: ReadonlySet<LanguageId> = new Set(['python', 'php']);

/** Languages whose instances decline every debugger. */
export const undebuggedLanguages: readonly LanguageId[] = ['php'];
