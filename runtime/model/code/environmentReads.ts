import { useOf, type Use } from './uses.ts';
import { importedModules, tokenize, type Token } from './tokens.ts';

/** A place where code names an environment variable. Lines and columns count from 1; `endColumn` is exclusive. */
export interface EnvironmentRead {
  name: string;
  line: number;
  column: number;
  endColumn: number;
  use: Use;
}

/** What a file says about the environment. */
export interface EnvironmentUse {
  reads: EnvironmentRead[];
  /** Variables it gives a value itself. */
  writes: string[];
  /** It gives values to variables whose names only running it would tell, e.g. from a file of its own. */
  writesOthers: boolean;
  /** Modules it loads, as it names them. */
  modules: string[];
}

/** Names that are no variables: what every object has. */
const members = new Set(Object.getOwnPropertyNames(Object.prototype));
const assignments = new Set(['=', '??=', '||=', '&&=', '+=']);
const declarations = new Set(['const', 'let', 'var']);

/** Packages that set variables from files they choose themselves. */
const settingPackages = /^(?:dotenv-[\w-]+|@dotenvx\/dotenvx|env-cmd|node-env-file|@nestjs\/config)(?:\/|$)/;

/**
 * Finds the environment variables that a script names, without running it, and how much it depends on each. It is read
 * as text: what is too clever for that is left out, since a false alarm is worse than none.
 */
export function environmentUse(text: string): EnvironmentUse {
  const modulesOnly = !/\benv\b|loadEnvFile|setToEnv/.test(text);
  const tokens = tokenize(text);
  const modules = importedModules(tokens);
  const result: EnvironmentUse = { reads: [], writes: [], writesOthers: false, modules };
  if (modulesOnly) return result;
  result.writesOthers = setsOtherVariables(tokens, modules);
  const lineStarts = startsOfLines(text);
  const aliases = aliasesOf(tokens);
  const add = (name: string, start: Token, end: Token, use: Use): void => {
    if (members.has(name) || !/^[A-Za-z_]\w*$/.test(name)) return;
    const { line, column } = positionOf(start.start, lineStarts);
    // A range over several lines is marked on its first.
    const endColumn = column + Math.max(1, Math.min(end.end, lineStarts[line] ?? Infinity) - start.start);
    result.reads.push({ name, line, column, endColumn, use });
  };

  for (let i = 0; i < tokens.length; i++) {
    const env = environmentAt(tokens, i, aliases);
    if (!env) continue;
    const { start, end } = env;
    const before = tokens[start - 1]?.text;
    const key = tokens[start - 2];
    if (before === 'in' && key?.kind === 'string') {
      add(key.text, key, tokens[end]!, 'optional');
      continue;
    }
    const named = memberAfter(tokens, end);
    if (named) {
      const next = tokens[named.end + 1]?.text ?? '';
      if (assignments.has(next)) {
        result.writes.push(named.name);
        if (next === '=') continue;
      }
      add(named.name, tokens[start]!, tokens[named.end]!, useOf(tokens, start, named.end));
      continue;
    }
    if (before === '=' && key?.text === '}') {
      for (const { name, token, use } of destructured(tokens, start - 2)) add(name, token, token, use);
    } else if (isWrittenTo(tokens, start, end)) result.writesOthers = true;
  }
  return result;
}

/** Where an expression for the whole environment stands: `process.env`, or a name for it. */
function environmentAt(
  tokens: readonly Token[],
  i: number,
  aliases: ReadonlySet<string>,
): { start: number; end: number } | undefined {
  const token = tokens[i]!;
  if (token.kind !== 'name') return undefined;
  const isMember = isDot(tokens[i - 1]);
  if (token.text === 'process' && isDot(tokens[i + 1]) && tokens[i + 2]?.text === 'env') {
    const global = isMember && /^global(?:This)?$/.test(tokens[i - 2]?.text ?? '');
    if (isMember && !global) return undefined;
    return { start: global ? i - 2 : i, end: i + 2 };
  }
  const named = !isMember && aliases.has(token.text) && !isKey(tokens, i);
  return named ? { start: i, end: i } : undefined;
}

function isDot(token: Token | undefined): boolean {
  return token?.kind === 'mark' && (token.text === '.' || token.text === '?.');
}

/** `{ env: … }`: a key of an object has nothing to do with a variable of the same name. */
function isKey(tokens: readonly Token[], i: number): boolean {
  return tokens[i + 1]?.text === ':' && /^[{,]$/.test(tokens[i - 1]?.text ?? '');
}

/** The variable behind `env`: `.NAME`, `['NAME']`. */
function memberAfter(tokens: readonly Token[], env: number): { name: string; end: number } | undefined {
  let at = env + 1;
  // `process.env!.NAME`
  if (tokens[at]?.text === '!') at++;
  if (isDot(tokens[at])) at++;
  if (at > env + 1 && tokens[at]?.kind === 'name') return { name: tokens[at]!.text, end: at };
  const isIndex =
    tokens[at]?.text === '[' && tokens[at + 1]?.kind === 'string' && tokens[at + 2]?.text === ']';
  return isIndex ? { name: tokens[at + 1]!.text, end: at + 2 } : undefined;
}

/** `process.env = …`, `process.env[name] = …`, `Object.assign(process.env, …)`. */
function isWrittenTo(tokens: readonly Token[], start: number, end: number): boolean {
  const next = tokens[end + 1];
  if (next?.text === '=') return true;
  if (next?.text === '[' && next.closes !== undefined) {
    return assignments.has(tokens[next.closes + 1]?.text ?? '');
  }
  const called = tokens[start - 1]?.text === '(' ? tokens[start - 2]?.text : undefined;
  return called === 'assign' || called === 'defineProperty' || called === 'defineProperties';
}

/** Variables taken out of the environment by a pattern that ends at `closing`. */
function* destructured(
  tokens: readonly Token[],
  closing: number,
): Generator<{ name: string; token: Token; use: Use }> {
  const opening = openingOf(tokens, closing);
  if (opening === undefined) return;
  for (let i = opening + 1; i < closing; i++) {
    const token = tokens[i]!;
    if (token.within !== opening || !/^[{,]$/.test(tokens[i - 1]?.text ?? '')) continue;
    if (token.kind !== 'name' && token.kind !== 'string') continue;
    const renamed = tokens[i + 1]?.text === ':' ? i + 2 : undefined;
    const local = renamed ?? i;
    const hasDefault = tokens[local + 1]?.text === '=';
    // The name it has here says how much depends on it.
    const use = hasDefault ? 'optional' : useOf(tokens, local, local, { boundTo: tokens[local]!.text });
    yield { name: token.text, token, use };
  }
}

function openingOf(tokens: readonly Token[], closing: number): number | undefined {
  const opening = tokens[closing]?.within;
  // A closing bracket stands outside of what it closes, so the one it belongs to is looked for.
  for (let i = closing - 1; i >= 0 && i > (opening ?? -1); i--) if (tokens[i]!.closes === closing) return i;
  return undefined;
}

/**
 * Other names for `process.env` in a file. A name that is used for anything else as well, e.g. for a parameter, is none:
 * which of the two is meant would be a guess.
 */
function aliasesOf(tokens: readonly Token[]): Set<string> {
  const declared = new Map<string, number>();
  tokens.forEach((token, i) => {
    if (token.text === 'process' && token.kind === 'name' && !isDot(tokens[i - 1])) {
      const isEnv = isDot(tokens[i + 1]) && tokens[i + 2]?.text === 'env';
      const end = isEnv ? i + 2 : i;
      if (tokens[i - 1]?.text !== '=' || !endsStatement(tokens[end + 1])) return;
      if (isEnv && tokens[i - 2]?.kind === 'name' && declarations.has(tokens[i - 3]?.text ?? '')) {
        declared.set(tokens[i - 2]!.text, i - 2);
      } else if (!isEnv && tokens[i - 2]?.text === '}') declarePattern(i - 2);
    }
    const ofProcess = token.kind === 'string' && /^(?:node:)?process$/.test(token.text);
    if (ofProcess && tokens[i - 1]?.text === 'from' && tokens[i - 2]?.text === '}') declarePattern(i - 2);
    const required = ofProcess && tokens[i - 2]?.text === 'require' && tokens[i - 3]?.text === '=';
    if (required && tokens[i - 4]?.text === '}') declarePattern(i - 4);
  });

  function declarePattern(closing: number): void {
    const opening = openingOf(tokens, closing) ?? closing;
    for (let i = opening + 1; i < closing; i++) {
      if (tokens[i]!.text !== 'env' || !/^[{,]$/.test(tokens[i - 1]?.text ?? '')) continue;
      const renamed = /^(?:as|:)$/.test(tokens[i + 1]?.text ?? '') ? i + 2 : i;
      declared.set(tokens[renamed]!.text, renamed);
    }
  }

  const plain = (name: string, declaration: number): boolean =>
    tokens.every((token, i) => {
      if (token.kind !== 'name' || token.text !== name || i === declaration || isDot(tokens[i - 1]))
        return true;
      if (isKey(tokens, i) || tokens[i + 1]?.text === '[' || isDot(tokens[i + 1])) return true;
      const before = tokens[i - 1]?.text;
      return before === 'in' || (before === '=' && tokens[i - 2]?.text === '}');
    });
  return new Set([...declared].flatMap(([name, declaration]) => (plain(name, declaration) ? name : [])));
}

function endsStatement(token: Token | undefined): boolean {
  return !token || token.newLine || token.text === ';' || token.text === ',' || token.text === 'as';
}

function setsOtherVariables(tokens: readonly Token[], modules: readonly string[]): boolean {
  if (modules.some((name) => settingPackages.test(name))) return true;
  if (tokens.some(({ kind, text }) => kind === 'name' && (text === 'loadEnvFile' || text === 'setToEnv'))) {
    return true;
  }
  // Without a path `dotenv` reads the `.env` that is read here as well.
  const config = (i: number): boolean => {
    const opening = tokens[i + 1];
    const inside = opening?.text === '(' ? tokens.slice(i + 2, opening.closes) : [];
    return inside.some(({ text }) => text === 'path');
  };
  return modules.includes('dotenv') && tokens.some(({ text }, i) => text === 'config' && config(i));
}

/** Offsets at which lines begin. */
function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(offset: number, starts: readonly number[]): { line: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}
