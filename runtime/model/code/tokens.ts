/*
 * JavaScript and TypeScript cut into tokens: enough to tell code from strings, comments, templates and regular
 * expressions. What is half-typed or not understood (text in JSX) ends at the end of its line and does not spoil the rest.
 */

export interface Token {
  kind: 'name' | 'string' | 'number' | 'regex' | 'template' | 'mark';
  /** As written; the value of a string, without its quotes. */
  text: string;
  /** Offsets into the text; `end` exclusive. */
  start: number;
  end: number;
  /** Index of the bracket it stands in, of the innermost; -1 at the top. */
  within: number;
  /** Of an opening bracket: index of the one that closes it, if any does. */
  closes?: number;
  /** A line ends between the token before and this one. */
  newLine: boolean;
}

const name = /[\p{ID_Start}$_#@\\][\p{ID_Continue}$\u200c\u200d\\]*/uy;
const number = /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*)n?/y;
const quoted = /'(?:[^'\\\n]|\\[\s\S])*'?|"(?:[^"\\\n]|\\[\s\S])*"?/y;
const regex = /\/(?![*/])(?:[^\\/[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+\/[a-z]*/y;
const blank = /\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const mark =
  />>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|[-+*/%&|^]=|\*\*|<<|[\s\S]/y;
const templatePart = /(?:[^`\\$]|\\[\s\S]|\$(?!\{))*/y;

/** After these a `/` begins a regular expression; after other names and closing brackets it divides. */
const beforeExpression = new Set(
  'return typeof case in of delete void throw new else do instanceof await yield'.split(' '),
);

/** Cuts a text into tokens, at most `limit` of them. */
export function tokenize(text: string, limit = 200_000): Token[] {
  const tokens: Token[] = [];
  const open: number[] = [];
  let at = text.startsWith('#!') ? text.search(/\n|$/) : 0;
  let newLine = true;

  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const add = (kind: Token['kind'], written: string, value = written): void => {
    tokens.push({
      kind,
      text: value,
      start: at,
      end: at + written.length,
      within: open.at(-1) ?? -1,
      newLine,
    });
    at += written.length;
    newLine = false;
  };
  /** The text of a template up to its end, or to code in it. */
  const addTemplatePart = (): void => {
    const part = match(templatePart) ?? '';
    add('template', part);
    if (text.startsWith('${', at)) {
      add('mark', '${');
      open.push(tokens.length - 1);
    } else at++;
  };
  const close = (bracket: string): void => {
    const opened = open.pop();
    if (opened !== undefined) tokens[opened]!.closes = tokens.length;
    const ofTemplate = opened !== undefined && tokens[opened]!.text === '${' && bracket === '}';
    add('mark', bracket);
    if (ofTemplate) addTemplatePart();
  };

  while (at < text.length && tokens.length < limit) {
    const skipped = match(blank);
    if (skipped) {
      newLine ||= skipped.includes('\n');
      at += skipped.length;
      continue;
    }
    const character = text[at]!;
    if (character === '`') {
      at++;
      const part = match(templatePart) ?? '';
      // Without code in it a template is a string.
      if (text[at + part.length] === '`') {
        add('string', part);
        at++;
      } else addTemplatePart();
      continue;
    }
    const word = match(name);
    if (word) {
      add('name', word);
      continue;
    }
    const string = match(quoted);
    if (string) {
      add(
        'string',
        string,
        string.slice(1, string.length > 1 && string.endsWith(string[0]!) ? -1 : undefined),
      );
      continue;
    }
    const digits = match(number);
    if (digits) {
      add('number', digits);
      continue;
    }
    const expression = character === '/' && mayBeRegex(tokens.at(-1)) ? match(regex) : undefined;
    if (expression) add('regex', expression);
    else if (character === '(' || character === '[' || character === '{') {
      add('mark', character);
      open.push(tokens.length - 1);
    } else if (character === ')' || character === ']' || character === '}') close(character);
    else add('mark', match(mark)!);
  }
  return tokens;
}

function mayBeRegex(before: Token | undefined): boolean {
  if (!before) return true;
  if (before.kind === 'mark') return !/^[)\]}]$/.test(before.text);
  return before.kind === 'name' && beforeExpression.has(before.text);
}

/** Modules a text names as it loads them: by `import`, `export … from`, `import()` and `require()`. */
export function importedModules(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token, i) => {
    if (token.kind !== 'string') return [];
    const before = tokens[i - 1]?.text;
    const called = before === '(' && /^(?:import|require)$/.test(tokens[i - 2]?.text ?? '');
    return called || before === 'from' || before === 'import' ? [token.text] : [];
  });
}
