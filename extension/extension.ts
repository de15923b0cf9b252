import * as vscode from 'vscode';
import { systemClock } from '../runtime/support/clock.ts';
import { DisposableStore } from '../runtime/support/disposable.ts';
import { registerAgentTools } from './agents/registerAgentTools.ts';
import { CompareSelection } from './commands/compareSelection.ts';
import { laterCommands } from './commands/later.ts';
import { registerCommands, report } from './commands/register.ts';
import type { CommandServices } from './commands/services.ts';
import { documentScheme, eventScheme, settingIds, viewIds } from './contributions/ids.ts';
import type { Debugging } from './debug/debugging.ts';
import type { BreakpointHints } from './debug/doctor/hints.ts';
import { registerDebug } from './debug/register.ts';
import { editorDialogs } from './editor/dialogs.ts';
import { useTranslator } from './editor/l10n.ts';
import { MemoryFiles } from './editor/memoryFiles.ts';
import { registerPositionLinks } from './editor/positionLinks.ts';
import { LogChannels } from './editor/logChannels.ts';
import { ReadOnlyDocuments } from './editor/readOnlyDocuments.ts';
import { Setting } from './editor/setting.ts';
import { Hosts } from './hostClient/hosts.ts';
import { hasProject } from './hostClient/projectProbe.ts';
import { realLauncher } from './hostClient/realLauncher.ts';
import { HostProblems } from './inline/hostProblems.ts';
import { ImportCostMarks } from './inline/importCostMarks.ts';
import { registerInlineHover } from './inline/inlineHover.ts';
import { InlineLogs, loggedValues } from './inline/inlineLogs.ts';
import { InlineSource } from './inline/inlineSource.ts';
import { SourceTexts } from './inline/sourceTexts.ts';
import { SummaryLenses } from './inline/summaryLenses.ts';
import type { LanguageService } from './language/client.ts';
import { InlineSetting } from './presentation/inlineSetting.ts';
import { InvocationFilter } from './presentation/invocationFilter.ts';
import { InvocationSelection } from './presentation/invocationSelection.ts';
import { Timelines } from './timeline/timelines.ts';
import { registerTests, type SavedEventTests } from './testing/register.ts';
import { keepContextKeys } from './views/contextKeys.ts';
import { tellOfCrashes } from './views/crashMessages.ts';
import { rememberedTarget } from './commands/deployTarget.ts';
import { DeployedTree } from './views/deployedView.ts';
import { followVisibility, FunctionsTree } from './views/functionsView.ts';
import { bindInvocationsView, InvocationsTree } from './views/invocationsView.ts';
import { showFollows } from './views/followsShown.ts';
import { StatusItem } from './views/statusItem.ts';

let hosts: Hosts | undefined;
let language: Promise<LanguageService> | undefined;

/** What tests in the editor get to look at; nobody else does. */
export interface TestApi {
  hosts: Hosts;
  debugging: Debugging;
  hints: BreakpointHints;
  /** Replaces the answers to questions, since tests cannot click. */
  dialogs: ReturnType<typeof editorDialogs>;
  inlineLogs: InlineLogs;
  importCosts: ImportCostMarks;
  tests: SavedEventTests;
  timelines: Timelines;
  selection: InvocationSelection;
  trees: { functions: FunctionsTree; invocations: InvocationsTree; deployed: DeployedTree };
}

/** Wires the parts together. Hosts start afterwards, in their own time. */
export function activate(context: vscode.ExtensionContext): TestApi | undefined {
  useTranslator(vscode.l10n.t);
  const store = new DisposableStore();
  context.subscriptions.push(store);
  const log = store.add(vscode.window.createOutputChannel('Porchlight', { log: true }));
  const nodePath = store.add(new Setting(vscode, settingIds.nodePath, ''));
  const inlineSetting = store.add(new InlineSetting(vscode));
  const importCostsEnabled = store.add(new Setting(vscode, settingIds.importCosts, true));
  const dialogs = editorDialogs(vscode);
  const documents = store.add(new ReadOnlyDocuments(vscode, documentScheme));
  store.add(registerPositionLinks(vscode, documentScheme));

  const launcher = realLauncher({
    program: context.asAbsolutePath('dist/porchlight.cjs'),
    nodePath: () => nodePath.value,
    log,
    clientName: vscode.env.appName,
  });
  hosts = store.add(new Hosts(vscode, launcher, (folder) => hasProject(vscode, folder)));
  const selection = store.add(new InvocationSelection());
  const filter = store.add(new InvocationFilter());

  const functions = store.add(new FunctionsTree(vscode, hosts, systemClock));
  const functionsView = store.add(
    vscode.window.createTreeView(viewIds.functions, {
      treeDataProvider: functions.provider,
      showCollapseAll: true,
    }),
  );
  store.add(followVisibility(functionsView, functions));
  const invocations = store.add(new InvocationsTree(vscode, hosts, filter, systemClock));
  const invocationsView = store.add(
    vscode.window.createTreeView(viewIds.invocations, {
      treeDataProvider: invocations.provider,
      showCollapseAll: true,
      canSelectMany: true,
    }),
  );
  store.add(bindInvocationsView(invocationsView, invocations, selection, filter));
  const deployed = store.add(
    new DeployedTree(vscode, hosts, systemClock, (folder) =>
      rememberedTarget(context.workspaceState, folder),
    ),
  );
  store.add(vscode.window.registerTreeDataProvider(viewIds.deployed, deployed.provider));
  store.add(new StatusItem(vscode, hosts));
  store.add(keepContextKeys(vscode, hosts, filter));
  store.add(tellOfCrashes(vscode, dialogs, hosts));

  const normalize = (path: string) => vscode.Uri.file(path).fsPath;
  const inlineSource = store.add(new InlineSource(hosts, selection, normalize));
  const sourceTexts = store.add(new SourceTexts(vscode, hosts, normalize, systemClock));
  const inlineLogs = store.add(new InlineLogs(vscode, inlineSource, sourceTexts, inlineSetting, systemClock));
  store.add(registerInlineHover(vscode, inlineLogs, systemClock));
  const importCosts = store.add(
    new ImportCostMarks(vscode, hosts, importCostsEnabled, systemClock, normalize),
  );
  store.add(new HostProblems(vscode, hosts));
  const summaryLenses = store.add(new SummaryLenses(hosts, systemClock));

  const logChannels = store.add(new LogChannels(vscode.window));
  const timelines = store.add(
    new Timelines(
      {
        api: vscode,
        dist: vscode.Uri.joinPath(context.extensionUri, 'dist'),
        clock: systemClock,
        selection,
        log,
        openSourceOf: (host, id, column) => commands.openSourceOf(host, id, column),
        running: (host) => hosts!.running(host),
        saveFiles: async (host) => commands.saveFiles(host, await hosts!.running(host)),
        report: (error) => report(services, error),
      },
      hosts,
    ),
  );
  const services: CommandServices = {
    api: vscode,
    dialogs,
    hosts,
    selection,
    filter,
    documents,
    inlineLogs: inlineSetting,
    loggedValues: (file, line) => loggedValues(vscode, inlineLogs, file, line),
    compare: new CompareSelection(vscode),
    timelines,
    log,
    logChannel: (title) => logChannels.of(title),
    state: context.workspaceState,
    globalState: context.globalState,
    extensionUri: context.extensionUri,
    invocationsVisible: () => invocationsView.visible,
    loadMoreInvocations: () => invocations.list.loadMore(),
    isDebugged: (host, name) => debugging.find(host)?.debugs(name) ?? false,
    debugFunction: async (host, name) => {
      if (!debugging.find(host)?.debugs(name)) await debugging.ensure(host, [name]);
    },
  };
  store.add(registerCommands(services));
  const commands = laterCommands(services);
  store.add(commands.tellRemoteLogs());
  store.add(showFollows(invocationsView, hosts));
  store.add(new MemoryFiles(vscode, eventScheme, commands.eventText));
  store.add(commands.registerEventLenses());
  const { debugging, hints } = store.add(
    registerDebug({
      api: vscode,
      hosts,
      log,
      dialogs,
      clock: systemClock,
      normalize,
      chooseFunction: commands.chooseFunction,
      chooseHost: commands.chooseHost,
      invoke: commands.invokeAgain,
      replays: commands.replays,
      report: (error) => report(services, error),
    }),
  );

  const tests = store.add(
    registerTests({
      api: vscode,
      hosts,
      log,
      saveFiles: commands.saveFiles,
      async debug(host, functions) {
        const before = debugging.find(host);
        await debugging.ensure(host, functions);
        // A session that was there before goes on.
        return { end: async () => (before ? undefined : debugging.stop(host)) };
      },
    }),
  );

  store.add(registerAgentTools(vscode, hosts, context.extension.packageJSON));

  void hosts.startAll();
  commands.continueExample().catch((error: unknown) => report(services, error));
  // Its library is larger than all the rest: loaded in a turn of its own, so that neither views nor the editor, which waits
  // for this function and whatever it queued, wait for it.
  language = new Promise((resolve) => setImmediate(resolve))
    .then(() => import('./language/client.ts'))
    .then(({ startLanguage }) => startLanguage(context, log, summaryLenses, hosts!));
  if (context.extensionMode !== vscode.ExtensionMode.Test) return undefined;
  const trees = { functions, invocations, deployed };
  return { hosts, debugging, hints, dialogs, inlineLogs, importCosts, tests, timelines, selection, trees };
}

/** The editor waits a few seconds for this: hosts end in an orderly way. What is left then is ended by disposal. */
export async function deactivate(): Promise<void> {
  await Promise.all([hosts?.stopAll(), language?.then((service) => service.stop())]);
}
