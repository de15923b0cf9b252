import { PorchlightError } from '../../runtime/model/errors.ts';
import type { DeployedFunction } from '../../runtime/model/deploy.ts';
import { readFunction, readVersion } from '../contributions/arguments.ts';
import { l10n } from '../editor/l10n.ts';
import { versionDescription } from '../presentation/deployText.ts';
import { abortWith, announceResult, refreshDeployed } from './deployResult.ts';
import { chooseTarget } from './deployTarget.ts';
import { chooseHost } from './functionChoice.ts';
import type { CommandServices } from './services.ts';

async function chooseName(
  services: CommandServices,
  deployed: DeployedFunction[],
): Promise<string | undefined> {
  const earlier = deployed.filter((item) => item.versions.some((version) => !version.current));
  if (earlier.length === 1) return earlier[0]?.function;
  const placeHolder =
    earlier.length > 0
      ? l10n.t('Roll back which function?')
      : l10n.t('No function has an earlier version yet.');
  return services.dialogs.pick(
    earlier.map((item) => ({ label: item.function, value: item.function })),
    { placeHolder },
  );
}

async function chooseVersion(
  services: CommandServices,
  deployed: DeployedFunction[],
  { name, target }: { name: string; target: string },
): Promise<string | undefined> {
  const found = deployed.find((item) => item.function === name);
  const versions = (found?.versions ?? []).filter(
    // While calls are shared, the current one may get all of them again.
    (version) => !version.current || version.percent !== undefined,
  );
  if (versions.length === 0) throw new PorchlightError('VERSION_UNKNOWN', { function: name, target });
  return services.dialogs.pick(
    versions.map((version) => ({
      label: l10n.t('version {0}', version.version),
      description: versionDescription(version),
      value: version.version,
    })),
    { placeHolder: l10n.t('Serve which version of {0} again?', name) },
  );
}

/** Serves another version of a function again, after asking. */
export async function rollBack(services: CommandServices, argument: unknown): Promise<void> {
  const { dialogs, api: editor } = services;
  const named = readVersion(argument);
  const wanted = named ?? readFunction(argument);
  const host = await chooseHost(services, wanted?.folder);
  if (!host) return;
  const api = await services.hosts.running(host);
  const target = await chooseTarget(services, host, api, { argument });
  if (target === undefined) return;
  const deployed = await api.listDeployed(target);
  const name = wanted?.function ?? (await chooseName(services, deployed));
  if (name === undefined) return;
  const to = named?.version ?? (await chooseVersion(services, deployed, { name, target }));
  if (to === undefined) return;
  const question = l10n.t('Roll {0} back to version {1}?', name, to);
  const detail = l10n.t(
    'The code and the settings of that version are served again at once. The current version is kept.',
  );
  if (!(await dialogs.confirm(question, detail, l10n.t('Roll Back')))) return;
  const result = await editor.window.withProgress(
    {
      location: editor.ProgressLocation.Notification,
      title: l10n.t('Rolling {0} back', name),
      cancellable: true,
    },
    (_progress, token) => api.rollBack(target, name, to, abortWith(token)),
  );
  host.mirror.forgetPlan(target, [name]);
  await refreshDeployed(host, api, target);
  void announceResult(services, result);
}
