import type { Token } from './tokens.ts';

/**
 * How much code depends on a value. `plain`: it is used as it comes. `demanded`: the code itself refuses to go on without
 * it. `optional`: the code provides for its absence. `shown`: it is only printed.
 */
export type Use = 'plain' | 'demanded' | 'optional' | 'shown';

const missingIsFine = new Set(['??', '||', '&&', '?', '?.', '??=', '||=', '&&=', '===', '!==', '==', '!=']);
const alternative = new Set(['??', '||', '&&', '?', '===', '!==', '==', '!=', 'typeof', 'delete', 'in']);
const conversions = new Set(['Number', 'parseInt', 'parseFloat', 'String', 'BigInt', 'Boolean']);
/** Their further arguments are no substitute for a first one that is missing. */
const ordinaryCalls = new Set(['join', 'resolve', 'fetch', 'parseInt']);
const keywords = new Set(['return', 'await', 'yield', 'throw', 'case', 'of', 'in', 'typeof', 'void', 'new']);
const mostOccurrences = 200;

/**
 * How the expression between two tokens is used. When its value gets a name in the file, the uses of that name count:
 * `boundTo` is the name, where the caller knows it.
 */
export function useOf(
  tokens: readonly Token[],
  from: number,
  to: number,
  options: { boundTo?: string; follow?: boolean } = {},
): Use {
  let [start, end] = [from, to];
  for (;;) {
    end = behindTypes(tokens, end);
    const direct = useBeside(tokens, start, end);
    if (direct) return direct;
    if (isInGroup(tokens, start, end)) {
      start--;
      end++;
      continue;
    }
    const call = callAround(tokens, start);
    if (!call) break;
    const inCall = useInCall(tokens, start, end, call);
    if (inCall !== 'look outside') return inCall;
    start = call.start;
    end = call.end;
  }
  if (isInConditional(tokens, start)) return 'optional';
  const name = options.boundTo ?? boundName(tokens, start);
  if (name === 'default') return 'optional';
  return name !== undefined && options.follow !== false ? useOfName(tokens, name, from) : 'plain';
}

/** Past `!` and `as Type`, which say nothing at run time. */
function behindTypes(tokens: readonly Token[], end: number): number {
  let at = end;
  for (;;) {
    const next = tokens[at + 1];
    if (next?.text === '!' && next.kind === 'mark' && !next.newLine) at++;
    else if (next?.kind === 'name' && /^(?:as|satisfies)$/.test(next.text)) {
      at += 2;
      while (/^[.|]$/.test(tokens[at + 1]?.text ?? '')) at += 2;
    } else return at;
  }
}

/** What the tokens right before and behind an expression say. */
function useBeside(tokens: readonly Token[], start: number, end: number): Use | undefined {
  const before = tokens[start - 1]?.text ?? '';
  const next = tokens[end + 1]?.text ?? '';
  if (before === '!') return useNegated(tokens, start - 1);
  if (missingIsFine.has(next) || alternative.has(before)) return 'optional';
  if (before === ':' && isTernary(tokens, start - 1)) return 'optional';
  const called = tokens[start - 2]?.text ?? '';
  if (before === '(' && next === ')' && /^(?:if|while|switch|Boolean)$/.test(called)) return 'optional';
  return undefined;
}

/** `if (!x) throw …` demands a value; any other look at its absence means that the code can do without. */
function useNegated(tokens: readonly Token[], not: number): Use {
  const opening = tokens[not]!.within;
  const condition = tokens[opening];
  if (tokens[opening - 1]?.text !== 'if' || condition?.closes === undefined) return 'optional';
  const inside = tokens.slice(opening + 1, condition.closes);
  if (tokens[not - 1]?.text === '!' || inside.some(({ text }) => text === '&&')) return 'optional';
  const body = tokens[condition.closes + 1]?.text;
  const first = body === '{' ? tokens[condition.closes + 2]?.text : body;
  return first === 'throw' ? 'demanded' : 'optional';
}

/** Whether a `:` belongs to a `?` and not to a key or a type. */
function isTernary(tokens: readonly Token[], colon: number): boolean {
  const { within } = tokens[colon]!;
  for (let i = colon - 1; i > within; i--) {
    const token = tokens[i]!;
    if (token.within !== within) continue;
    if (token.text === '?') return true;
    if (token.kind === 'mark' && /^[,;{]$/.test(token.text)) return false;
  }
  return false;
}

/** Stands alone in brackets that only group. */
function isInGroup(tokens: readonly Token[], start: number, end: number): boolean {
  if (tokens[start - 1]?.text !== '(' || tokens[end + 1]?.text !== ')') return false;
  const before = tokens[start - 2];
  if (!before) return true;
  if (before.kind === 'name') return keywords.has(before.text);
  return before.kind === 'mark' && !/^[)\]}]$/.test(before.text);
}

interface Call {
  /** First token of what is called, the opening bracket and the closing one. */
  start: number;
  opening: number;
  end: number;
  path: string[];
}

/** The call whose argument a token is, when it is one directly. */
function callAround(tokens: readonly Token[], at: number): Call | undefined {
  const opening = tokens[at]!.within;
  const bracket = tokens[opening];
  if (bracket?.text !== '(' || bracket.closes === undefined) return undefined;
  let start = opening - 1;
  if (tokens[start]?.kind !== 'name' || keywords.has(tokens[start]!.text)) return undefined;
  const path = [tokens[start]!.text];
  while (/^\??\.$/.test(tokens[start - 1]?.text ?? '') && tokens[start - 2]?.kind === 'name') {
    start -= 2;
    path.unshift(tokens[start]!.text);
  }
  if (/^(?:if|while|for|switch|catch|function)$/.test(path[0]!)) return undefined;
  // What looks like a call may declare a function.
  const isDeclared = tokens[start - 1]?.text === 'function' || tokens[bracket.closes + 1]?.text === '{';
  if (isDeclared) return undefined;
  return { start, opening, end: bracket.closes, path };
}

function useInCall(
  tokens: readonly Token[],
  start: number,
  end: number,
  { opening, path }: Call,
): Use | 'look outside' {
  const [first] = path;
  const last = path.at(-1)!;
  if (first === 'console') return 'shown';
  if (/^(?:assert|invariant)$/.test(first!)) return 'demanded';
  // Looked for among others, which a missing value is not.
  if (/^(?:includes|indexOf|has|test)$/.test(last)) return 'optional';
  const isFirst = start === opening + 1;
  if (isFirst && path.length === 1 && conversions.has(last)) return 'look outside';
  if (isFirst && tokens[end + 1]?.text === ',' && !ordinaryCalls.has(last)) {
    // A helper that is given a constant as well most likely falls back on it.
    const second = tokens[end + 2];
    const constant =
      second &&
      (second.kind === 'string' || second.kind === 'number' || /^(?:true|false|null)$/.test(second.text));
    if (constant && /^[,)]$/.test(tokens[end + 3]?.text ?? '')) return 'optional';
  }
  return 'plain';
}

/** Inside of `if (…env…) { … }`: whether that is run depends on variables. */
function isInConditional(tokens: readonly Token[], at: number): boolean {
  for (let i = tokens[at]!.within; i >= 0; i = tokens[i]!.within) {
    if (tokens[i]!.text !== '{' || tokens[i - 1]?.text !== ')') continue;
    const closing = i - 1;
    let opening = closing - 1;
    while (opening >= 0 && tokens[opening]!.closes !== closing) opening--;
    if (tokens[opening - 1]?.text !== 'if') continue;
    if (tokens.slice(opening, closing).some(({ text }) => text === 'env')) return true;
  }
  return false;
}

/** The name an expression's value gets in the file: of a variable, a member or a key. `default`: of a parameter. */
function boundName(tokens: readonly Token[], start: number): string | undefined {
  const before = tokens[start - 1];
  const key = tokens[start - 2];
  if (before?.text === ':' && key && (key.kind === 'name' || key.kind === 'string')) return key.text;
  if (before?.text !== '=') return undefined;
  const { within } = before;
  for (let i = start - 2; i > within && i > start - 40; i--) {
    const token = tokens[i]!;
    if (token.within !== within) continue;
    const isStart = i - 1 === within || /^[;,}]$/.test(tokens[i - 1]?.text ?? '') || tokens[i]!.newLine;
    const isAnnotated = i === start - 2 || tokens[i + 1]?.text === ':' || tokens[i + 1]?.text === '?';
    if (token.kind !== 'name' || !isAnnotated) continue;
    const isParameter = tokens[within]?.text === '(' && isStart;
    return isParameter ? 'default' : token.text;
  }
  return undefined;
}

const indexes = new WeakMap<readonly Token[], Map<string, number[]>>();

/** Where each name stands in a file. */
function placesOf(tokens: readonly Token[], name: string): readonly number[] {
  let index = indexes.get(tokens);
  if (!index) {
    index = new Map();
    for (const [i, token] of tokens.entries()) {
      if (token.kind !== 'name') continue;
      const known = index.get(token.text);
      if (known) known.push(i);
      else index.set(token.text, [i]);
    }
    indexes.set(tokens, index);
  }
  return index.get(name) ?? [];
}

/** The strongest use of a name in a file, leaving out where it is given its value. */
function useOfName(tokens: readonly Token[], name: string, declared: number): Use {
  let optional = false;
  for (const i of placesOf(tokens, name).slice(0, mostOccurrences)) {
    // Where it is declared or is a key, it is not used.
    if (i === declared || /^[=:]$/.test(tokens[i + 1]?.text ?? '')) continue;
    let start = i;
    while (/^\??\.$/.test(tokens[start - 1]?.text ?? '') && tokens[start - 2]?.kind === 'name') start -= 2;
    const use = useOf(tokens, start, i, { follow: false });
    if (use === 'demanded') return 'demanded';
    optional ||= use === 'optional';
  }
  return optional ? 'optional' : 'plain';
}
