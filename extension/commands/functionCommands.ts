import { PorchlightError } from '../../runtime/model/errors.ts';
import type { SourcePosition } from '../../runtime/model/words.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import { readInstance, readSource, readUrl } from '../contributions/arguments.ts';
import { commandIds, internalCommandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { openSource } from '../editor/openSource.ts';
import { processText } from '../presentation/functionText.ts';
import { chooseFunction, chooseHost } from './functionChoice.ts';
import { findExport } from './handlerPosition.ts';
import type { Command, CommandServices } from './services.ts';

/** The URL a command is about: of its row, or of the function's first HTTP trigger. */
async function chooseUrl(services: CommandServices, argument: unknown): Promise<string | undefined> {
  const named = readUrl(argument);
  if (named) return named.url;
  const chosen = await chooseFunction(services, argument);
  if (!chosen) return undefined;
  const { http, invoke } = chosen.state.urls;
  if (http.length < 2) return http[0] ?? invoke;
  return services.dialogs.pick(
    http.map((url) => ({ label: url, value: url })),
    { placeHolder: l10n.t('Which URL?') },
  );
}

/** Where a function's handler is, as far as it is known. */
export async function handlerPlace(
  { api }: Pick<CommandServices, 'api'>,
  state: FunctionState,
): Promise<SourcePosition> {
  // Its file is not known, e.g. because the module is missing: the declaration is what has to be corrected.
  if (!state.entryFile) return state.handlerAt ?? state.declaredAt;
  const document = await api.workspace.openTextDocument(api.Uri.file(state.entryFile));
  return { file: state.entryFile, ...findExport(document.getText(), state.handler.split('.').pop() ?? '') };
}

/** Commands on one function, its instances and its addresses. */
export const functionCommands: readonly Command[] = [
  {
    id: commandIds.switchProcessModel,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const chosen = await chooseFunction(services, argument);
      if (!chosen) return;
      const model = chosen.state.process.model === 'resident' ? 'ephemeral' : 'resident';
      const state = await chosen.api.setProcessModel(chosen.state.name, model);
      services.dialogs.remark(`$(refresh) ${state.name}: ${processText(state)}`);
    },
  },
  {
    id: commandIds.stopInstance,
    whenDown: 'asks',
    create: (services) => async (argument) => {
      const wanted = readInstance(argument);
      const host = wanted?.folder === undefined ? undefined : services.hosts.find(wanted.folder);
      if (!wanted || !host?.running)
        throw new PorchlightError('INSTANCE_UNKNOWN', { instance: wanted?.instance ?? '' });
      await host.running.stopInstance(wanted.instance);
    },
  },
  {
    id: commandIds.openHandler,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const chosen = await chooseFunction(services, argument);
      if (chosen) await openSource(services.api, await handlerPlace(services, chosen.state));
    },
  },
  {
    id: internalCommandIds.openSource,
    whenDown: 'works',
    create: (services) => async (argument) => {
      const source = readSource(argument);
      if (source) await openSource(services.api, source.position);
    },
  },
  {
    id: commandIds.copyUrl,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const { api, dialogs } = services;
      const url = await chooseUrl(services, argument);
      if (!url) return;
      // In a remote window the browser reaches it under another address.
      const external = (await api.env.asExternalUri(api.Uri.parse(url))).toString(true);
      await api.env.clipboard.writeText(external);
      dialogs.remark(`$(copy) ${l10n.t('Copied {0}', external)}`);
    },
  },
  {
    id: commandIds.openInBrowser,
    whenDown: 'starts',
    create: (services) => async (argument) => {
      const { api } = services;
      const url = await chooseUrl(services, argument);
      if (url) await api.env.openExternal(api.Uri.parse(url));
    },
  },
  {
    id: commandIds.reloadProject,
    whenDown: 'starts',
    create: (services) => async () => {
      const host = await chooseHost(services, undefined);
      if (!host) return;
      const running = host.running;
      const api = await services.hosts.running(host);
      // A host that has just been started has just read it.
      if (running) await api.reloadProject();
    },
  },
];
