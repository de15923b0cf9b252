import type { InvocationError, InvocationWarning, LogEntry } from '../../runtime/model/invocationRecord.ts';
import type { SourcePosition } from '../../runtime/model/words.ts';
import { shortValue } from '../presentation/shortValue.ts';
import type { MappedLine } from './lineMap.ts';

/** `thrown`: the invocation failed here. */
export type MarkLevel = 'log' | 'warn' | 'error' | 'thrown';

/** What is shown at the end of one source line. Lines count from 0, as the editor does. */
export interface Mark {
  line: number;
  text: string;
  level: MarkLevel;
  /** The place as it was recorded; its line counts from 1. */
  at: SourcePosition;
  /** What was printed there last, oldest first; bounded. */
  values: string[];
  /** How often the line printed, also when `values` holds fewer. */
  count: number;
  /** What would surprise in the cloud and began here. */
  warnings: string[];
  error?: InvocationError;
}

/** `edited`: the line was changed since. `older`: the file was, so that the code of now may print something else. */
export type MarkState = 'current' | 'edited' | 'older';

/** A mark where its line is now. */
export interface PlacedMark extends Mark {
  state: MarkState;
}

/** What makes marks of a file. */
export interface Printed {
  entries: readonly LogEntry[];
  error?: InvocationError;
  warnings?: readonly InvocationWarning[];
}

const maxText = 80;
const maxValues = 20;

/**
 * The marks of one file, by line: the error that was thrown there, otherwise the last value and how often it printed,
 * otherwise a warning.
 */
export function makeMarks({ entries, error, warnings = [] }: Printed): Mark[] {
  const marks = new Map<number, Mark>();
  const markAt = (at: SourcePosition): Mark => {
    const line = at.line - 1;
    let mark = marks.get(line);
    if (!mark)
      marks.set(line, (mark = { line, text: '', level: 'log', at, values: [], count: 0, warnings: [] }));
    return mark;
  };
  for (const { at, text, level } of entries) {
    if (!at) continue;
    const mark = markAt(at);
    mark.count += 1;
    mark.values.push(text);
    if (mark.values.length > 2 * maxValues) mark.values.splice(0, maxValues);
    mark.level = level === 'error' || level === 'warn' ? level : 'log';
  }
  for (const mark of marks.values()) {
    mark.values = mark.values.slice(-maxValues);
    const text = shortValue(mark.values.at(-1) ?? '', maxText);
    mark.text = mark.count > 1 ? `${text}  ×${mark.count}` : text;
  }
  for (const { at, text, kind } of warnings) {
    if (!at) continue;
    const mark = markAt(at);
    if (mark.count === 0 && mark.warnings.length === 0) {
      mark.text = shortValue(text, maxText);
      mark.level = kind === 'openWork' ? 'warn' : 'log';
    }
    mark.warnings.push(text);
  }
  if (error?.at) {
    const mark = markAt(error.at);
    mark.text = shortValue(firstLine(`${error.type}: ${error.message}`), maxText);
    mark.level = 'thrown';
    mark.error = error;
  }
  return [...marks.values()].sort((a, b) => a.line - b.line);
}

const firstLine = (text: string): string => text.split(/\r?\n/, 1)[0] ?? '';

/** Where lines of the code that ran are: in the file, and in the text that the editor shows. */
export interface Places {
  saved: readonly (MappedLine | undefined)[];
  now: readonly (MappedLine | undefined)[];
  /** The file is not what ran any more, or it is not known whether it is. */
  older: boolean;
}

/**
 * Marks where their lines are now. A line that is being changed keeps its value, dimmed; once the change is in the file,
 * the value is gone, since that code will not run again.
 */
export function placeMarks(marks: readonly Mark[], { saved, now, older }: Places): PlacedMark[] {
  return marks.flatMap((mark) => {
    const place = now[mark.line];
    if (!place || !saved[mark.line] || saved[mark.line]!.changed) return [];
    const state = place.changed ? 'edited' : older ? 'older' : 'current';
    return [{ ...mark, line: place.line, state }];
  });
}
