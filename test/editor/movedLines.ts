import * as vscode from 'vscode';

/** A text that takes the place of a range. */
export interface Replacement {
  range: vscode.Range;
  text: string;
}

/** Where a line (from 0) is after replacements, which stand apart from each other. */
export function lineAfter(line: number, replacements: readonly Replacement[]): number {
  return replacements.reduce((moved, { range: { start, end }, text }) => {
    const before = end.line < line || (end.line === line && end.character === 0);
    const lines = text.split('\n').length - 1 - (end.line - start.line);
    return before ? moved + lines : moved;
  }, line);
}

/** Breakpoints of a document with the lines (from 0) they have to get. */
export function expectedMoves(
  { uri }: vscode.TextDocument,
  replacements: readonly Replacement[],
): { id: string; from: number; to: number }[] {
  return vscode.debug.breakpoints.flatMap((one) => {
    if (!(one instanceof vscode.SourceBreakpoint) || one.location.uri.toString() !== uri.toString())
      return [];
    const from = one.location.range.start.line;
    return { id: one.id, from, to: lineAfter(from, replacements) };
  });
}
