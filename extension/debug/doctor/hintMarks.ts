import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../../runtime/support/disposable.ts';
import { colorIds, commandIds, internalCommandIds } from '../../contributions/ids.ts';
import type { EditorApi } from '../../editor/editorApi.ts';
import { l10n } from '../../editor/l10n.ts';
import { escapeMarkdown, oneLine } from '../../presentation/invocationText.ts';
import { reasonText, remedyText } from './diagnosisText.ts';
import type { BreakpointHints, Hint } from './hints.ts';

/** What the command behind a link or a quick fix gets. */
export interface RemedyArgument {
  breakpoint: string;
  remedy: number;
}

const languages = ['javascript', 'javascriptreact', 'typescript', 'typescriptreact'];
const maxText = 80;

/** Shows hints at the end of their lines, with what may be done in the hover and as quick fixes. */
export class HintMarks implements Disposable, vscode.CodeActionProvider {
  readonly #api: EditorApi;
  readonly #hints: BreakpointHints;
  readonly #type: vscode.TextEditorDecorationType;
  readonly #store = new DisposableStore();

  constructor(api: EditorApi, hints: BreakpointHints) {
    this.#api = api;
    this.#hints = hints;
    this.#type = this.#store.add(
      api.window.createTextEditorDecorationType({
        after: {
          margin: '0 0 0 3ch',
          fontStyle: 'italic',
          color: new api.ThemeColor(colorIds.breakpointHint),
        },
        rangeBehavior: api.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.#store.add(hints.onDidChange(() => this.draw()));
    this.#store.add(api.window.onDidChangeVisibleTextEditors(() => this.draw()));
    this.#store.add(
      api.languages.registerCodeActionsProvider(
        languages.map((language) => ({ language, scheme: 'file' })),
        this,
        { providedCodeActionKinds: [api.CodeActionKind.QuickFix] },
      ),
    );
  }

  /** Draws every visible editor. */
  draw(): void {
    for (const editor of this.#api.window.visibleTextEditors) {
      const options = this.#in(editor.document).map((hint) => this.#decoration(editor.document, hint));
      editor.setDecorations(this.#type, options);
    }
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const { CodeAction, CodeActionKind } = this.#api;
    return this.#in(document)
      .filter(({ breakpoint }) => {
        const { line } = breakpoint.location.range.start;
        return line >= range.start.line && line <= range.end.line;
      })
      .flatMap(({ breakpoint, diagnosis }) =>
        diagnosis.remedies.map((remedy, index) => {
          const title = l10n.t('Breakpoint: {0}', remedyText(remedy));
          const action = new CodeAction(title, CodeActionKind.QuickFix);
          const argument: RemedyArgument = { breakpoint: breakpoint.id, remedy: index };
          action.command = { command: internalCommandIds.remedy, title, arguments: [argument] };
          return action;
        }),
      );
  }

  #in(document: vscode.TextDocument): Hint[] {
    return this.#hints.all.filter(
      ({ breakpoint: { location } }) =>
        location.uri.toString() === document.uri.toString() && location.range.start.line < document.lineCount,
    );
  }

  #decoration(document: vscode.TextDocument, hint: Hint): vscode.DecorationOptions {
    const { end } = document.lineAt(hint.breakpoint.location.range.start.line).range;
    const short = oneLine(reasonText(hint.diagnosis.reason).short, maxText);
    return {
      range: new this.#api.Range(end, end),
      renderOptions: { after: { contentText: l10n.t('⊘ not hit: {0}', short) } },
      hoverMessage: this.#hover(hint),
    };
  }

  #hover({ breakpoint, diagnosis }: Hint): vscode.MarkdownString {
    const hover = new this.#api.MarkdownString();
    hover.isTrusted = { enabledCommands: [internalCommandIds.remedy, commandIds.explainBreakpoint] };
    hover.appendMarkdown(
      `**${l10n.t('This breakpoint could not be hit')}**\n\n${escapeMarkdown(reasonText(diagnosis.reason).text)}\n\n`,
    );
    const links = diagnosis.remedies.map((remedy, index) => {
      const argument: RemedyArgument = { breakpoint: breakpoint.id, remedy: index };
      const encoded = encodeURIComponent(JSON.stringify([argument]));
      return `[${escapeMarkdown(remedyText(remedy))}](command:${internalCommandIds.remedy}?${encoded})`;
    });
    hover.appendMarkdown(links.join(' · '));
    return hover;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
