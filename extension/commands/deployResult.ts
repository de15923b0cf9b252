import type * as vscode from 'vscode';
import type { DeployResult } from '../../runtime/model/deploy.ts';
import { verificationText } from '../../runtime/model/verificationText.ts';
import { viewIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import { resultSentence } from '../presentation/deployText.ts';
import type { CommandServices } from './services.ts';

/** The editor's way to cancel as the platform's. */
export function abortWith(token: vscode.CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}

/** Says how a deploy or a roll-back ended, and offers what one wants next. */
export async function announceResult(services: CommandServices, result: DeployResult): Promise<void> {
  const { api, dialogs, log } = services;
  const sentence = resultSentence(result);
  log.info(sentence);
  for (const { function: name, verification } of result.functions)
    if (verification) log.info(`${name} ${verificationText(verification)}`);
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
export async function refreshDeployed(host: FolderHost, api: HostApi, target: string): Promise<void> {
  const [functions, serve] = await Promise.all([api.listDeployed(target), api.serve('status')]);
  host.mirror.setDeployed(target, functions, serve);
}
