import type { SourcePosition } from '../../runtime/model/words.ts';

/** A line of a stack, and where it points when that is a file. */
export interface StackFrame {
  /** The function, or the whole line when it is no frame. */
  text: string;
  at?: SourcePosition;
}

const place = String.raw`((?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/).*?):(\d+):(\d+)`;
const inFunction = new RegExp(String.raw`^at (.+) \(${place}\)$`);
const withoutName = new RegExp(String.raw`^at ((?:async )?)${place}$`);

/** Reads a stack line such as `    at handler (/p/src/a.ts:12:7)` or `at file:///C:/p/a.js:1:2`. */
function parseStackFrame(line: string): StackFrame {
  const text = line.trim();
  const match = inFunction.exec(text) ?? withoutName.exec(text);
  if (!match) return { text };
  const [, name = '', path = '', row, column] = match;
  return {
    text: name.replace(/^async $/, '') || '<anonymous>',
    at: { file: toPath(path), line: Number(row), column: Number(column) },
  };
}

const inPython = /^\s*File "(.+)", line (\d+)(?:, in (.+))?$/;

/** A Python traceback has the innermost frame last, and the text of its line below each. */
function parseTraceback(lines: readonly string[]): StackFrame[] {
  return lines
    .flatMap((line): StackFrame[] => {
      const [, file, row, name = '<module>'] = inPython.exec(line) ?? [];
      return file === undefined ? [] : [{ text: name, at: { file, line: Number(row), column: 1 } }];
    })
    .reverse();
}

/** `TypeError: text in /p/a.php:12` throws, `#0 /p/a.php(20): call()` calls. */
const thrownInPhp = /^(?:Previous: )?.* in ((?:[A-Za-z]:[\\/]|\/).*\.\w+):(\d+)$/;
const inPhp = /^#\d+ (.*: )?(.+)$/;

/** PHP names with each frame where the function was called: its own place is that of the frame before. */
function parsePhpTrace(lines: readonly string[]): StackFrame[] {
  let at: SourcePosition | undefined;
  return lines.flatMap((line): StackFrame[] => {
    const [, thrownIn, thrownAt] = thrownInPhp.exec(line) ?? [];
    if (thrownIn !== undefined) {
      at = { file: thrownIn, line: Number(thrownAt), column: 1 };
      return line.startsWith('Previous: ') ? [{ text: line }] : [];
    }
    const [, where = '', name] = inPhp.exec(line) ?? [];
    if (name === undefined) return [];
    const frame = { text: name.replace(/\(\)$/, ''), ...(at && { at }) };
    const [, file, row] = /^(.+)\((\d+)\): $/.exec(where) ?? [];
    at = file === undefined ? undefined : { file, line: Number(row), column: 1 };
    return frame.at || name !== '{main}' ? [frame] : [];
  });
}

/** The frames of a stack from the innermost on, without the message that some stacks begin with. */
export function parseStack(lines: readonly string[]): StackFrame[] {
  if (lines.some((line) => inPython.test(line))) return parseTraceback(lines);
  if (lines.some((line) => /^#\d+ /.test(line))) return parsePhpTrace(lines);
  const first = lines.findIndex((line) => /^\s*at /.test(line));
  return lines.slice(Math.max(0, first)).map(parseStackFrame);
}

function toPath(path: string): string {
  if (!path.startsWith('file://')) return path;
  const decoded = decodeURIComponent(path.slice('file://'.length));
  // file:///C:/x is C:/x.
  return /^\/[A-Za-z]:/.test(decoded) ? decoded.slice(1) : decoded;
}
