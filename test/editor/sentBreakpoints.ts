import * as vscode from 'vscode';

interface Message {
  seq: number;
  type: string;
  command?: string;
  request_seq?: number;
  arguments?: { source?: { path?: string }; breakpoints?: { line: number }[] };
}

/** Which lines with breakpoints each session has been told and has taken in. */
export class SentBreakpoints {
  readonly #asked = new Map<vscode.DebugSession, Map<number, [path: string, lines: string]>>();
  readonly #known = new Map<vscode.DebugSession, Map<string, string>>();
  readonly #answered = new vscode.EventEmitter<void>();
  readonly onDidAnswer = this.#answered.event;

  /** The editor sends something to a session. */
  asked(session: vscode.DebugSession, { seq, command, arguments: given }: Message): void {
    if (command !== 'setBreakpoints' || !given?.source?.path) return;
    const lines = linesOf((given.breakpoints ?? []).map(({ line }) => line));
    const pending = this.#asked.get(session) ?? new Map<number, [string, string]>();
    this.#asked.set(session, pending.set(seq, [given.source.path, lines]));
    // Until it is answered nobody knows what holds.
    this.#known.get(session)?.delete(given.source.path);
  }

  /** A session answers. */
  answered(session: vscode.DebugSession, { command, request_seq: seq = -1 }: Message): void {
    const asked = command === 'setBreakpoints' ? this.#asked.get(session)?.get(seq) : undefined;
    if (!asked) return;
    this.#asked.get(session)?.delete(seq);
    const known = this.#known.get(session) ?? new Map<string, string>();
    this.#known.set(session, known.set(...asked));
    this.#answered.fire();
  }

  /** Whether a session stops at exactly these lines of a file, counted from 1. */
  holds(session: vscode.DebugSession, path: string, lines: number[]): boolean {
    return this.#known.get(session)?.get(path) === linesOf(lines);
  }
}

function linesOf(lines: number[]): string {
  return [...new Set(lines)].sort((a, b) => a - b).join();
}

/** Lines with breakpoints of a file after changes that put lines in or take them out; counted from 1. */
export function linesAfter(document: vscode.TextDocument, changes: readonly [string, string][]): number[] {
  const breaks = (text: string): number => text.split('\n').length - 1;
  const moves = changes.map(([before, after]) => ({
    from: document.positionAt(document.getText().indexOf(before)).line,
    by: breaks(after) - breaks(before),
  }));
  return vscode.debug.breakpoints.flatMap((one) => {
    if (!(one instanceof vscode.SourceBreakpoint)) return [];
    const { uri, range } = one.location;
    if (uri.toString() !== document.uri.toString()) return [];
    const { line } = range.start;
    return [line + 1 + moves.reduce((sum, { from, by }) => sum + (from <= line ? by : 0), 0)];
  });
}
