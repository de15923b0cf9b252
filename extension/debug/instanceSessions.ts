import type * as vscode from 'vscode';
import type { DebugTarget } from '../../runtime/protocol/control/messages.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import { goDebugType, pythonDebugType } from '../contributions/ids.ts';
import { DisposableStore } from '../../runtime/support/disposable.ts';
import {
  attachConfiguration,
  attachedInstance,
  goAttachConfiguration,
  pythonAttachConfiguration,
} from './configuration.ts';
import { javaScriptDebugger } from './loadDebugger.ts';

/** Debuggers that instances bring along themselves: they speak the editor's protocol. */
const ownDebuggers: Partial<Record<string, (target: DebugTarget) => vscode.DebugConfiguration>> = {
  debugpy: pythonAttachConfiguration,
  dlv: goAttachConfiguration,
};

/** Nothing moves, opens or changes colour until something stops. */
export const quietOptions: vscode.DebugSessionOptions = {
  suppressSaveBeforeStart: true,
  suppressDebugToolbar: true,
  suppressDebugStatusbar: true,
  suppressDebugView: true,
};

/** Attaches the debugger of its language to one instance, below the umbrella. Rejects with the reason when that does not work. */
export async function attachToInstance(
  api: EditorApi,
  umbrella: vscode.DebugSession,
  target: DebugTarget,
): Promise<void> {
  const own = ownDebuggers[target.debugger];
  if (!own && !api.extensions.getExtension(javaScriptDebugger)) {
    throw new Error(
      l10n.t(
        'The built-in extension "JavaScript Debugger" is disabled. Enable it to debug Node.js functions.',
      ),
    );
  }
  const folder = umbrella.workspaceFolder;
  const started = await api.debug.startDebugging(
    folder,
    own ? own(target) : attachConfiguration(target, folder?.uri.fsPath ?? ''),
    {
      ...quietOptions,
      parentSession: umbrella,
      // Otherwise Stop would end the instance.
      lifecycleManagedByParent: true,
      compact: true,
      consoleMode: api.DebugConsoleMode.MergeWithParent,
    },
  );
  if (!started) throw new Error(l10n.t('The editor did not start a session with the instance.'));
}

/** The adapter of such an instance is its own debugger (`debugpy`, `dlv`); the host passes on what it says. */
export function serveInstanceAdapters(api: EditorApi): Disposable {
  const store = new DisposableStore();
  for (const type of [pythonDebugType, goDebugType]) {
    store.add(
      api.debug.registerDebugAdapterDescriptorFactory(type, {
        createDebugAdapterDescriptor({ configuration }) {
          const port: unknown = configuration['port'];
          if (attachedInstance(configuration) === undefined || typeof port !== 'number') {
            throw new Error(l10n.t('Instances are attached by debugging their functions.'));
          }
          return new api.DebugAdapterServer(port, '127.0.0.1');
        },
      }),
    );
  }
  return store;
}

/** js-debug names its inner sessions "Remote Process [0] « …"; the call stack is to show the instance's name. */
export function nameInnerSessions(api: EditorApi): Disposable {
  return api.debug.onDidStartDebugSession((session) => {
    const { parentSession } = session;
    if (parentSession && attachedInstance(parentSession.configuration) !== undefined) {
      session.name = parentSession.name;
    }
  });
}
