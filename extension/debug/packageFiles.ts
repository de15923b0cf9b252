import type * as vscode from 'vscode';

/** Files in packages that have breakpoints which are on, sorted. Told apart by what they have, not by their class. */
export function packageFiles(breakpoints: readonly vscode.Breakpoint[]): string[] {
  const files = new Set<string>();
  for (const breakpoint of breakpoints) {
    const { location } = breakpoint as Partial<vscode.SourceBreakpoint>;
    if (!breakpoint.enabled || location?.uri.scheme !== 'file') continue;
    if (/[\\/]node_modules[\\/]/.test(location.uri.fsPath)) files.add(location.uri.fsPath);
  }
  return [...files].sort();
}
