/*
 * Sentences for people, in the language of who reads them. The English text is the key of its translation, as in the
 * editor's own `l10n`; `l10n/bundle.l10n.<language>.json` holds the translations of all sides.
 */

type Value = string | number | boolean;
type Values = Value[] | [Readonly<Record<string, Value>>];

/** What stands for a placeholder: undefined leaves it empty, a phrase is translated in turn. */
export type PhraseValue = Value | Phrase | undefined;

/**
 * A sentence that is not in any language yet: its English text with `{name}` placeholders, and their values. Plain data,
 * so that it travels, and is put into words where it is read.
 */
export interface Phrase {
  readonly phrase: string;
  readonly values?: Readonly<Record<string, PhraseValue>>;
}

/** How a translated sentence is made: the English text, then values for `{0}`, `{1}` …, or an object of them by name. */
export interface Translate {
  (message: string, ...values: Value[]): string;
  (message: string, values: Readonly<Record<string, Value>>): string;
}

/** Puts values into placeholders without translating: what logs and records say, and what an English editor shows. */
export const plain: Translate = (message: string, ...values: Values) => {
  const given: Readonly<Record<string, unknown>> =
    typeof values[0] === 'object' ? values[0] : Object.fromEntries<unknown>(values.entries());
  return message.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(given, name) ? String(given[name]) : placeholder,
  );
};

/** A translator by a bundle of translations; what it lacks stays English. */
export function bundleTranslator(bundle: Readonly<Record<string, unknown>>): Translate {
  return (message: string, ...values: Values) => {
    const found = Object.hasOwn(bundle, message) ? bundle[message] : undefined;
    return plain(typeof found === 'string' ? found : message, ...(values as Value[]));
  };
}

let translate: Translate = plain;

/** Sets the translator of this process, which serves one reader; once, when it starts. Without one, texts are English. */
export function useTranslator(translator: Translate): void {
  translate = translator;
}

/** Translates sentences. Called like the editor's own `l10n`, so that the usual extraction finds the texts. */
export const l10n = {
  t: ((message: string, ...values: Value[]) => translate(message, ...values)) as Translate,
};

/** Makes a phrase. Its text has to be a literal: the translations are checked against these. */
export function phrase(text: string, values?: Phrase['values']): Phrase {
  return values ? { phrase: text, values } : { phrase: text };
}

/** Whether a value is a phrase, e.g. the reason in the place of a result. */
export function isPhrase(value: unknown): value is Phrase {
  return typeof value === 'object' && value !== null && 'phrase' in value;
}

/** A phrase, or text that is said as it is, in English or by another translator. */
export function say(said: string | Phrase, translator: Translate = plain): string {
  if (typeof said === 'string') return said;
  const values = Object.entries(said.values ?? {}).map(([name, value]): [string, Value] => [
    name,
    typeof value === 'object' ? say(value, translator) : (value ?? ''),
  ]);
  return translator(said.phrase, Object.fromEntries(values));
}

/** The same in the language of this process's reader. */
export function translated(said: string | Phrase): string {
  return say(said, l10n.t);
}

/** Several sentences as one text; undefined where there is none. */
export function sentences(parts: readonly (string | Phrase | undefined)[]): string | Phrase | undefined {
  const [first, ...more] = parts.filter((part) => part !== undefined && part !== '');
  const rest = more.length > 0 ? sentences(more) : undefined;
  return first === undefined || rest === undefined ? first : phrase('{first} {rest}', { first, rest });
}

/** A list as one text; empty where nothing is in it. */
export function listed([first = '', ...more]: readonly (string | Phrase)[]): string | Phrase {
  return more.length === 0 ? first : phrase('{first}, {rest}', { first, rest: listed(more) });
}

/** The same with its texts from outside changed, e.g. without secrets. */
export function withTexts<T extends PhraseValue>(said: T, change: (text: string) => string): T;
export function withTexts(said: PhraseValue, change: (text: string) => string): PhraseValue {
  if (typeof said === 'string') return change(said);
  if (typeof said !== 'object' || !said.values) return said;
  const values = Object.entries(said.values).map(
    ([name, value]) => [name, withTexts(value, change)] as const,
  );
  return { phrase: said.phrase, values: Object.fromEntries(values) };
}

/** A message in English, and what it is made of where that is known: how results and records carry it. */
export function spoken(said: string | Phrase): { message: string; said?: Phrase } {
  return typeof said === 'string' ? { message: said } : { message: say(said), said };
}

/** An error whose message can be said in other languages. */
export class PhrasedError extends Error {
  readonly said: Phrase;

  constructor(said: Phrase, options?: ErrorOptions) {
    super(say(said), options);
    this.said = said;
  }
}

/** What an error says: as a phrase where it can be translated. */
export function saidBy(error: unknown): string | Phrase {
  if (error instanceof PhrasedError) return error.said;
  return error instanceof Error ? error.message : String(error);
}
