import { join } from 'node:path';
import {
  CodeActionKind,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type TextDocumentEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { LanguageOptions } from '../../messages.ts';
import { documentOf } from '../diagnostics.ts';
import { toUri } from '../paths.ts';
import { ignoreComment } from './ignored.ts';
import type { TextEdit } from './rule.ts';
import type { RuleData } from './ruleDiagnostics.ts';
import { ruleIds } from './ruleIds.ts';
import { l10n } from '../../../../runtime/support/l10n.ts';

/** What can be done about the findings of rules: the fix where one is safe, an explanation, and silence. */
export function ruleFixes(
  { textDocument, context }: CodeActionParams,
  root: string,
  file: string,
  files: FileLookup,
  options: LanguageOptions,
): CodeAction[] {
  return context.diagnostics.flatMap((diagnostic): CodeAction[] => {
    const data = dataOf(diagnostic);
    if (!data) return [];
    const { rule, fix, variable } = data;
    const quick = { kind: CodeActionKind.QuickFix, diagnostics: [diagnostic] };
    const title = l10n.t('Explain {0}', rule);
    const explain = { title, command: options.commands.explainRule, arguments: [rule] };
    return [
      ...(fix
        ? [
            {
              ...quick,
              title: fix.title,
              isPreferred: true,
              edit: edited(textDocument.uri, file, fix.edits, files),
            },
          ]
        : []),
      ...(variable !== undefined
        ? [
            {
              ...quick,
              title: l10n.t('Add {0} to .env', variable),
              edit: named(variable, root, files),
            },
          ]
        : []),
      {
        ...quick,
        title: l10n.t('Ignore {0} on this line', rule),
        edit: ignoring(diagnostic, data, textDocument.uri, file, files),
      },
      { ...quick, title, command: explain },
    ];
  });
}

/** What a diagnostic of ours carries; it comes back from the editor and is looked at as from outside. */
function dataOf({ source, data }: Diagnostic): RuleData | undefined {
  const given = (data ?? {}) as Partial<RuleData>;
  return source === 'porchlight' && ruleIds.some((id) => id === given.rule) ? (given as RuleData) : undefined;
}

function edited(uri: string, file: string, edits: readonly TextEdit[], files: FileLookup): WorkspaceEdit {
  const document = documentOf(file, files);
  const changes = edits.map(({ start, end, text }) => ({
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    newText: text,
  }));
  return { changes: { [uri]: changes } };
}

/** A comment above the line, as far in as the line is. */
function ignoring(
  { range }: Diagnostic,
  { rule }: RuleData,
  uri: string,
  file: string,
  files: FileLookup,
): WorkspaceEdit {
  const document = documentOf(file, files);
  const start = { line: range.start.line, character: 0 };
  const [indent = ''] = /^[ \t]*/.exec(document.getText({ start, end: range.start })) ?? [];
  const newText = ignoreComment(rule, file, indent);
  return { changes: { [uri]: [{ range: { start, end: start }, newText }] } };
}

/** A line `NAME=` at the end of the project's `.env`, which is made when there is none. */
function named(variable: string, root: string, files: FileLookup): WorkspaceEdit {
  const file = join(root, '.env');
  const document = documentOf(file, files);
  const text = document.getText();
  const end = document.positionAt(text.length);
  const newText = `${text === '' || text.endsWith('\n') ? '' : '\n'}${variable}=\n`;
  const edit: TextDocumentEdit = {
    textDocument: { uri: toUri(file), version: null },
    edits: [{ range: { start: end, end }, newText }],
  };
  const create = { kind: 'create', uri: toUri(file), options: { ignoreIfExists: true } } as const;
  return { documentChanges: files.isFile(file) ? [edit] : [create, edit] };
}
