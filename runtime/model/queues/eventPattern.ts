/*
 * Event patterns of Amazon EventBridge, which filters of event source mappings and rules of Alibaba Cloud's EventBridge are
 * written in as well (EventBridge user guide "Comparison operators for use in event patterns").
 */

import { phrase, type Phrase } from '../../support/l10n.ts';

type Json = Record<string, unknown>;

/** What is wrong with a pattern, with its place in it; undefined when it can be used. */
export function checkPattern(pattern: unknown, path = ''): Phrase | undefined {
  if (!isObject(pattern))
    return phrase('{place} has to be an object.', { place: path || phrase('the pattern') });
  for (const [key, value] of Object.entries(pattern)) {
    const place = path === '' ? key : `${path}.${key}`;
    if (key === '$or' && Array.isArray(value)) {
      const wrong = value.map((each) => checkPattern(each, place)).find((text) => text !== undefined);
      if (wrong !== undefined) return wrong;
    } else if (Array.isArray(value)) {
      if (value.length === 0) return phrase('{place} has no values.', { place });
      const wrong = value.map((each) => checkMatcher(each, place)).find((text) => text !== undefined);
      if (wrong !== undefined) return wrong;
    } else {
      const wrong = isObject(value)
        ? checkPattern(value, place)
        : phrase('{place} has to be a list or an object.', { place });
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

const operators = ['prefix', 'suffix', 'equals-ignore-case', 'wildcard', 'exists', 'numeric', 'anything-but'];

function checkMatcher(matcher: unknown, place: string): Phrase | undefined {
  if (!isObject(matcher))
    return Array.isArray(matcher) ? phrase('{place} holds a list in a list.', { place }) : undefined;
  const [operator = '', ...others] = Object.keys(matcher);
  if (others.length > 0 || !operators.includes(operator))
    return phrase('{place} has an unknown operator "{operator}"; known are {known}.', {
      place,
      operator,
      known: operators.join(', '),
    });
  return undefined;
}

/** Whether an event fits a pattern: every field the pattern names has one of the values it lists. */
export function matchesPattern(pattern: Json, event: unknown): boolean {
  return Object.entries(pattern).every(([key, wanted]) => {
    if (key === '$or' && Array.isArray(wanted))
      return wanted.some((each) => isObject(each) && matchesPattern(each, event));
    const value = isObject(event) && Object.hasOwn(event, key) ? event[key] : undefined;
    if (Array.isArray(wanted)) return wanted.some((matcher) => matches(matcher, value));
    // A list in an event fits when one of its items does.
    if (Array.isArray(value)) return value.some((item) => isObject(wanted) && matchesPattern(wanted, item));
    return isObject(wanted) && (isObject(value) || isOnlyAbsence(wanted)) && matchesPattern(wanted, value);
  });
}

/** A pattern may ask for what is not there. */
function isOnlyAbsence(pattern: Json): boolean {
  return Object.values(pattern).every(
    (wanted) =>
      (Array.isArray(wanted) && wanted.some((each) => isObject(each) && each['exists'] === false)) ||
      (isObject(wanted) && isOnlyAbsence(wanted)),
  );
}

function matches(matcher: unknown, value: unknown): boolean {
  if (isObject(matcher) && 'exists' in matcher) return matcher['exists'] === (value !== undefined);
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.some((item) => matchesOne(matcher, item));
  return matchesOne(matcher, value);
}

function matchesOne(matcher: unknown, value: unknown): boolean {
  if (!isObject(matcher)) return matcher === value;
  const [operator, operand] = Object.entries(matcher)[0] ?? ['', undefined];
  if (operator === 'numeric') return typeof value === 'number' && isInRange(operand, value);
  if (operator === 'anything-but') return !isListed(operand, value);
  return typeof value === 'string' && matchesText(operator, operand, value);
}

function isListed(operand: unknown, value: unknown): boolean {
  if (Array.isArray(operand)) return operand.includes(value);
  if (!isObject(operand)) return operand === value;
  const [operator, inner] = Object.entries(operand)[0] ?? ['', undefined];
  const inners: unknown[] = Array.isArray(inner) ? inner : [inner];
  return typeof value === 'string' && inners.some((each) => matchesText(operator, each, value));
}

function matchesText(operator: string, operand: unknown, value: string): boolean {
  if (isObject(operand) && typeof operand['equals-ignore-case'] === 'string')
    return matchesText(operator, operand['equals-ignore-case'].toLowerCase(), value.toLowerCase());
  if (typeof operand !== 'string') return false;
  switch (operator) {
    case 'prefix':
      return value.startsWith(operand);
    case 'suffix':
      return value.endsWith(operand);
    case 'equals-ignore-case':
      return value.toLowerCase() === operand.toLowerCase();
    case 'wildcard':
      return matchesWildcard(operand.split('*'), value);
    default:
      return false;
  }
}

/** The first part begins the text, the last one ends it, and the others come in between in their order. */
function matchesWildcard(parts: string[], value: string): boolean {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}

function isInRange(operand: unknown, value: number): boolean {
  if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) return false;
  for (let index = 0; index < operand.length; index += 2) {
    const bound: unknown = operand[index + 1];
    if (typeof bound !== 'number' || !compare(operand[index], value, bound)) return false;
  }
  return true;
}

function compare(operator: unknown, value: number, bound: number): boolean {
  switch (operator) {
    case '=':
      return value === bound;
    case '<':
      return value < bound;
    case '<=':
      return value <= bound;
    case '>':
      return value > bound;
    case '>=':
      return value >= bound;
    default:
      return false;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
