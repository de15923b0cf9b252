import type * as vscode from 'vscode';
import type { SourcePosition } from '../../runtime/model/words.ts';
import type { EditorApi } from '../editor/editorApi.ts';

/**
 * What became of a breakpoint: set, there already, switched on again, or there with a condition that may keep it from
 * stopping.
 */
export type BreakpointOutcome = 'set' | 'there' | 'enabled' | 'conditional';

/** Makes the debugger stop at a line, by a breakpoint that is there already when there is one. */
export async function breakOn(api: EditorApi, at: SourcePosition): Promise<BreakpointOutcome> {
  const { debug } = api;
  const uri = api.Uri.file(at.file);
  const there = debug.breakpoints.find(
    (one): one is vscode.SourceBreakpoint =>
      'location' in one &&
      (one as vscode.SourceBreakpoint).location.uri.fsPath === uri.fsPath &&
      (one as vscode.SourceBreakpoint).location.range.start.line === at.line - 1,
  );
  if (there) {
    const { condition, hitCondition, logMessage, location } = there;
    if (!there.enabled) {
      // The editor has no other way to switch one on.
      debug.removeBreakpoints([there]);
      debug.addBreakpoints([new api.SourceBreakpoint(location, true, condition, hitCondition, logMessage)]);
    }
    if (condition ?? hitCondition ?? logMessage) return 'conditional';
    return there.enabled ? 'there' : 'enabled';
  }
  const { lineCount, lineAt } = await textOf(api, uri);
  const column = at.line <= lineCount ? statementColumn(lineAt(at.line - 1), at.column) : 1;
  const position = new api.Position(at.line - 1, column - 1);
  debug.addBreakpoints([new api.SourceBreakpoint(new api.Location(uri, position), true)]);
  return 'set';
}

async function textOf(
  api: EditorApi,
  uri: vscode.Uri,
): Promise<{ lineCount: number; lineAt(line: number): string }> {
  try {
    const document = await api.workspace.openTextDocument(uri);
    return { lineCount: document.lineCount, lineAt: (line) => document.lineAt(line).text };
  } catch {
    // Gone or unreadable: the breakpoint is at the line all the same, and the debugger says what it makes of it.
    return { lineCount: 0, lineAt: () => '' };
  }
}

/**
 * The column (from 1) at which a breakpoint stops before the statement at `column`. A line is stopped at where it begins;
 * only a function that begins and fails on one line at module level needs a place within it, as the line itself runs
 * when the module is loaded.
 */
export function statementColumn(line: string, column: number): number {
  const before = line.slice(0, column - 1);
  if (/^\s/.test(line) || !/=>|\bfunction\b|\)\s*\{/.test(before)) return 1;
  const ends = [...before.matchAll(/=>|[{;]/g)].at(-1);
  if (!ends) return 1;
  const start = ends.index + ends[0].length;
  return start + (line.slice(start).match(/^\s*/)?.[0].length ?? 0) + 1;
}
