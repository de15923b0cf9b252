import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import { platformDefaults } from '../../runtime/model/platformDefaults.ts';
import {
  findSample,
  sampleOf,
  samplesFor,
  sampleText,
  type Sample,
} from '../../runtime/model/samples/index.ts';
import type { FunctionState } from '../../runtime/protocol/control/state.ts';
import { commandIds, eventScheme, viewIds } from '../contributions/ids.ts';
import type { Choice } from '../editor/dialogs.ts';
import { l10n } from '../editor/l10n.ts';
import { chooseFunction, type ChosenFunction } from './functionChoice.ts';
import { announce } from './invokeCommands.ts';
import type { ReplayManner } from './replay.ts';
import { saveFiles } from './saveFiles.ts';
import type { Command, CommandServices } from './services.ts';

/** A sample event that is edited before a function gets it; its document's address says which. */
export interface SampleDocument {
  function: string;
  folder: string;
  platform: string;
  kind: string;
}

const prefix = 'sample~';

/** What a document of the event scheme holds, when it is a sample. */
export function readSampleUri(uri: vscode.Uri): SampleDocument | undefined {
  const id = decodeURIComponent(uri.path.split('/')[1] ?? '');
  if (!id.startsWith(prefix)) return undefined;
  const [platform = '', kind = '', ...name] = id.slice(prefix.length).split('~');
  return { platform, kind, function: name.join('~'), folder: uri.query };
}

function sampleUri({ api }: CommandServices, { host, state }: ChosenFunction, each: Sample): vscode.Uri {
  const id = `${prefix}${each.platform}~${each.kind}~${state.name}`;
  const name = `${state.name} ${each.kind}.json`.replaceAll(/[\\/:*?"<>|]/g, '-');
  return api.Uri.from({
    scheme: eventScheme,
    path: `/${encodeURIComponent(id)}/${name}`,
    query: host.folder.path,
  });
}

/** The event as its trigger would send it now. */
export function sampleDocumentText({ platform, kind, function: name }: SampleDocument): string {
  const { region, accountId } = platformDefaults(platform);
  const facts = { function: name, region, accountId, at: new Date(), id: randomUUID() };
  return sampleText(findSample(kind, platform), facts);
}

/** Samples for a function: those of its own triggers first, then its platform's, then those of no cloud. */
function sampleChoices(services: CommandServices, state: FunctionState): Choice<Sample>[] {
  const { Separator } = services.api.QuickPickItemKind;
  const own = state.triggers.flatMap((trigger) =>
    trigger.kind === 'http' ? [] : (sampleOf(trigger, state.platform) ?? []),
  );
  const offered = samplesFor(state.platform);
  const choice = (value: Sample): Choice<Sample> => ({
    label: value.title,
    description: value.kind,
    ...(value.words !== undefined && { detail: value.words }),
    value,
  });
  const group = (label: string, list: readonly Sample[]): Choice<Sample>[] =>
    list.length === 0 ? [] : [{ label, kind: Separator }, ...list.map(choice)];
  const others = offered.filter((each) => !own.includes(each));
  return [
    ...group(l10n.t('Of its triggers'), [...new Set(own)]),
    ...group(
      state.platformName,
      others.filter(({ platform }) => platform !== 'cloudevents'),
    ),
    ...group(
      'CloudEvents',
      others.filter(({ platform }) => platform === 'cloudevents'),
    ),
  ];
}

/** Lets the user choose a sample, and opens it in an editor from which it is sent. */
async function invokeWithSample(services: CommandServices, argument: unknown): Promise<void> {
  const chosen = await chooseFunction(services, argument);
  if (!chosen) return;
  const each = await services.dialogs.pick(sampleChoices(services, chosen.state), {
    placeHolder: l10n.t('Which event for {0}? Type to search.', chosen.state.name),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (!each) return;
  const document = await services.api.workspace.openTextDocument(sampleUri(services, chosen, each));
  await services.api.window.showTextDocument(document, { preview: false });
}

/** Invokes the function of a sample's document with what the document holds now. */
export async function sendSample(
  services: CommandServices,
  { function: name, folder, kind }: SampleDocument,
  text: string,
  { startKind, debug }: ReplayManner,
): Promise<void> {
  const chosen = await chooseFunction(services, { function: name, folder });
  if (!chosen) return;
  const { host, api } = chosen;
  if (debug) await services.debugFunction(host, name);
  await saveFiles(services, host, api);
  const record = await services.api.window.withProgress({ location: { viewId: viewIds.invocations } }, () =>
    api.invoke({
      function: name,
      event: { encoding: 'utf8', data: text },
      label: l10n.t('sample {0}', kind),
      ...(startKind && { startKind }),
    }),
  );
  services.selection.reveal({ folder: host.folder.path, id: record.id });
  void announce(services, host, record);
}

/** Choosing an event from the library. */
export const sampleCommands: readonly Command[] = [
  {
    id: commandIds.invokeWithSample,
    whenDown: 'starts',
    create: (services) => (argument) => invokeWithSample(services, argument),
  },
];
