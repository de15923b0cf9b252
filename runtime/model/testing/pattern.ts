import { nearest } from '../nearest.ts';
import type { ProblemList } from '../projectFiles/problemList.ts';
import { entriesOf, textOf, type Tree } from '../projectFiles/tree.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/*
 * Patterns: values as expectations state them. Objects need to have what is stated (and may have more), lists are compared
 * item by item, everything else is compared exactly. A map with one key that begins with `$` is a matcher.
 */

/** Kinds of values `$any` knows. */
export const anyKinds = ['string', 'number', 'boolean', 'object', 'list', 'value'] as const;

/** Every matcher, with what it takes. */
export const matchers = {
  $any: `a kind of value: ${anyKinds.join(', ')}`,
  $matches: 'a regular expression that is found in the text, e.g. "^[0-9]+$"',
  $contains: 'a part of the text, or an item of the list',
  $json: 'what the text says when it is read as JSON',
  $exactly: 'the whole value, without anything more',
  $absent: 'true',
} as const;

export type MatcherName = keyof typeof matchers;

/** Bounds of what a pattern may hold. */
const mostPatternLength = 1000;

/** The matcher a value is, if it is one. */
export function matcherOf(value: unknown): { name: MatcherName; operand: unknown } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  const [name] = keys;
  if (keys.length !== 1 || name === undefined || !Object.hasOwn(matchers, name)) return undefined;
  return { name: name as MatcherName, operand: (value as Record<string, unknown>)[name] };
}

/** Adds what is wrong with the matchers of a pattern. `label` names the expectation, e.g. `result`. */
export function checkPattern(tree: Tree | undefined, label: string, problems: ProblemList): void {
  if (!tree) return;
  if (tree.kind === 'list') tree.items.forEach((item, i) => checkPattern(item, `${label}.${i}`, problems));
  if (tree.kind !== 'map') return;
  const entries = entriesOf(tree);
  const special = entries.filter(([name]) => name.startsWith('$'));
  if (special.length === 0) {
    for (const [name, value] of entries) checkPattern(value, `${label}.${name}`, problems);
    return;
  }
  for (const [name, operand, key] of special) {
    if (!Object.hasOwn(matchers, name)) {
      const near = nearest(name, Object.keys(matchers));
      const known = near
        ? phrase('did you mean {near}?', { near })
        : phrase('known are {known}.', { known: Object.keys(matchers).join(', ') });
      const detail = phrase('there is no matcher {name}; {known} For a key of that name: { $exactly: … }.', {
        name,
        known,
      });
      problems.add('error', 'SETTING_INVALID', { path: label, detail }, key);
    } else if (entries.length > 1) {
      const detail = phrase('{name} has to stand alone, without other keys beside it.', { name });
      problems.add('error', 'SETTING_INVALID', { path: label, detail }, key);
    } else {
      checkOperand(name as MatcherName, operand, `${label}.${name}`, problems);
    }
  }
}

function checkOperand(name: MatcherName, operand: Tree, label: string, problems: ProblemList): void {
  const tell = (detail: string | Phrase) =>
    problems.add('error', 'SETTING_INVALID', { path: label, detail }, operand.range);
  const value = operand.kind === 'scalar' ? operand.value : undefined;
  switch (name) {
    case '$any':
      if (!anyKinds.some((kind) => kind === value)) tell(`expected ${matchers.$any}.`);
      return;
    case '$absent':
      if (value !== true) tell(phrase('expected true.'));
      return;
    case '$matches': {
      const fault = regularExpressionFault(textOf(operand));
      if (fault) tell(fault);
      return;
    }
    case '$exactly':
      return;
    default:
      checkPattern(operand, label, problems);
  }
}

/** Why a text is no regular expression that can be used. */
export function regularExpressionFault(text: string | undefined): string | undefined {
  if (text === undefined) return `expected ${matchers.$matches}.`;
  if (text.length > mostPatternLength) return `at most ${mostPatternLength} characters.`;
  try {
    new RegExp(text, 'u');
    return undefined;
  } catch (error) {
    return `${(error as Error).message}.`;
  }
}
