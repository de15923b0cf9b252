import type * as vscode from 'vscode';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { colorIds, internalCommandIds } from '../contributions/ids.ts';
import { Batch } from '../editor/batch.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { Setting } from '../editor/setting.ts';
import { escapeMarkdown, invocationDescription } from '../presentation/invocationText.ts';
import type { FileValues, InlineSource } from './inlineSource.ts';
import { makeMarks, moveMarks, type Mark } from './marks.ts';

/** What of the editor's API draws marks. */
export type InlineApi = Pick<
  EditorApi,
  'window' | 'workspace' | 'Range' | 'Position' | 'ThemeColor' | 'MarkdownString' | 'DecorationRangeBehavior'
>;

interface Shown {
  values: FileValues;
  /** Entries and warnings that `marks` was made of: more of them, or an error, mean new marks. */
  size: number;
  hasError: boolean;
  marks: Mark[];
}

const drawMs = 100;

/** Draws log values at the end of the lines that printed them. */
export class InlineLogs implements Disposable {
  #api: InlineApi;
  #source: InlineSource;
  #enabled: Setting<boolean>;
  #type: vscode.TextEditorDecorationType;
  #shown = new Map<string, Shown>();
  #store = new DisposableStore();
  #batch: Batch<'all'>;

  constructor(api: InlineApi, source: InlineSource, enabled: Setting<boolean>, clock: Pick<Clock, 'after'>) {
    this.#api = api;
    this.#source = source;
    this.#enabled = enabled;
    this.#type = this.#store.add(
      api.window.createTextEditorDecorationType({
        after: { margin: '0 0 0 3ch', fontStyle: 'italic' },
        rangeBehavior: api.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.#batch = this.#store.add(new Batch(clock, drawMs, () => this.draw()));
    this.#store.add(source.onDidChange(() => this.#batch.add('all')));
    this.#store.add(enabled.onDidChange(() => this.draw()));
    this.#store.add(api.window.onDidChangeVisibleTextEditors(() => this.draw()));
    this.#store.add(api.workspace.onDidChangeTextDocument((event) => this.#edited(event)));
    this.#store.add(
      api.workspace.onDidCloseTextDocument((document) => this.#shown.delete(document.uri.toString())),
    );
  }

  /** Draws every visible editor. */
  draw(): void {
    for (const editor of this.#api.window.visibleTextEditors) this.#drawEditor(editor);
  }

  /** The marks of a document, as drawn. */
  marks(document: vscode.TextDocument): readonly Mark[] {
    if (!this.#enabled.value || document.uri.scheme !== 'file') return [];
    const values = this.#source.of(document.uri.fsPath);
    const key = document.uri.toString();
    if (!values) {
      this.#shown.delete(key);
      return [];
    }
    let shown = this.#shown.get(key);
    const hasError = values.error !== undefined;
    const size = values.entries.length + (values.warnings?.length ?? 0);
    if (!shown || shown.values !== values || shown.size !== size || shown.hasError !== hasError) {
      const marks = makeMarks(values.entries, values.error, values.warnings);
      shown = { values, size, hasError, marks };
      this.#shown.set(key, shown);
    }
    return shown.marks.filter((mark) => mark.line < document.lineCount);
  }

  #drawEditor(editor: vscode.TextEditor): void {
    const { document } = editor;
    const values = this.#source.of(document.uri.fsPath);
    const options = this.marks(document).map((mark) => this.#decoration(document, mark, values));
    editor.setDecorations(this.#type, options);
  }

  #decoration(
    document: vscode.TextDocument,
    mark: Mark,
    values: FileValues | undefined,
  ): vscode.DecorationOptions {
    const api = this.#api;
    const { end } = document.lineAt(mark.line).range;
    const color = new api.ThemeColor(mark.isError ? colorIds.inlineError : colorIds.inlineLog);
    return {
      range: new api.Range(end, end),
      renderOptions: { after: { contentText: mark.text, color } },
      ...(values ? { hoverMessage: this.#hover(mark, values) } : {}),
    };
  }

  #hover(mark: Mark, { host, summary }: FileValues): vscode.MarkdownString {
    const hover = new this.#api.MarkdownString();
    hover.isTrusted = { enabledCommands: [internalCommandIds.showInvocation] };
    const argument = encodeURIComponent(
      JSON.stringify([{ invocation: summary.id, folder: host.folder.path }]),
    );
    const link = `[${l10n.t('Show invocation')}](command:${internalCommandIds.showInvocation}?${argument})`;
    hover.appendMarkdown(
      `**${escapeMarkdown(summary.function)}** · ${escapeMarkdown(invocationDescription(summary))} · ${link}\n`,
    );
    if (mark.count > mark.values.length) {
      hover.appendMarkdown(
        `\n${l10n.t('Printed {0} times; the last {1}:', mark.count, mark.values.length)}\n`,
      );
    }
    for (const value of mark.values) hover.appendCodeblock(value, 'text');
    return hover;
  }

  #edited(event: vscode.TextDocumentChangeEvent): void {
    const { document } = event;
    const shown = this.#shown.get(document.uri.toString());
    if (!shown || event.contentChanges.length === 0) return;
    const lineLength = (line: number) => (line < document.lineCount ? document.lineAt(line).text.length : 0);
    // The editor lists several changes from the end of the document to its start, so each leaves the places of the next.
    for (const { range, text } of event.contentChanges) {
      const edit = {
        startLine: range.start.line,
        startCharacter: range.start.character,
        endLine: range.end.line,
        endCharacter: range.end.character,
        text,
      };
      shown.marks = moveMarks(shown.marks, edit, lineLength);
    }
    for (const editor of this.#api.window.visibleTextEditors) {
      if (editor.document === document) this.#drawEditor(editor);
    }
  }

  dispose(): void {
    this.#store.dispose();
    this.#shown.clear();
  }
}
