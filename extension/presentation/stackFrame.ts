import type { SourcePosition } from '../../runtime/model/words.ts';

/** A line of a stack, and where it points when that is a file. */
export interface StackFrame {
  text: string;
  at?: SourcePosition;
}

/** Reads a stack line such as `    at handler (/p/src/a.ts:12:7)` or `at file:///C:/p/a.js:1:2`. */
export function parseStackFrame(line: string): StackFrame {
  const text = line.trim();
  const match = /(?:\(|^at (?:async )?)?((?:file:\/\/)?(?:[A-Za-z]:[\\/]|\/)[^()]*?):(\d+):(\d+)\)?$/.exec(
    text,
  );
  if (!match) return { text };
  const [, path = '', row, column] = match;
  return { text, at: { file: toPath(path), line: Number(row), column: Number(column) } };
}

function toPath(path: string): string {
  if (!path.startsWith('file://')) return path;
  const decoded = decodeURIComponent(path.slice('file://'.length));
  // file:///C:/x is C:/x.
  return /^\/[A-Za-z]:/.test(decoded) ? decoded.slice(1) : decoded;
}
