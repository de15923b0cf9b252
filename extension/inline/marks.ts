import type { InvocationError, InvocationWarning, LogEntry } from '../../runtime/model/invocationRecord.ts';
import { oneLine } from '../presentation/invocationText.ts';

/** What is shown at the end of one source line. Lines count from 0, as the editor does. */
export interface Mark {
  line: number;
  text: string;
  isError: boolean;
  /** Everything that was printed there, oldest first; bounded. */
  values: string[];
  /** How often the line printed, also when `values` holds fewer. */
  count: number;
}

/** A text edit: the lines it replaced, and what came instead. Lines count from 0. */
export interface Edit {
  startLine: number;
  startCharacter: number;
  endLine: number;
  endCharacter: number;
  text: string;
}

const maxText = 80;
const maxValues = 20;

/**
 * The marks of one file, by line: the last value of each line, and how often it printed; warnings where nothing was
 * printed, and in what is told of the line where something was.
 */
export function makeMarks(
  entries: readonly LogEntry[],
  error?: InvocationError,
  warnings: readonly InvocationWarning[] = [],
): Mark[] {
  const marks = new Map<number, Mark>();
  for (const { at, text, level } of entries) {
    if (!at) continue;
    const line = at.line - 1;
    const mark = marks.get(line) ?? { line, text: '', isError: false, values: [], count: 0 };
    mark.count += 1;
    mark.values = [...mark.values, text].slice(-maxValues);
    mark.isError = level === 'error';
    marks.set(line, mark);
  }
  for (const mark of marks.values()) {
    const text = oneLine(mark.values.at(-1) ?? '', maxText);
    mark.text = mark.count > 1 ? `${text}  ×${mark.count}` : text;
  }
  for (const { at, text } of warnings) {
    if (!at) continue;
    const line = at.line - 1;
    const mark = marks.get(line);
    if (mark) mark.values.push(text);
    else marks.set(line, { line, text: oneLine(text, maxText), isError: false, values: [text], count: 1 });
  }
  if (error?.at) {
    const line = error.at.line - 1;
    const message = `${error.type}: ${error.message}`;
    const before = marks.get(line)?.values ?? [];
    marks.set(line, {
      line,
      text: oneLine(message, maxText),
      isError: true,
      values: [...before, message],
      count: before.length + 1,
    });
  }
  return [...marks.values()].sort((a, b) => a.line - b.line);
}

const lineCount = (text: string): number => text.split(/\r\n|\r|\n/).length - 1;

/**
 * Moves marks along with an edit. A mark whose own line was touched is dropped: its value belongs to code that is no
 * longer there. `lineLength` tells the length of a line after the edit.
 */
export function moveMarks(marks: readonly Mark[], edit: Edit, lineLength: (line: number) => number): Mark[] {
  const delta = lineCount(edit.text) - (edit.endLine - edit.startLine);
  const isInsertion = edit.startLine === edit.endLine && edit.startCharacter === edit.endCharacter;
  const opensLine =
    isInsertion && /^\r?\n/.test(edit.text) && lineLength(edit.startLine) === edit.startCharacter;
  const pushesDown = isInsertion && edit.startCharacter === 0 && /\n$/.test(edit.text);
  // Removing whole lines ends at the first column of the line after them, which is not touched.
  const lastTouched =
    edit.endCharacter === 0 && edit.endLine > edit.startLine ? edit.endLine - 1 : edit.endLine;
  return marks.flatMap((mark) => {
    if (mark.line < edit.startLine) return [mark];
    if (mark.line > lastTouched) return [{ ...mark, line: mark.line + delta }];
    if (opensLine) return [mark];
    if (pushesDown) return [{ ...mark, line: mark.line + delta }];
    return [];
  });
}
