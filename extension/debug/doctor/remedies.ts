import type * as vscode from 'vscode';
import { commandIds, viewIds } from '../../contributions/ids.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import { openSource } from '../../editor/openSource.ts';
import type { Hosts } from '../../hostClient/hosts.ts';
import type { Remedy } from './diagnosis.ts';

/** Carries out what a diagnosis offers for a breakpoint. Rejects with an error meant for the user. */
export async function carryOutRemedy(
  { api, hosts }: { api: EditorApi; hosts: Hosts },
  breakpoint: vscode.SourceBreakpoint,
  remedy: Remedy,
): Promise<void> {
  const { uri, range } = breakpoint.location;
  const run = (id: string, ...rest: unknown[]) => api.commands.executeCommand(id, ...rest);
  const host = hosts.ofFile(uri);
  const named = (name: string) => ({ function: name, ...(host ? { folder: host.folder.path } : {}) });
  switch (remedy.kind) {
    case 'enable':
      replace(api, breakpoint, range.start.line, true);
      break;
    case 'move':
      replace(api, breakpoint, remedy.line - 1, breakpoint.enabled);
      break;
    case 'editCondition':
      await openSource(api, { file: uri.fsPath, line: range.start.line + 1, column: 1 });
      await run('editor.debug.action.editBreakpoint');
      break;
    case 'save':
      await api.workspace.textDocuments.find((one) => one.uri.toString() === uri.toString())?.save();
      break;
    case 'debug':
      await run(commandIds.debugInvoke, named(remedy.function));
      break;
    case 'invoke':
      await run(commandIds.invoke, named(remedy.function));
      break;
    case 'open':
      await openSource(api, remedy.position);
      break;
    case 'replace': {
      const running = host && (await hosts.running(host));
      const alive = host?.mirror.function(remedy.function)?.instances.map(({ id }) => id) ?? [];
      const ending = remedy.instances.filter((id) => alive.includes(id));
      if (running) await Promise.all(ending.map((id) => running.stopInstance(id)));
      break;
    }
    case 'showFunctions':
      await run(`${viewIds.functions}.focus`);
      break;
    case 'activateAll':
      await run('workbench.debug.viewlet.action.toggleBreakpointsActivatedAction');
      break;
  }
}

/** The editor has no way to change a breakpoint: another one takes its place. */
function replace(api: EditorApi, old: vscode.SourceBreakpoint, line: number, enabled: boolean): void {
  const { condition, hitCondition, logMessage, location } = old;
  const at = new api.Location(location.uri, new api.Position(line, 0));
  api.debug.removeBreakpoints([old]);
  api.debug.addBreakpoints([new api.SourceBreakpoint(at, enabled, condition, hitCondition, logMessage)]);
}
