import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { DeployPlan, DeployProgress, DeployResult, DeployStepName } from '../../runtime/model/deploy.ts';
import { readFunction, readVersion } from '../contributions/arguments.ts';
import { commandIds, viewIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import {
  planDocument,
  planErrors,
  planSummary,
  resultSentence,
  serveText,
  versionDescription,
} from '../presentation/deployText.ts';
import { chooseHost } from './functionChoice.ts';
import type { Command, CommandServices } from './services.ts';

/** The only target of this version; more come with the platforms. */
const target = 'local';

function stepWord(step: DeployStepName): string {
  const words: Record<DeployStepName, string> = {
    check: l10n.t('checking'),
    build: l10n.t('building'),
    package: l10n.t('packaging'),
    upload: l10n.t('storing the package'),
    apply: l10n.t('applying the configuration'),
    verify: l10n.t('verifying with a call'),
    switch: l10n.t('switching to the new version'),
  };
  return words[step];
}

/** Passes the steps of one plan on to a progress notification. */
function showSteps(
  host: FolderHost,
  plan: DeployPlan,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
) {
  let shown = 0;
  return host.mirror.onDidChange((change) => {
    if (change.kind !== 'progress' || change.progress.plan !== plan.id) return;
    const { function: name, step, detail, fraction }: DeployProgress = change.progress;
    const increment = Math.max(0, fraction * 100 - shown);
    shown += increment;
    progress.report({ increment, message: `${name}, ${stepWord(step)}${detail ? ` (${detail})` : ''}` });
  });
}

function abortWith(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

async function apply(
  services: CommandServices,
  host: FolderHost,
  api: HostApi,
  plan: DeployPlan,
): Promise<DeployResult> {
  const { window, ProgressLocation } = services.api;
  const title = l10n.t('Deploying to {0}', plan.target);
  return window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const steps = showSteps(host, plan, progress);
      try {
        return await api.applyDeploy(plan.id, abortWith(token));
      } finally {
        steps.dispose();
      }
    },
  );
}

/** Says how it ended, and offers what one wants next. */
async function announce(services: CommandServices, result: DeployResult): Promise<void> {
  const { api, dialogs, log } = services;
  const sentence = resultSentence(result);
  log.info(sentence);
  const url = result.functions.flatMap((item) => item.urls)[0];
  const [show, copy] = [l10n.t('Show'), l10n.t('Copy URL')];
  const failed = result.functions.some((item) => item.status === 'failed');
  const answer = failed
    ? await dialogs.error(sentence, l10n.t('Show Log'))
    : await dialogs.info(sentence, ...(url === undefined ? [] : [copy]), show);
  if (answer === copy && url !== undefined)
    await api.env.clipboard.writeText((await api.env.asExternalUri(api.Uri.parse(url))).toString(true));
  else if (answer === show) await api.commands.executeCommand(`${viewIds.deployed}.focus`);
  else if (answer !== undefined) log.show();
}

/** Asks the host again what is deployed: it tells other windows, but not before this one shows the result. */
async function refreshDeployed(host: FolderHost, api: HostApi): Promise<void> {
  const [functions, serve] = await Promise.all([api.listDeployed(target), api.serve('status')]);
  host.mirror.setDeployed(target, functions, serve);
}

async function chooseDeployed(
  services: CommandServices,
  host: FolderHost,
  wanted: string | undefined,
): Promise<string[] | undefined> {
  if (wanted !== undefined) return [wanted];
  const names = host.mirror.functions.map((state) => state.name);
  if (names.length < 2) return names;
  const all = { label: l10n.t('All functions'), description: names.join(', '), value: names };
  return services.dialogs.pick([all, ...names.map((name) => ({ label: name, value: [name] }))], {
    placeHolder: l10n.t('Deploy which functions?'),
  });
}

async function deploy(services: CommandServices, argument: unknown): Promise<void> {
  const wanted = readFunction(argument);
  const host = await chooseHost(services, wanted?.folder);
  if (!host) return;
  const api = await services.hosts.running(host);
  const functions = await chooseDeployed(services, host, wanted?.function);
  if (!functions) return;
  const { window, ProgressLocation } = services.api;
  const plan = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Planning the deploy') },
    () => api.planDeploy(target, functions),
  );
  await services.documents.open(
    `${l10n.t('Deploy plan')} ${target}.md`,
    planDocument(plan),
    `plan-${plan.id}`,
  );
  const errors = planErrors(plan);
  if (errors.length > 0) throw new PorchlightError('DEPLOY_BLOCKED', { detail: errors.join(' ') });
  const question =
    functions.length === 1
      ? l10n.t('Deploy {0} to {1}?', functions[0] ?? '', target)
      : l10n.t('Deploy {0} functions to {1}?', functions.length, target);
  if (!(await services.dialogs.confirm(question, planSummary(plan), l10n.t('Deploy')))) return;
  const result = await apply(services, host, api, plan);
  await refreshDeployed(host, api);
  void announce(services, result);
}

async function rollBack(services: CommandServices, argument: unknown): Promise<void> {
  const { dialogs, api: editor } = services;
  const named = readVersion(argument);
  const wanted = named ?? readFunction(argument);
  const host = await chooseHost(services, wanted?.folder);
  if (!host) return;
  const api = await services.hosts.running(host);
  const deployed = await api.listDeployed(target);
  const earlier = deployed.filter((item) => item.versions.some((version) => !version.current));
  const name =
    wanted?.function ??
    (earlier.length === 1
      ? earlier[0]?.function
      : await dialogs.pick(
          earlier.map((item) => ({ label: item.function, value: item.function })),
          {
            placeHolder:
              earlier.length > 0
                ? l10n.t('Roll back which function?')
                : l10n.t('No function has an earlier version yet.'),
          },
        ));
  const found = deployed.find((item) => item.function === name);
  if (name === undefined) return;
  const versions = (found?.versions ?? []).filter((version) => !version.current);
  if (versions.length === 0) throw new PorchlightError('VERSION_UNKNOWN', { function: name, target });
  const to =
    named?.version ??
    (await dialogs.pick(
      versions.map((version) => ({
        label: l10n.t('version {0}', version.version),
        description: versionDescription(version),
        value: version.version,
      })),
      { placeHolder: l10n.t('Serve which version of {0} again?', name) },
    ));
  if (to === undefined) return;
  const detail = l10n.t(
    'The code and the settings of that version are served again at once. The current version is kept.',
  );
  if (
    !(await dialogs.confirm(l10n.t('Roll {0} back to version {1}?', name, to), detail, l10n.t('Roll Back')))
  )
    return;
  const { ProgressLocation } = editor;
  const title = l10n.t('Rolling {0} back', name);
  const result = await editor.window.withProgress(
    { location: ProgressLocation.Notification, title, cancellable: true },
    (_progress, token) => api.rollBack(target, name, to, abortWith(token)),
  );
  await refreshDeployed(host, api);
  void announce(services, result);
}

function serveCommand(id: Command['id'], action: 'start' | 'stop' | 'status'): Command {
  return {
    id,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const host = await chooseHost(services, readFolder(argument));
      if (!host) return;
      const api = await services.hosts.running(host);
      const status = await services.api.window.withProgress({ location: { viewId: viewIds.deployed } }, () =>
        api.serve(action),
      );
      host.mirror.setServe(status);
      services.dialogs.remark(
        `$(${status.running ? 'vm-running' : 'vm'}) ${host.folder.name}: ${serveText(status)}`,
      );
    },
  };
}

/** The folder of a target's row. */
function readFolder(value: unknown): string | undefined {
  const argument =
    (value as { argument?: { folder?: unknown } } | undefined)?.argument ??
    (value as { folder?: unknown } | undefined);
  return typeof argument?.folder === 'string' ? argument.folder : undefined;
}

/** Deploying, rolling back, and the local target's serving process. */
export const deployCommands: readonly Command[] = [
  {
    id: commandIds.deploy,
    whenDown: 'starts',
    create: (services) => (argument) => deploy(services, argument),
  },
  {
    id: commandIds.rollBack,
    whenDown: 'starts',
    create: (services) => (argument) => rollBack(services, argument),
  },
  serveCommand(commandIds.serveStart, 'start'),
  serveCommand(commandIds.serveStop, 'stop'),
  serveCommand(commandIds.serveStatus, 'status'),
];
