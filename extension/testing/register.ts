import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { testControllerId } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import { TestRuns, type TestRunServices } from './testRuns.ts';
import { TestTree } from './testTree.ts';

/** Saved events in the editor's Testing view. */
export interface SavedEventTests extends Disposable {
  controller: vscode.TestController;
  profiles: { run: vscode.TestRunProfile; debug: vscode.TestRunProfile };
  tree: TestTree;
  runs: TestRuns;
}

/** Lists saved events in the Testing view, and runs and debugs them there. */
export function registerTests(
  services: TestRunServices & { log: Pick<vscode.LogOutputChannel, 'warn'> },
): SavedEventTests {
  const { api, hosts, log } = services;
  const store = new DisposableStore();
  const controller = store.add(api.tests.createTestController(testControllerId, 'Porchlight'));
  const tree = new TestTree(api, hosts, controller);
  const runs = store.add(new TestRuns(services, controller, tree));
  const { Run, Debug } = api.TestRunProfileKind;
  const run = store.add(
    controller.createRunProfile(
      l10n.t('Run'),
      Run,
      (request, token) => runs.run(request, token, false),
      true,
      undefined,
      true,
    ),
  );
  const debug = store.add(
    controller.createRunProfile(
      l10n.t('Debug'),
      Debug,
      (request, token) => runs.run(request, token, true),
      true,
    ),
  );
  const load = async (host: FolderHost): Promise<void> => {
    try {
      const list = await host.running?.listTests();
      if (list) host.mirror.setTests(list, []);
    } catch (error) {
      log.warn(`Saved events of ${host.folder.name} cannot be listed: ${String(error)}`);
    }
  };
  // Whoever opens the view or refreshes it wants the tests of folders whose host is down as well.
  const find = async (): Promise<void> => {
    if (!api.workspace.isTrusted) return;
    await Promise.all(
      hosts.withProject.map(async (host) => {
        // A host that does not start says so by its state.
        await hosts.running(host).catch(() => {});
        await load(host);
      }),
    );
  };
  controller.resolveHandler = (item) => (item ? undefined : find());
  controller.refreshHandler = find;
  store.add(
    hosts.onDidChange((change) => {
      if (change.kind === 'state' && change.host.state.kind === 'running') void load(change.host);
      if (change.kind === 'folders') tree.update();
      if (change.kind === 'mirror' && (change.change.kind === 'tests' || change.change.kind === 'functions'))
        tree.update();
    }),
  );
  return { controller, profiles: { run, debug }, tree, runs, dispose: () => store.dispose() };
}
