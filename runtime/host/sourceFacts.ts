import type { TriggerState } from '../protocol/control/triggers.ts';
import { say, type Phrase } from '../support/l10n.ts';
import type { SourceState } from '../triggers/source.ts';

type Facts = Pick<TriggerState, Exclude<keyof SourceState, 'fired'> | 'problem' | 'said'>;

/** What a source says of itself as clients get it: in English, with the phrases that the texts are made of. */
export function sourceFacts(
  { text, details, actions, ...others }: SourceState,
  problem: string | Phrase | undefined,
): Facts {
  const said: Record<string, Phrase> = {};
  const told = (words: string | Phrase): string => {
    const english = say(words);
    if (typeof words === 'object') said[english] = words;
    return english;
  };
  const facts: Facts = {
    ...others,
    ...(text !== undefined && { text: told(text) }),
    ...(details && {
      details: details.map((detail) => ({ ...detail, label: told(detail.label), text: told(detail.text) })),
    }),
    ...(actions && {
      actions: actions.map(({ id, title, confirm }) => ({
        id,
        title: told(title),
        ...(confirm !== undefined && { confirm: told(confirm) }),
      })),
    }),
    ...(problem !== undefined && { problem: told(problem) }),
  };
  return Object.keys(said).length > 0 ? { ...facts, said } : facts;
}
