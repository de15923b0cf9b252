import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { DeployPlan, DeployResult, DeployStepName } from '../../runtime/model/deploy.ts';
import { readFunction } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import { planDocument, planErrors, planSummary } from '../presentation/deployText.ts';
import { abortWith, announceResult, refreshDeployed } from './deployResult.ts';
import { deployedCommands } from './deployedCommands.ts';
import { chooseTarget } from './deployTarget.ts';
import { chooseHost } from './functionChoice.ts';
import { rollBack } from './rollBack.ts';
import { saveFiles } from './saveFiles.ts';
import { serveCommands } from './serveCommands.ts';
import type { Command, CommandServices } from './services.ts';
import { translated } from '../../runtime/support/l10n.ts';

function stepWord(step: DeployStepName): string {
  const words: Record<DeployStepName, string> = {
    check: l10n.t('checking'),
    build: l10n.t('building'),
    package: l10n.t('packaging'),
    rehearse: l10n.t('calling it on this machine first'),
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
    const { function: name, step, said, fraction } = change.progress;
    const detail = said ? translated(said) : change.progress.detail;
    const increment = Math.max(0, fraction * 100 - shown);
    shown += increment;
    progress.report({ increment, message: `${name}, ${stepWord(step)}${detail ? ` (${detail})` : ''}` });
  });
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

async function deploy(services: CommandServices, argument: unknown, ask: boolean): Promise<void> {
  const wanted = readFunction(argument);
  const host = await chooseHost(services, wanted?.folder);
  if (!host) return;
  const api = await services.hosts.running(host);
  const target = await chooseTarget(services, host, api, { argument, ask });
  if (target === undefined) return;
  const functions = await chooseDeployed(services, host, wanted?.function);
  if (!functions) return;
  await saveFiles(services, host, api);
  const { window, ProgressLocation } = services.api;
  const plan = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t('Planning the deploy') },
    () => api.planDeploy(target, functions),
  );
  host.mirror.setPlan(plan);
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
  host.mirror.forgetPlan(target, deployedNames(result));
  await refreshDeployed(host, api, target);
  void announceResult(services, result);
}

function deployedNames({ functions }: DeployResult): string[] {
  return functions.filter(({ status }) => status === 'deployed').map((item) => item.function);
}

/** Deploying, rolling back, and the local target's serving process. */
export const deployCommands: readonly Command[] = [
  {
    id: commandIds.deploy,
    whenDown: 'starts',
    create: (services) => (argument) => deploy(services, argument, false),
  },
  {
    id: commandIds.deployTo,
    whenDown: 'starts',
    create: (services) => (argument) => deploy(services, argument, true),
  },
  {
    id: commandIds.rollBack,
    whenDown: 'starts',
    create: (services) => (argument) => rollBack(services, argument),
  },
  ...deployedCommands,
  ...serveCommands,
];
