import { PorchlightError } from '../../runtime/model/errors.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { commandIds } from '../contributions/ids.ts';
import { l10n } from '../editor/l10n.ts';
import { expectationText } from './expectationText.ts';
import { chosenInvocation, recordOf } from './chosenInvocation.ts';
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

async function save(services: CommandServices, argument: unknown): Promise<void> {
  const { api, dialogs } = services;
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
  const { folders } = await chosen.api.listTests();
  const folder = folders[record.function];
  if (folder === undefined)
    throw new PorchlightError('FUNCTION_UNKNOWN', {
      name: record.function,
      known: Object.keys(folders).join(', '),
    });
  const name = await dialogs.input({
    title: l10n.t('Save as Test Event of {0}', record.function),
    prompt: l10n.t('Name of the event; the file is put into {0}', api.workspace.asRelativePath(folder)),
    value: '',
    placeHolder: l10n.t('e.g. empty-cart'),
    validateInput: (value) => nameFault(services, folder, value.trim()),
    ignoreFocusOut: true,
  });
  if (name === undefined) return;
  const fault = await nameFault(services, folder, name.trim());
  if (fault !== undefined) return void dialogs.error(fault);
  const expectation = await askExpectation(services, record, name.trim());
  if (expectation === false) return;
  const { data } = event;
  const { text, ending } = eventText(data);
  const base = `${folder}/${name.trim()}`;
  const write = async (path: string, content: string) => {
    const uri = api.Uri.file(path);
    await api.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
    return uri;
  };
  const files = [await write(base + ending, text)];
  if (expectation !== undefined) files.push(await write(`${base}.expect.yaml`, expectation));
  if (data.includes(hidden)) {
    void dialogs.warn(
      l10n.t(
        'A secret in the event was not kept, so the file has {0} in its place. Put in a value for tests.',
        hidden,
      ),
    );
  }
  // The list is to have it at once, without waiting for a watcher.
  chosen.api.filesSaved(files.map((uri) => uri.fsPath));
  for (const uri of files) {
    const document = await api.workspace.openTextDocument(uri);
    await api.window.showTextDocument(document, { preview: false });
  }
}

/** Keeping an invocation's event as a test. */
export const saveTestEventCommand: Command = {
  id: commandIds.saveTestEvent,
  whenDown: 'starts',
  create: (services) => (argument) => save(services, argument),
};
