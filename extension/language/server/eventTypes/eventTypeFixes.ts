import { dirname, join } from 'node:path';
import { CodeActionKind, type CodeAction, type CodeActionParams } from 'vscode-languageserver/node';
import { isInside } from '../../../../runtime/model/handlerModule.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { ServerTexts } from '../../messages.ts';
import { documentOf } from '../diagnostics.ts';
import type { HandlerFinder } from '../handlers.ts';
import type { TextEdit } from '../rules/rule.ts';
import { handlerAt } from '../rules/syntax/handlerCode.ts';
import { ModuleCode } from '../rules/syntax/moduleCode.ts';
import { format } from '../texts.ts';
import type { FolderState } from '../workspace.ts';
import { typeEdits, typedParameter } from './typeEdits.ts';
import { eventTypesOf, type EventType } from './eventTypes.ts';

const scripts = /\.(?:[cm]?[jt]s|[jt]sx)$/;

/** Offers to give the `event` of a handler its type, where the cursor is on that parameter and it has none. */
export function eventTypeFixes(
  { textDocument, range }: CodeActionParams,
  state: FolderState,
  file: string,
  finder: HandlerFinder,
  files: FileLookup,
  texts: ServerTexts,
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
    const answer = types.length > 0 ? finder.find(each, state.root) : undefined;
    if (answer?.kind !== 'found' || answer.file !== file) continue;
    code ??= new ModuleCode(file, text);
    const { root, streams } = handlerAt(code, answer.place);
    const parameter = root && !streams ? typedParameter(code, root) : undefined;
    if (!root || !parameter || to < code.start(parameter) || from > parameter.end) continue;
    for (const type of types) {
      if (resolves(type, file, state.root, files))
        offered.set(type.name, typeEdits(code, root, parameter, type));
    }
  }
  return [...offered].map(([name, edits]) => ({
    title: format(texts.typeEvent, name),
    kind: CodeActionKind.QuickFix,
    edit: {
      changes: {
        [textDocument.uri]: edits.map(({ start, end, text }) => ({
          range: { start: document.positionAt(start), end: document.positionAt(end) },
          newText: text,
        })),
      },
    },
  }));
}

/** Whether a type can be found from a file: the package of types is installed in a folder above it. */
function resolves({ module }: EventType, file: string, root: string, files: FileLookup): boolean {
  if (module === undefined) return true;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if (files.isFile(join(folder, 'node_modules', '@types', module, 'package.json'))) return true;
    if (folder === dirname(folder) || !isInside(root, dirname(folder))) return false;
  }
}
