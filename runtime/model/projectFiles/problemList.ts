import type { LineCounter } from 'yaml';
import { describe, type ErrorCode } from '../errors.ts';
import type { Problem } from '../project.ts';
import type { SourcePosition } from '../words.ts';
import { fileLimits, type TextRange } from './projectFile.ts';

const mostSyntaxErrors = 5;

/** Collects what is wrong in one file. Each place is told once per code, and not behind a syntax error. */
export class ProblemList {
  readonly #problems: Problem[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;
  readonly #told = new Set<string>();
  #syntaxErrors = 0;
  /** From here on the structure is a guess of the parser, so that further problems would be echoes. */
  #guessedFrom = Infinity;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  /** An empty list for the same file. */
  fork(): ProblemList {
    return new ProblemList(this.#file, this.#lines);
  }

  /** All problems in the order of the text. */
  get problems(): Problem[] {
    return [...this.#problems].sort((a, b) => a.line! - b.line! || a.column! - b.column!);
  }

  /** The text has a syntax error: what seems to be missing may be behind it. */
  get broken(): boolean {
    return this.#syntaxErrors > 0;
  }

  /** The place of an offset. */
  positionOf(offset: number): SourcePosition {
    const { line, col } = this.#lines.linePos(offset);
    return { file: this.#file, line: Math.max(1, line), column: Math.max(1, col) };
  }

  /** Adds a syntax error: one per line, and only the first few, as the others are mostly echoes of these. */
  addSyntaxError(detail: string, range: TextRange): void {
    if (++this.#syntaxErrors > mostSyntaxErrors) {
      return;
    }
    this.#add('error', 'YAML_SYNTAX', { detail }, range, `syntax:${this.positionOf(range.start).line}`, {});
    this.#guessedFrom = Math.min(this.#guessedFrom, range.start);
  }

  /** Adds a problem of the error catalogue at a place. */
  add(
    severity: Problem['severity'],
    code: ErrorCode,
    facts: Record<string, string | number | undefined>,
    range: TextRange,
    about: { function?: string; variable?: string } = {},
  ): void {
    if (this.positionOf(Math.max(range.start, range.end)).line < this.#lineOfGuess()) {
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

  #lineOfGuess(): number {
    return this.#guessedFrom === Infinity ? Infinity : this.positionOf(this.#guessedFrom).line;
  }

  #add(
    severity: Problem['severity'],
    code: ErrorCode,
    facts: Record<string, string | number | undefined>,
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
      code,
      message: describe(code, facts),
      file: this.#file,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
      ...about,
    });
  }
}
