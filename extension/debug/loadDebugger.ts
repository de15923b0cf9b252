import type * as vscode from 'vscode';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { Hosts } from '../hostClient/hosts.ts';

/** The built-in debugger of the editor that understands Node.js. */
export const javaScriptDebugger = 'ms-vscode.js-debug';

const javaScript = /\.[cm]?[jt]sx?$/;

/**
 * Loads the editor's debugger as soon as somebody sets a breakpoint in a folder with functions: otherwise the editor
 * does so within the first F5. Windows in which nobody debugs load nothing.
 */
export function loadDebuggerAhead(
  api: Pick<EditorApi, 'debug' | 'extensions'>,
  hosts: Pick<Hosts, 'ofFile' | 'withProject'>,
  log: Pick<vscode.LogOutputChannel, 'warn'>,
): Disposable {
  const concerns = (breakpoint: vscode.Breakpoint): boolean => {
    const { location } = breakpoint as Partial<vscode.SourceBreakpoint>;
    if (!location || !javaScript.test(location.uri.path)) return false;
    const host = hosts.ofFile(location.uri);
    return host !== undefined && hosts.withProject.includes(host);
  };
  const subscription = api.debug.onDidChangeBreakpoints(({ added }) => {
    if (!added.some(concerns)) return;
    subscription.dispose();
    api.extensions
      .getExtension(javaScriptDebugger)
      ?.activate()
      // Debugging itself will say so.
      .then(undefined, (error: unknown) =>
        log.warn(`The JavaScript debugger was not loaded: ${String(error)}`),
      );
  });
  return subscription;
}
