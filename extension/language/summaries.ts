import type * as vscode from 'vscode';
import type { LensArgument } from './messages.ts';

/** What is said above a handler besides what can be done with it. */
export interface Summaries {
  of(
    folder: string,
    name: string,
  ): (Omit<vscode.Command, 'arguments'> & { arguments?: unknown[] }) | undefined;
}

/**
 * The server's lenses with a summary behind what can be done, whose places so stay: after each lens of `command`, the
 * last one of its function. A handler of several functions says whose summary it is.
 */
export function withSummaries(
  lenses: readonly vscode.CodeLens[],
  command: string,
  summaries: Summaries,
  CodeLens: typeof vscode.CodeLens,
): vscode.CodeLens[] {
  const last = lenses.filter((lens) => lens.command?.command === command);
  return lenses.flatMap((lens) => {
    if (!last.includes(lens)) return [lens];
    const [argument] = (lens.command?.arguments ?? []) as Partial<LensArgument>[];
    const { function: name, folder } = argument ?? {};
    const summary = name !== undefined && folder !== undefined ? summaries.of(folder, name) : undefined;
    if (!summary) return [lens];
    const shared = last.some((other) => other !== lens && other.range.start.line === lens.range.start.line);
    const title = shared ? `${name}: ${summary.title}` : summary.title;
    return [lens, new CodeLens(lens.range, { ...summary, title } as vscode.Command)];
  });
}
