/** How a translated sentence is made: the English text with `{0}`-style placeholders, then their values. */
export type Translate = (message: string, ...values: (string | number | boolean)[]) => string;

/** Puts values into placeholders without translating: what tests see, and what an English editor shows. */
export const plain: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(values[Number(index)] ?? placeholder));

let translate: Translate = plain;

/** Sets the editor's translator; once, at activation. */
export function useTranslator(translator: Translate): void {
  translate = translator;
}

/** Translates sentences. Called like the editor's own `l10n`, so that the usual extraction finds the texts. */
export const l10n = {
  t: (message: string, ...values: (string | number | boolean)[]): string => translate(message, ...values),
};
