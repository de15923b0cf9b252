/** One logical line of Python: lines that belong together are joined, strings emptied and comments left out. */
export interface PythonLine {
  /** Code only, without indentation; what stood in strings is `_`, so that offsets stay. */
  code: string;
  /** Columns of indentation; a tab reaches to the next multiple of 8. */
  indent: number;
  /** Offset of the first character of code. */
  start: number;
  end: number;
}

const opening = /[([{]/;
const closing = /[)\]}]/;

/** Cuts a text into logical lines. Whatever is half-typed ends with the text. */
export function pythonLines(text: string): PythonLine[] {
  const lines: PythonLine[] = [];
  let at = 0;
  while (at < text.length) {
    const { next, line } = readLine(text, at);
    if (line) lines.push(line);
    at = next;
  }
  return lines;
}

function readLine(text: string, from: number): { next: number; line?: PythonLine } {
  let at = from;
  let indent = 0;
  for (; text[at] === ' ' || text[at] === '\t'; at++)
    indent = text[at] === ' ' ? indent + 1 : (indent >> 3) * 8 + 8;
  const start = at;
  const parts: string[] = [];
  let depth = 0;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '#') {
      const end = lineEnd(text, at);
      parts.push(' '.repeat(end - at));
      at = end;
      continue;
    }
    if (character === '"' || character === "'") {
      const end = stringEnd(text, at);
      parts.push(character + '_'.repeat(Math.max(0, end - at - 2)) + (end - at > 1 ? character : ''));
      at = end;
      continue;
    }
    if (character === '\n' && depth === 0) break;
    if (character === '\\' && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      const length = text[at + 1] === '\r' ? 3 : 2;
      parts.push(' '.repeat(length));
      at += length;
      continue;
    }
    if (opening.test(character)) depth++;
    else if (closing.test(character)) depth = Math.max(0, depth - 1);
    parts.push(character === '\n' || character === '\r' ? ' ' : character);
    at++;
  }
  const code = parts.join('').trimEnd();
  const next = at + 1;
  return code === '' ? { next } : { next, line: { code, indent, start, end: start + code.length } };
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Behind the end of a string; one in single quotes that is not closed ends with its line. */
function stringEnd(text: string, at: number): number {
  const quote = text[at]!;
  const long = quote.repeat(3);
  const isLong = text.startsWith(long, at);
  for (let i = at + (isLong ? 3 : 1); i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (isLong && text.startsWith(long, i)) return i + 3;
    else if (!isLong && text[i] === quote) return i + 1;
    else if (!isLong && text[i] === '\n') return i;
  }
  return text.length;
}
