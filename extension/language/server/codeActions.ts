import { CodeActionKind, type CodeAction, type CodeActionParams } from 'vscode-languageserver/node';
import type { DiagnosticData } from './diagnostics.ts';
import { l10n } from '../../../runtime/support/l10n.ts';

/** Quick fixes for handler strings that lead nowhere: the nearest one that leads somewhere. */
export function handlerFixes({ textDocument, context }: CodeActionParams): CodeAction[] {
  return context.diagnostics.flatMap((diagnostic): CodeAction[] => {
    const { replacement } = (diagnostic.data ?? {}) as Partial<DiagnosticData>;
    if (diagnostic.source !== 'porchlight' || typeof replacement !== 'string') return [];
    return [
      {
        title: l10n.t('Change to "{0}"', replacement),
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        isPreferred: true,
        edit: { changes: { [textDocument.uri]: [{ range: diagnostic.range, newText: replacement }] } },
      },
    ];
  });
}
