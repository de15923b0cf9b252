/*
 * The grammar of the Serverless Framework's variables: `${type(parameters):address, fallback}`. Parameters, addresses and
 * fallbacks may hold variables themselves. What has not this form, e.g. CloudFormation's `${AWS::Region}`, is plain text.
 */

/** One of the values a variable may have, tried from left to right. */
export type Choice =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'source'; type: string; parameters?: string; address?: string }
  /** Text with variables of its own. */
  | { kind: 'nested'; text: string }
  /** Neither a source nor a literal, e.g. a word without quotes. */
  | { kind: 'unknown'; text: string };

/** `${…}` in a text. */
export interface Variable {
  /** As written, without the braces. */
  expression: string;
  choices: Choice[];
}

/** A text as its plain parts and variables, in order; `\${` is a plain `${`. */
export function parseVariables(text: string): (string | Variable)[] {
  const parts: (string | Variable)[] = [];
  let plain = '';
  let position = 0;
  while (position < text.length) {
    const start = text.indexOf('${', position);
    if (start < 0) break;
    const end = closingBrace(text, start + 2);
    if (end === undefined) break;
    const variable = text[start - 1] === '\\' ? undefined : readVariable(text.slice(start + 2, end));
    if (variable) {
      plain += text.slice(position, start);
      if (plain !== '') parts.push(plain);
      plain = '';
      parts.push(variable);
      position = end + 1;
    } else {
      const escaped = text[start - 1] === '\\';
      plain += `${text.slice(position, escaped ? start - 1 : start)}\${`;
      position = start + 2;
    }
  }
  plain += text.slice(position);
  if (plain !== '') parts.push(plain);
  return parts;
}

/** Where the braces that opened before a position are closed. */
function closingBrace(text: string, from: number): number | undefined {
  let depth = 1;
  for (let position = from; position < text.length; position++) {
    if (text[position] === '{') depth++;
    else if (text[position] === '}' && --depth === 0) return position;
  }
  return undefined;
}

function readVariable(expression: string): Variable | undefined {
  const choices = splitOutside(expression, ',').map((part) => readChoice(part.trim()));
  // The first one says whether it is a variable at all: `${Table}` is one of CloudFormation's.
  const [first] = choices;
  const isVariable = first?.kind === 'source' || first?.kind === 'nested';
  return isVariable ? { expression: expression.trim(), choices } : undefined;
}

function readChoice(text: string): Choice {
  const quoted = /^'([^']*)'$|^"([^"]*)"$/s.exec(text);
  if (quoted) return { kind: 'literal', value: quoted[1] ?? quoted[2] ?? '' };
  if (/^-?\d+(\.\d+)?$/.test(text)) return { kind: 'literal', value: Number(text) };
  if (text === 'true' || text === 'false') return { kind: 'literal', value: text === 'true' };
  if (text === 'null') return { kind: 'literal', value: null };
  if (text.startsWith('${') && closingBrace(text, 2) === text.length - 1) return { kind: 'nested', text };
  return readSource(text) ?? { kind: 'unknown', text };
}

function readSource(text: string): Choice | undefined {
  const type = /^[A-Za-z][\w-]*/.exec(text)?.[0];
  if (type === undefined) return undefined;
  let rest = text.slice(type.length);
  let parameters: string | undefined;
  if (rest.startsWith('(')) {
    const end = closingParenthesis(rest);
    if (end === undefined) return undefined;
    parameters = rest.slice(1, end).trim();
    rest = rest.slice(end + 1);
  }
  // Two colons are CloudFormation's pseudo parameters.
  if (rest.startsWith('::') || (rest !== '' && !rest.startsWith(':'))) return undefined;
  if (rest === '' && parameters === undefined) return undefined;
  return {
    kind: 'source',
    type,
    ...(parameters !== undefined && { parameters }),
    ...(rest !== '' && { address: rest.slice(1).trim() }),
  };
}

function closingParenthesis(text: string): number | undefined {
  let depth = 0;
  for (let position = 0; position < text.length; position++) {
    if (text[position] === '(') depth++;
    else if (text[position] === ')' && --depth === 0) return position;
  }
  return undefined;
}

/** Splits where a separator stands outside of quotes, parentheses and braces. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let position = 0; position < text.length; position++) {
    const letter = text[position]!;
    if (quote !== '') {
      if (letter === quote) quote = '';
    } else if (letter === "'" || letter === '"') quote = letter;
    else if (letter === '(' || letter === '{') depth++;
    else if (letter === ')' || letter === '}') depth--;
    else if (letter === separator && depth === 0) {
      parts.push(text.slice(start, position));
      start = position + 1;
    }
  }
  return [...parts, text.slice(start)];
}
