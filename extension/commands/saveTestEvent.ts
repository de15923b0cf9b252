import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { readUri } from '../contributions/arguments.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import type { HostApi } from '../hostClient/hostApi.ts';
import { documentOf } from './editedEvent.ts';
import { expectationText } from './expectationText.ts';
import { chosenInvocation, recordOf } from './chosenInvocation.ts';
import { chooseFunction } from './functionChoice.ts';
import { readSampleUri } from './sampleEvent.ts';
import type { Command, CommandServices } from './services.ts';

/** Stands in records for secrets, which are not kept. */
const hidden = '••••••';

/** Ends of the files an event and its expectation are. */
const endings = ['.json', '.txt', '.expect.yaml', '.expect.yml', '.expect.json'];

async function exists({ api }: CommandServices, path: string): Promise<boolean> {
  try {
    await api.workspace.fs.stat(api.Uri.file(path));
    return true;
  } catch {
    return false;
  }
}

/** Why a name cannot be taken. */
async function nameFault(
  services: CommandServices,
  folder: string,
  name: string,
): Promise<string | undefined> {
  if (!/^[^\s\\/:*?"<>|.][^\\/:*?"<>|]{0,99}$/.test(name) || name.endsWith('.') || name.endsWith(' '))
    return l10n.t('Give a file name without its ending, such as "empty-cart".');
  for (const ending of endings) {
    if (await exists(services, `${folder}/${name}${ending}`))
      return l10n.t('{0} is there already. Choose another name.', name + ending);
  }
  return undefined;
}

/** JSON with line ends, for people; other text as it is. */
function eventText(data: string): { text: string; ending: '.json' | '.txt' } {
  try {
    return { text: `${JSON.stringify(JSON.parse(data), undefined, 2)}\n`, ending: '.json' };
  } catch {
    return { text: data, ending: '.txt' };
  }
}

async function askExpectation(
  { dialogs }: CommandServices,
  record: InvocationRecord,
  name: string,
): Promise<string | undefined | false> {
  const text = expectationText(record, name);
  const how = record.status === 'ok' ? l10n.t('Expect this result') : l10n.t('Expect this failure');
  const answer = await dialogs.pick(
    [
      ...(text === undefined ? [] : [{ label: how, description: `${name}.expect.yaml`, value: 'expect' }]),
      {
        label: l10n.t('Only that it ends well'),
        description: l10n.t('an expectation can be added later'),
        value: 'none',
      },
    ],
    { placeHolder: l10n.t('What has to come of this event?') },
  );
  if (answer === undefined) return false;
  return answer === 'expect' ? text : undefined;
}

/** Asks for the name of a new event's file. */
async function askName(
  services: CommandServices,
  api: HostApi,
  fn: string,
): Promise<{ base: string; name: string } | undefined> {
  const { dialogs, api: editor } = services;
  const { folders } = await api.listTests();
  const folder = folders[fn];
  if (folder === undefined)
    throw new PorchlightError('FUNCTION_UNKNOWN', { name: fn, known: Object.keys(folders).join(', ') });
  const given = await dialogs.input({
    title: l10n.t('Save as Test Event of {0}', fn),
    prompt: l10n.t('Name of the event; the file is put into {0}', editor.workspace.asRelativePath(folder)),
    value: '',
    placeHolder: l10n.t('e.g. empty-cart'),
    validateInput: (value) => nameFault(services, folder, value.trim()),
    ignoreFocusOut: true,
  });
  if (given === undefined) return undefined;
  const name = given.trim();
  const fault = await nameFault(services, folder, name);
  if (fault === undefined) return { base: `${folder}/${name}`, name };
  void dialogs.error(fault);
  return undefined;
}

/** Writes files, tells the host of them, and shows them. */
async function writeAndShow(
  { api: editor }: CommandServices,
  api: HostApi,
  files: readonly (readonly [path: string, content: string])[],
): Promise<void> {
  const uris: vscode.Uri[] = [];
  for (const [path, content] of files) {
    const uri = editor.Uri.file(path);
    await editor.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
    uris.push(uri);
  }
  // The list is to have it at once, without waiting for a watcher.
  api.filesSaved(uris.map((uri) => uri.fsPath));
  for (const uri of uris) {
    const document = await editor.workspace.openTextDocument(uri);
    await editor.window.showTextDocument(document, { preview: false });
  }
}

/** Keeps a sample as it is in its document now. */
async function saveSample(services: CommandServices, argument: unknown): Promise<boolean> {
  const uri = readUri(argument);
  const sample = uri === undefined ? undefined : readSampleUri(services.api.Uri.parse(uri));
  if (!sample) return false;
  const document = await documentOf(services, argument);
  const chosen = await chooseFunction(services, { function: sample.function, folder: sample.folder });
  const place = chosen && (await askName(services, chosen.api, sample.function));
  if (!place) return true;
  const { text, ending } = eventText(document.getText());
  await document.save();
  await writeAndShow(services, chosen.api, [[place.base + ending, text]]);
  return true;
}

async function save(services: CommandServices, argument: unknown): Promise<void> {
  if (await saveSample(services, argument)) return;
  const { dialogs } = services;
  const chosen = await chosenInvocation(services, argument);
  const record = await recordOf(chosen);
  const { event } = record;
  if (event.truncated || event.encoding !== 'utf8') {
    dialogs.remark(
      event.truncated
        ? l10n.t('The event was too large to be kept whole, so it cannot be saved.')
        : l10n.t('The event is no text, so it cannot be saved as a file to edit.'),
    );
    return;
  }
  const place = await askName(services, chosen.api, record.function);
  if (!place) return;
  const expectation = await askExpectation(services, record, place.name);
  if (expectation === false) return;
  const { data } = event;
  const { text, ending } = eventText(data);
  if (data.includes(hidden)) {
    void dialogs.warn(
      l10n.t(
        'A secret in the event was not kept, so the file has {0} in its place. Put in a value for tests.',
        hidden,
      ),
    );
  }
  await writeAndShow(services, chosen.api, [
    [place.base + ending, text],
    ...(expectation === undefined ? [] : [[`${place.base}.expect.yaml`, expectation] as const]),
  ]);
}

/** Keeping an invocation's event, or a sample, as a test. */
export const saveTestEventCommand: Command = {
  id: commandIds.saveTestEvent,
  whenDown: 'starts',
  create: (services) => (argument) => save(services, argument),
};
