import type { LineCounter } from 'yaml';
import { told, type ErrorCode, type Facts } from '../errors.ts';
import type { Problem } from '../project.ts';
import type { SourcePosition } from '../words.ts';
import { fileLimits, type TextRange } from './projectFile.ts';

const mostSyntaxErrors = 5;
/** Further apart than any text is long. */
const includedOffset = 2 * fileLimits.textLength;

/** A text whose places are told. */
interface Source {
  file: string;
  lines: LineCounter;
  /** Where its offsets begin among those of all texts. */
  base: number;
  syntaxErrors: number;
  /** From this offset on the structure is a guess of the parser, so that further problems would be echoes. */
  guessedFrom: number;
}

/**
 * Collects what is wrong in a file and in those it includes. Each place is told once per code, and not behind a syntax
 * error. Offsets of included texts lie behind those of the file, so that a range alone says where it stands.
 */
export class ProblemList {
  readonly #problems: Problem[] = [];
  readonly #sources: Source[];
  readonly #told = new Set<string>();

  constructor(file: string, lines: LineCounter) {
    this.#sources = [{ file, lines, base: 0, syntaxErrors: 0, guessedFrom: Infinity }];
  }

  /** An empty list for the same file. */
  fork(): ProblemList {
    const { file, lines } = this.#sources[0]!;
    return new ProblemList(file, lines);
  }

  /** Takes in the text of another file; its offsets begin at the number given back. */
  include(file: string, lines: LineCounter): number {
    const base = this.#sources.length * includedOffset;
    this.#sources.push({ file, lines, base, syntaxErrors: 0, guessedFrom: Infinity });
    return base;
  }

  /** All problems in the order of the text, those of included files behind. */
  get problems(): Problem[] {
    const files = this.#sources.map(({ file }) => file);
    return [...this.#problems].sort(
      (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line! - b.line! || a.column! - b.column!,
    );
  }

  /** A text has a syntax error: what seems to be missing may be behind it. */
  get broken(): boolean {
    return this.#sources.some(({ syntaxErrors }) => syntaxErrors > 0);
  }

  /** A list with the same problems, to which others can be added. */
  copy(): ProblemList {
    const [{ file, lines }] = this.#sources as [Source];
    const copy = new ProblemList(file, lines);
    copy.#sources.splice(0, 1, ...this.#sources.map((source) => ({ ...source })));
    copy.#problems.push(...this.#problems);
    for (const key of this.#told) copy.#told.add(key);
    return copy;
  }

  /** Takes in what was told of a part of the file's text that begins at an offset. */
  adopt(part: ProblemList, offset: number): void {
    const [source] = this.#sources;
    const [of] = part.#sources;
    const lines = source!.lines.linePos(offset).line - 1;
    source!.syntaxErrors += of!.syntaxErrors;
    source!.guessedFrom = Math.min(source!.guessedFrom, of!.guessedFrom + offset);
    for (const problem of part.#problems) {
      if (this.#problems.length >= fileLimits.problems) return;
      const { line = 1, endLine = line } = problem;
      this.#problems.push({ ...problem, line: line + lines, endLine: endLine + lines });
    }
  }

  /** The place of an offset. */
  positionOf(offset: number): SourcePosition {
    const { file, lines, base } = this.#sourceOf(offset);
    const { line, col } = lines.linePos(offset - base);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** The file a range stands in, and the offsets it has there. */
  placeOf({ start, end }: TextRange): { file: string; range: TextRange } {
    const { file, base } = this.#sourceOf(start);
    return { file, range: { start: start - base, end: end - base } };
  }

  #sourceOf(offset: number): Source {
    return this.#sources[Math.floor(offset / includedOffset)] ?? this.#sources[0]!;
  }

  /** Adds a syntax error: one per line, and only the first few, as the others are mostly echoes of these. */
  addSyntaxError(detail: string, range: TextRange): void {
    const source = this.#sourceOf(range.start);
    if (++source.syntaxErrors > mostSyntaxErrors) {
      return;
    }
    const { file, line } = this.positionOf(range.start);
    this.#add('error', 'YAML_SYNTAX', { detail }, range, `syntax:${file}:${line}`, {});
    source.guessedFrom = Math.min(source.guessedFrom, range.start);
  }

  /** Adds a problem of the error catalogue at a place. */
  add(
    severity: Problem['severity'],
    code: ErrorCode,
    facts: Facts,
    range: TextRange,
    about: { function?: string; variable?: string } = {},
  ): void {
    if (this.positionOf(Math.max(range.start, range.end)).line < this.#lineOfGuess(range)) {
      this.#add(
        severity,
        code,
        facts,
        range,
        `${code}:${range.start}:${range.end}:${about.variable ?? ''}`,
        about,
      );
    }
  }

  #lineOfGuess(range: TextRange): number {
    const { guessedFrom } = this.#sourceOf(range.start);
    return guessedFrom === Infinity ? Infinity : this.positionOf(guessedFrom).line;
  }

  #add(
    severity: Problem['severity'],
    code: ErrorCode,
    facts: Facts,
    range: TextRange,
    key: string,
    about: { function?: string; variable?: string },
  ): void {
    if (this.#told.has(key) || this.#problems.length >= fileLimits.problems) {
      return;
    }
    this.#told.add(key);
    const start = this.positionOf(range.start);
    const end = this.positionOf(Math.max(range.end, range.start));
    this.#problems.push({
      severity,
      ...told(code, facts),
      file: start.file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      ...about,
    });
  }
}
