import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestApi } from '../../extension/extension.ts';
import type { FolderHost } from '../../extension/hostClient/folderHost.ts';
import type { Event } from '../../runtime/support/emitter.ts';
import type { InvocationSummary } from '../../runtime/model/invocationRecord.ts';

/** The activated extension with the running host of the first folder. */
export interface Opened {
  api: TestApi;
  host: FolderHost;
  folder: vscode.WorkspaceFolder;
}

/** Activates the extension and waits until the functions of the first folder are listed. */
export async function openPorchlight(): Promise<Opened> {
  const extension = vscode.extensions.getExtension<TestApi | undefined>('porchlight.porchlight');
  const api = await extension?.activate();
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const host = folder && api?.hosts.find(folder.uri.toString());
  assert.ok(api && folder && host, 'the extension has no host for the folder');
  await host.api();
  return { api, host, folder };
}

/** Waits until something holds that changes only with an event. The test's own time-out ends a wait in vain. */
export async function until<T>(event: Event<unknown>, look: () => T | undefined | false): Promise<T> {
  return new Promise((resolve) => {
    const check = (): boolean => {
      const found = look();
      if (found === undefined || found === false) return false;
      resolve(found);
      return true;
    };
    if (check()) return;
    const subscription = event(() => {
      if (check()) subscription.dispose();
    });
  });
}

/** Runs a command that invokes, and waits for the invocation to end. */
export async function invocationBy(
  host: FolderHost,
  name: string,
  action: () => Thenable<unknown>,
): Promise<InvocationSummary> {
  const before = new Set(host.mirror.invocations.map(({ id }) => id));
  await action();
  return until(host.mirror.onDidChange, () =>
    host.mirror.invocations.find(
      (summary) => !before.has(summary.id) && summary.function === name && summary.status !== 'running',
    ),
  );
}
