import type { LanguageOptions } from '../messages.ts';

const fallback: LanguageOptions = {
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
