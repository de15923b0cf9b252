import type * as vscode from 'vscode';
import { commandIds } from '../../contributions/ids.ts';
import type { Choice } from '../../editor/dialogs.ts';
import { l10n } from '../../editor/l10n.ts';
import { openSource } from '../../editor/openSource.ts';
import type { Command, CommandServices } from '../services.ts';
import { copyFolder, exists, writeText } from './files.ts';
import { entryFileNames, entryFormat, newFile, projectEntry } from './projectEntry.ts';
import {
  freeName,
  nameFault,
  platformName,
  templates,
  type EntryFormat,
  type Template,
} from './templates.ts';

const excluded = '**/{node_modules,.git,.porchlight}/**';
const maxProjectFiles = 50;

/** A project file that the function is added to. */
interface Declaration {
  uri: vscode.Uri;
  format: EntryFormat;
  /** What stands in it; undefined when it is made. */
  text: string | undefined;
}

async function chooseFolder({ api, dialogs }: CommandServices): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (api.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
  if (folders.length === 0) {
    void api.commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  return dialogs.pick(
    folders.map((value) => ({ label: value.name, description: value.uri.fsPath, value })),
    { placeHolder: l10n.t('In which folder?') },
  );
}

async function chooseTemplate({ api, dialogs }: CommandServices): Promise<Template | undefined> {
  let platform: Template['platform'] | undefined;
  const choices = templates.flatMap((template): Choice<Template>[] => {
    const name = platformName(template.platform);
    const begins = template.platform !== platform;
    platform = template.platform;
    const choice = {
      label: `${template.language} · ${name}`,
      description: template.runtime,
      value: template,
    };
    return begins ? [{ label: name, kind: api.QuickPickItemKind.Separator }, choice] : [choice];
  });
  return dialogs.pick(choices, {
    title: l10n.t('New Function'),
    placeHolder: l10n.t('Which language and platform? Type to search.'),
    matchOnDescription: true,
  });
}

/** The project files in a folder that can declare a function of a template, nearest to its root first. */
async function declarationsFor(
  { api }: CommandServices,
  folder: vscode.WorkspaceFolder,
  template: Template,
): Promise<Declaration[]> {
  const pattern = new api.RelativePattern(folder, `**/{${entryFileNames.join(',')}}`);
  const found = await api.workspace.findFiles(pattern, excluded, maxProjectFiles);
  const read = await Promise.all(
    found.map(async (uri): Promise<Declaration | undefined> => {
      // As it stands in the editor, when it is open there.
      const text = (await api.workspace.openTextDocument(uri)).getText();
      const format = entryFormat(fileName(uri), text);
      return format && { uri, format, text };
    }),
  );
  const depth = ({ uri }: Declaration) => uri.path.split('/').length;
  return read
    .filter((one): one is Declaration => one !== undefined && template.formats.includes(one.format))
    .sort((a, b) => depth(a) - depth(b) || a.uri.path.localeCompare(b.uri.path));
}

/** Where the function is declared: `none` for templates that bring their own file, undefined when nothing was chosen. */
async function chooseDeclaration(
  services: CommandServices,
  folder: vscode.WorkspaceFolder,
  template: Template,
): Promise<Declaration | 'none' | undefined> {
  const { api, dialogs } = services;
  const [first] = template.formats;
  if (first === undefined) return 'none';
  const known = await declarationsFor(services, folder, template);
  if (known.length === 1) return known[0];
  if (known.length > 1) {
    return dialogs.pick(
      known.map((value) => ({ label: api.workspace.asRelativePath(value.uri), value })),
      { title: l10n.t('New Function'), placeHolder: l10n.t('Which project file is it added to?') },
    );
  }
  const format = first === 'openfaas' ? first : 'porchlight';
  const uri = api.Uri.joinPath(folder.uri, newFile[format].name);
  // One of this name that declares something else is not ours to write into.
  if (await exists(api, uri))
    throw new Error(l10n.t('{0} is there already and declares no functions.', newFile[format].name));
  return { uri, format, text: undefined };
}

/** Writes the entry, so that what stood there stays; the user can undo it in the editor. */
async function declare(
  { api }: CommandServices,
  declaration: Declaration,
  template: Template,
  name: string,
): Promise<void> {
  const { uri, format, text } = declaration;
  const entry = projectEntry(format, template, name, name);
  // Its library is loaded when somebody adds a function.
  const { addToYaml } = await import('./addToYaml.ts');
  const before = text ?? newFile[format === 'openfaas' ? 'openfaas' : 'porchlight'].text;
  const after = addToYaml(before, entry);
  if (after === undefined) {
    const file = api.workspace.asRelativePath(uri);
    throw new Error(
      l10n.t('{0} has errors, or has "{1}" already; nothing was written. Correct it first.', file, entry.key),
    );
  }
  if (text === undefined) return writeText(api, uri, after);
  const document = await api.workspace.openTextDocument(uri);
  const edit = new api.WorkspaceEdit();
  const whole = new api.Range(document.positionAt(0), document.positionAt(text.length));
  edit.replace(uri, whole, after);
  if (!(await api.workspace.applyEdit(edit)) || !(await document.save()))
    throw new Error(l10n.t('The editor could not write {0}.', api.workspace.asRelativePath(uri)));
}

async function newFunction(services: CommandServices): Promise<void> {
  const { api, dialogs, hosts } = services;
  const folder = await chooseFolder(services);
  const template = folder && (await chooseTemplate(services));
  const declaration = template && (await chooseDeclaration(services, folder, template));
  if (!declaration) return;
  const base = declaration === 'none' ? folder.uri : api.Uri.joinPath(declaration.uri, '..');
  const host = hosts.find(folder.uri.toString());
  const entries = new Set((await api.workspace.fs.readDirectory(base)).map(([name]) => name.toLowerCase()));
  const known = new Set(host?.mirror.functions.map((state) => state.name));
  const taken = (name: string) => entries.has(name.toLowerCase()) || known.has(name);
  const name = await dialogs.input({
    title: l10n.t('New Function'),
    prompt: l10n.t('Name of the function; its code is put into a folder of that name'),
    value: freeName(taken),
    validateInput: (value) =>
      nameFault(template.platform, value) ??
      (taken(value) ? l10n.t('{0} is there already. Choose another name.', value) : undefined),
  });
  if (!name) return;
  const source = api.Uri.joinPath(services.extensionUri, 'templates', template.platform, template.folder);
  const target = api.Uri.joinPath(base, name);
  if (declaration !== 'none') await declare(services, declaration, template, name);
  await copyFolder(api, source, target, (text) => text.replaceAll('{{name}}', name));
  await openSource(api, { file: api.Uri.joinPath(target, template.main).fsPath, line: 1, column: 1 });
  if (!host || !api.workspace.isTrusted) return;
  const running = host.running;
  const started = await hosts.running(host);
  if (running) await started.reloadProject();
}

const fileName = (uri: vscode.Uri): string => uri.path.split('/').pop() ?? '';

/** *New Function*. */
export const newFunctionCommand: Command = {
  id: commandIds.newFunction,
  whenDown: 'works',
  create: (services) => () => newFunction(services),
};
