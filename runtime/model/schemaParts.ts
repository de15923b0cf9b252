import * as v from 'valibot';
import { durationPattern, sizePattern } from './units.ts';
import { type Phrase, phrase, say } from '../support/l10n.ts';

/** What hints of schemas were made of: a schema keeps plain text. */
const hints = new Map<string, Phrase>();

/** A hint with values, for a schema. */
export function hint(said: Phrase): string {
  const text = say(said);
  hints.set(text, said);
  return text;
}

/** What a schema says of a value, as a phrase. */
export function hintOf(text: string): Phrase {
  return hints.get(text) ?? { phrase: text };
}

/* Values that inputs of people and agents are made of, such as the settings of `porchlight.yaml`. */

/** Text of at most so many characters. */
export const text = (description: string, longest = 1024) =>
  v.pipe(
    v.string('expected text.'),
    v.maxLength(longest, hint(phrase('at most {longest} characters.', { longest }))),
    v.description(description),
  );

/** A whole number within bounds. */
export const whole = (least: number, most: number, description: string) => {
  const message = hint(phrase('expected a whole number from {min} to {max}.', { min: least, max: most }));
  return v.pipe(
    v.number(message),
    v.integer(message),
    v.minValue(least, message),
    v.maxValue(most, message),
    v.description(description),
  );
};

/** True or false. */
export const yesNo = (description: string) =>
  v.pipe(v.boolean('expected true or false.'), v.description(description));

const durationHint = 'expected a duration such as 300s, 5m or 100ms.';
/** A duration as people write it, or seconds. */
export const duration = (description: string) =>
  v.pipe(
    v.union(
      [
        v.pipe(v.string(), v.regex(durationPattern, durationHint)),
        v.pipe(v.number(), v.minValue(0, durationHint)),
      ],
      durationHint,
    ),
    v.description(description),
  );

const sizeHint = 'expected a size such as 512MB or 1GB.';
/** A size as people write it, or megabytes. */
export const size = (description: string) =>
  v.pipe(
    v.union(
      [v.pipe(v.string(), v.regex(sizePattern, sizeHint)), v.pipe(v.number(), v.minValue(1, sizeHint))],
      sizeHint,
    ),
    v.description(description),
  );
