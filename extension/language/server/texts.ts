import { englishTexts, type LanguageOptions } from '../messages.ts';

/** Puts values into a text's `{0}`, `{1}` …. */
export function format(text: string, ...values: string[]): string {
  return text.replace(/\{(\d)\}/g, (whole, index: string) => values[Number(index)] ?? whole);
}

const fallback: LanguageOptions = {
  texts: englishTexts,
  commands: {
    invoke: 'porchlight.invoke',
    debug: 'porchlight.debugInvoke',
    deploy: 'porchlight.deploy',
    explainRule: 'porchlight.internal.explainRule',
  },
};

/** Reads what the client sent; a client of another kind may send nothing. */
export function readOptions(value: unknown): LanguageOptions {
  const given = typeof value === 'object' && value !== null ? (value as Partial<LanguageOptions>) : {};
  return {
    texts: { ...fallback.texts, ...strings(given.texts) },
    commands: { ...fallback.commands, ...strings(given.commands) },
    ...(typeof given.rulePages === 'string' && { rulePages: given.rulePages }),
  };
}

function strings(value: unknown): Record<string, string> {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
