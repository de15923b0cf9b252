import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { InvocationRecord, StoredBody } from '../../runtime/model/invocationRecord.ts';
import { jsonErrorOffset } from '../../runtime/support/jsonError.ts';
import { readUri } from '../contributions/arguments.ts';
import { eventScheme } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { bodyFileName, bodyText } from '../presentation/invocationText.ts';
import { chosenInvocation, recordOf, refuseCut, type ChosenInvocation } from './chosenInvocation.ts';
import { chooseManner, replay, type ReplayManner } from './replay.ts';
import { readSampleUri, sampleDocumentText, sendSample, type SampleDocument } from './sampleEvent.ts';
import type { CommandServices } from './services.ts';

/** The document in which the event of an invocation is edited: its address says which. */
function eventUri({ api }: CommandServices, { host, id }: ChosenInvocation, name: string): vscode.Uri {
  const path = `/${encodeURIComponent(id)}/${name.replaceAll(/[\\/:*?"<>|]/g, '-')}`;
  return api.Uri.from({ scheme: eventScheme, path, query: host.folder.path });
}

/** The invocation whose event a document holds. */
function ofDocument(services: CommandServices, uri: vscode.Uri): Promise<ChosenInvocation> {
  const id = decodeURIComponent(uri.path.split('/')[1] ?? '');
  return chosenInvocation(services, { invocation: id, folder: uri.query });
}

/** The text of an event's document before somebody edits it. Also asked for when the editor opens it anew by itself. */
export async function eventText(services: CommandServices, uri: vscode.Uri): Promise<string> {
  const sample = readSampleUri(uri);
  if (sample) return sampleDocumentText(sample);
  const record = await recordOf(await ofDocument(services, uri));
  return bodyText(record.event);
}

/** Opens an event in an editor, from which it can be sent. */
export async function openEvent(
  services: CommandServices,
  chosen: ChosenInvocation,
  record: InvocationRecord,
): Promise<void> {
  refuseCut(record);
  if (record.event.encoding === 'base64') {
    throw new PorchlightError('USAGE', {
      detail: l10n.t('This event is binary, so it cannot be edited as text. It can be replayed as it is.'),
    });
  }
  const uri = eventUri(services, chosen, bodyFileName(record, 'event'));
  const document = await services.api.workspace.openTextDocument(uri);
  await services.api.window.showTextDocument(document, { preview: false });
}

/** The event's document a command is about: the one its argument names, or the active one. */
export async function documentOf(services: CommandServices, argument: unknown): Promise<vscode.TextDocument> {
  const { api } = services;
  const named = readUri(argument);
  const document = named
    ? await api.workspace.openTextDocument(api.Uri.parse(named))
    : api.window.activeTextEditor?.document;
  if (document?.uri.scheme === eventScheme) return document;
  throw new PorchlightError('USAGE', {
    detail: l10n.t('No event is being edited. Choose "Edit Event and Replay" on an invocation first.'),
  });
}

/** Sends what an event's document holds. */
export async function sendEvent(
  services: CommandServices,
  argument: unknown,
  manner: ReplayManner | 'choose',
): Promise<void> {
  const document = await documentOf(services, argument);
  const sample = readSampleUri(document.uri);
  if (sample) return sendSampleDocument(services, document, sample, manner);
  const chosen = await ofDocument(services, document.uri);
  const record = await recordOf(chosen);
  const text = document.getText();
  if (!(await isFit(services, document, record))) return;
  const how = manner === 'choose' ? await chooseManner<never>(services, chosen, record.function) : manner;
  if (!how) return;
  // Nothing is lost when its tab is closed, so nobody needs to be asked then.
  await document.save();
  const edited = text === bodyText(record.event) ? undefined : { encoding: 'utf8' as const, data: text };
  await replay(services, chosen, record, how, edited);
}

/** The same for a sample, which no invocation had before. */
async function sendSampleDocument(
  services: CommandServices,
  document: vscode.TextDocument,
  sample: SampleDocument,
  manner: ReplayManner | 'choose',
): Promise<void> {
  const text = document.getText();
  const event: StoredBody = { encoding: 'utf8', data: '{}', size: 2, truncated: false };
  if (!(await isFit(services, document, { event, platform: sample.platform }))) return;
  const host = services.hosts.find(sample.folder);
  const how =
    manner === 'choose' && host ? await chooseManner<never>(services, { host }, sample.function) : manner;
  if (!how || how === 'choose') return;
  await document.save();
  await sendSample(services, sample, text, how);
}

const isJson = ({ encoding, data }: StoredBody): boolean =>
  encoding === 'utf8' && data.trim() !== '' && jsonErrorOffset(data) === undefined;

/** An event that was JSON and is not any more is most likely a slip: says where, and puts the cursor there. */
async function isFit(
  services: CommandServices,
  document: vscode.TextDocument,
  record: Pick<InvocationRecord, 'event' | 'platform'>,
): Promise<boolean> {
  const offset = isJson(record.event) ? jsonErrorOffset(document.getText()) : undefined;
  if (offset === undefined) return true;
  const { api, dialogs } = services;
  const at = document.positionAt(offset);
  await api.window.showTextDocument(document, { selection: new api.Range(at, at), preview: false });
  const message = l10n.t(
    'The event was not sent: it stops being JSON at line {0}, column {1}.',
    at.line + 1,
    at.character + 1,
  );
  // Lambda takes nothing but JSON; elsewhere an event is just bytes.
  if (record.platform === 'aws-lambda') {
    void dialogs.error(message);
    return false;
  }
  const anyway = l10n.t('Send As It Is');
  return (await dialogs.error(message, anyway)) === anyway;
}
