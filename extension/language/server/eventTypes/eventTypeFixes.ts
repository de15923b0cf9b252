import { dirname, join } from 'node:path';
import type ts from 'typescript';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { isInside } from '../../../../runtime/model/handlerModule.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { documentOf } from '../diagnostics.ts';
import type { HandlerFinder } from '../handlers.ts';
import { toUri } from '../paths.ts';
import type { TextEdit } from '../rules/rule.ts';
import { handlerAt } from '../rules/syntax/handlerCode.ts';
import { parseModule, type ModuleCode } from '../rules/syntax/moduleCode.ts';
import type { FolderState } from '../workspace.ts';
import { eventTypesOf, type EventType } from './eventTypes.ts';
import { fcEventsFile, fcEventsText, fcPayloadsOf } from './fcEvents.ts';
import { parsedEvents } from './parsedEvents.ts';
import { typeEdits, typedParameter, variableEdits } from './typeEdits.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

const scripts = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/**
 * Offers to give the `event` of a handler its type, where the cursor is on that parameter and it has none; on Function
 * Compute also what `JSON.parse` makes of it.
 */
export function eventTypeFixes(
  { textDocument, range }: CodeActionParams,
  state: FolderState,
  file: string,
  finder: HandlerFinder,
  files: FileLookup,
): CodeAction[] {
  const text = scripts.test(file) ? files.readText(file) : undefined;
  if (text === undefined) return [];
  const document = documentOf(file, files);
  const [from, to] = [document.offsetAt(range.start), document.offsetAt(range.end)];
  let code: ModuleCode | undefined;
  const offered = new Map<string, TextEdit[]>();
  for (const each of state.functions) {
    const { platform, triggers } = each.definition;
    const types = eventTypesOf(platform, triggers);
    const payloads = platform === 'aliyun-fc' ? fcPayloadsOf(triggers) : [];
    const answer = types.length + payloads.length > 0 ? finder.find(each, state.root) : undefined;
    if (answer?.kind !== 'found' || answer.file !== file) continue;
    code ??= parseModule(file, text);
    const { root, streams } = handlerAt(code, answer.place);
    if (!root || streams) continue;
    const own = code;
    const isMeant = (node: ts.Node): boolean => from <= node.end && to >= own.start(node);
    const parameter = typedParameter(code, root);
    for (const type of parameter && isMeant(parameter) ? types : []) {
      if (resolves(type, file, state.root, files))
        offered.set(type.name, typeEdits(code, root, parameter!, type));
    }
    const parsed = parsedEvents(code, root).find(({ name }) => isMeant(name));
    for (const name of parsed ? payloads : [])
      offered.set(name, variableEdits(code, parsed!, { name, module: `./${fcEventsFile}` }));
  }
  return [...offered].map(([name, edits]): CodeAction => {
    const changes = edits.map(({ start, end, text }) => ({
      range: { start: document.positionAt(start), end: document.positionAt(end) },
      newText: text,
    }));
    const needed = edits.some(({ text }) => text.includes(fcEventsFile)) ? fcEvents(file, files) : [];
    const edit: WorkspaceEdit =
      needed.length === 0
        ? { changes: { [textDocument.uri]: changes } }
        : {
            documentChanges: [
              ...needed,
              { textDocument: { uri: textDocument.uri, version: null }, edits: changes },
            ],
          };
    return { title: l10n.t('Give the event the type {0}', name), kind: CodeActionKind.QuickFix, edit };
  });
}

/** Makes the file with our types beside a handler, unless one is there. */
function fcEvents(file: string, files: FileLookup): NonNullable<WorkspaceEdit['documentChanges']> {
  const path = join(dirname(file), fcEventsFile);
  if (files.isFile(path)) return [];
  const uri = toUri(path);
  const start = { line: 0, character: 0 };
  return [
    { kind: 'create', uri, options: { ignoreIfExists: true } },
    {
      textDocument: { uri, version: null },
      edits: [{ range: { start, end: start }, newText: fcEventsText }],
    },
  ];
}

/** Whether a type can be found from a file: the package of types is installed in a folder above it. */
function resolves({ module }: EventType, file: string, root: string, files: FileLookup): boolean {
  if (module === undefined) return true;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (files.isFile(join(folder, 'node_modules', '@types', module, 'package.json'))) return true;
    if (folder === dirname(folder) || !isInside(root, dirname(folder))) return false;
  }
}
