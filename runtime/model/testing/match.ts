import { matcherOf, type MatcherName } from './pattern.ts';

/** Whether a regular expression is found in a text; whoever calls bounds how long that may take. */
export type FindsPattern = (pattern: string, text: string) => boolean;

/** One place at which a value is not what the pattern says. */
export interface Mismatch {
  /** Steps into the value. */
  path: (string | number)[];
  /** Steps into the pattern: those of the path, and matchers on the way. */
  patternPath: (string | number)[];
  /** What was expected, and what is there, each in a few words or as JSON. */
  expected: string;
  actual: string;
}

/** The result of a comparison: nothing wrong, or where; and both sides as far as they were compared, for a diff. */
export interface Comparison {
  mismatches: Mismatch[];
  /** What the pattern asks for, matchers that fit replaced by what fitted them. */
  expected: unknown;
  /** The part of the value that the pattern is about. */
  actual: unknown;
}

/** Stands for a value that is not there. */
export const absent = Symbol('absent');

/** A word in a text for a diff that is no JSON. */
export class Words {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const mostMismatches = 50;
const longestWord = 200;

/** Compares a value with a pattern. */
export function match(pattern: unknown, value: unknown, finds: FindsPattern): Comparison {
  const matcher = new Matcher(finds);
  const [expected, actual] = matcher.compare(pattern, value, [], []);
  return { mismatches: matcher.mismatches, expected, actual };
}

type Path = (string | number)[];
type Sides = [expected: unknown, actual: unknown];

class Matcher {
  readonly mismatches: Mismatch[] = [];
  readonly #finds: FindsPattern;

  constructor(finds: FindsPattern) {
    this.#finds = finds;
  }

  compare(pattern: unknown, value: unknown, path: Path, patternPath: Path): Sides {
    const special = matcherOf(pattern);
    if (special) {
      return this.#special(special.name, special.operand, value, path, [...patternPath, special.name]);
    }
    if (Array.isArray(pattern)) return this.#list(pattern, value, path, patternPath, false);
    if (isObject(pattern)) return this.#object(pattern, value, path, patternPath, false);
    return this.#scalar(pattern, value, path, patternPath);
  }

  #tell(path: Path, patternPath: Path, expected: string, actual: unknown): void {
    if (this.mismatches.length >= mostMismatches) return;
    this.mismatches.push({ path, patternPath, expected, actual: inWords(actual) });
  }

  #scalar(pattern: unknown, value: unknown, path: Path, patternPath: Path): Sides {
    if (!Object.is(pattern, value) && !(pattern === 0 && value === 0)) {
      this.#tell(path, patternPath, inWords(pattern), value);
    }
    return [pattern, value];
  }

  #list(pattern: unknown[], value: unknown, path: Path, patternPath: Path, exact: boolean): Sides {
    if (!Array.isArray(value)) {
      this.#tell(path, patternPath, `a list of ${pattern.length}`, value);
      return [plain(pattern), value];
    }
    if (value.length !== pattern.length) {
      const items = value.length === 1 ? '1 item' : `${value.length} items`;
      this.#tell(path, patternPath, `a list of ${pattern.length}`, new Words(`a list of ${items}`));
    }
    const sides = pattern.map((part: unknown, i): Sides => {
      const here: Path = [...path, i];
      if (i >= value.length) return [plain(part), absent];
      const at: Path = [...patternPath, i];
      return exact ? this.#exactly(part, value[i], here, at) : this.compare(part, value[i], here, at);
    });
    const more: unknown[] = value.slice(pattern.length);
    return [
      sides.map(([expected]) => expected),
      [...sides.flatMap(([, actual]) => (actual === absent ? [] : [actual])), ...more],
    ];
  }

  #object(
    pattern: Record<string, unknown>,
    value: unknown,
    path: Path,
    patternPath: Path,
    exact: boolean,
  ): Sides {
    if (!isObject(value)) {
      this.#tell(path, patternPath, 'an object', value);
      return [plain(pattern), value];
    }
    const expected: Record<string, unknown> = {};
    const actual: Record<string, unknown> = {};
    for (const [key, part] of Object.entries(pattern)) {
      const there = Object.hasOwn(value, key) ? value[key] : absent;
      const here: Path = [...path, key];
      const at: Path = [...patternPath, key];
      const sides = exact ? this.#exactly(part, there, here, at) : this.compare(part, there, here, at);
      if (sides[0] !== absent) put(expected, key, sides[0]);
      if (sides[1] !== absent) put(actual, key, sides[1]);
    }
    for (const key of exact ? Object.keys(value) : []) {
      if (Object.hasOwn(pattern, key)) continue;
      this.#tell([...path, key], patternPath, 'nothing', value[key]);
      put(actual, key, value[key]);
    }
    return [expected, actual];
  }

  #exactly(pattern: unknown, value: unknown, path: Path, patternPath: Path): Sides {
    if (Array.isArray(pattern)) return this.#list(pattern, value, path, patternPath, true);
    if (isObject(pattern)) return this.#object(pattern, value, path, patternPath, true);
    return this.#scalar(pattern, value, path, patternPath);
  }

  #special(name: MatcherName, operand: unknown, value: unknown, path: Path, patternPath: Path): Sides {
    if (name === '$exactly') return this.#exactly(operand, value, path, patternPath);
    if (name === '$json') return this.#json(operand, value, path, patternPath);
    const fits = this.#fits(name, operand, value);
    if (fits) return name === '$absent' ? [absent, absent] : [value, value];
    const words = wordsOf(name, operand);
    this.#tell(path, patternPath, words, value);
    return [name === '$absent' ? absent : new Words(words), value];
  }

  #fits(name: MatcherName, operand: unknown, value: unknown): boolean {
    switch (name) {
      case '$absent':
        return value === absent;
      case '$any':
        return operand === 'value' ? value !== absent : kindOf(value) === operand;
      case '$matches':
        return typeof value === 'string' && this.#finds(String(operand), value);
      default:
        if (typeof value === 'string') return typeof operand === 'string' && value.includes(operand);
        return (
          Array.isArray(value) &&
          value.some((item) => match(operand, item, this.#finds).mismatches.length === 0)
        );
    }
  }

  #json(operand: unknown, value: unknown, path: Path, patternPath: Path): Sides {
    if (typeof value !== 'string') {
      this.#tell(path, patternPath, 'text that is JSON', value);
      return [new Words('text that is JSON'), value];
    }
    try {
      return this.compare(operand, JSON.parse(value), path, patternPath);
    } catch {
      this.#tell(path, patternPath, 'text that is JSON', value);
      return [new Words('text that is JSON'), value];
    }
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Words);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function put(object: Record<string, unknown>, key: string, value: unknown): void {
  // A key such as `__proto__` must become an ordinary property.
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function wordsOf(name: MatcherName, operand: unknown): string {
  switch (name) {
    case '$absent':
      return 'nothing';
    case '$any':
      return operand === 'object' ? 'any object' : `any ${String(operand)}`;
    case '$matches':
      return `text that matches /${String(operand)}/`;
    default:
      return `something that contains ${inWords(plain(operand))}`;
  }
}

/** A pattern for people: matchers become words. */
function plain(pattern: unknown): unknown {
  const special = matcherOf(pattern);
  if (special?.name === '$exactly') return special.operand;
  if (special?.name === '$json') return plain(special.operand);
  if (special) return new Words(wordsOf(special.name, special.operand));
  if (Array.isArray(pattern)) return pattern.map(plain);
  if (!isObject(pattern)) return pattern;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(pattern)) put(result, key, plain(value));
  return result;
}

/** A value in a few words: JSON on one line, cut when it is long. */
export function inWords(value: unknown): string {
  if (value === absent) return 'nothing';
  if (value instanceof Words) return value.text;
  const text = JSON.stringify(value, replaceWords)?.replaceAll('\\u0000', '') ?? 'nothing';
  return text.length > longestWord ? `${text.slice(0, longestWord)}…` : text;
}

/** A value as indented JSON for a diff; what is no value stands in angle brackets. */
export function inLines(value: unknown): string {
  if (value === absent || value === undefined) return '';
  return JSON.stringify(value, replaceWords, 2).replace(
    /"\\u0000([^"]*)\\u0000"/g,
    (_, words: string) => `<${words.replaceAll('\\\\', '\\')}>`,
  );
}

function replaceWords(_: string, value: unknown): unknown {
  // Quotes would end the match above.
  return value instanceof Words ? `\u0000${value.text.replaceAll('"', "'")}\u0000` : value;
}
