import type * as vscode from 'vscode';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { colorIds } from '../contributions/ids.ts';
import { Batch } from '../editor/batch.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { InlineSetting } from '../presentation/inlineSetting.ts';
import type { FileValues, InlineSource } from './inlineSource.ts';
import { mapLines, type MappedLine } from './lineMap.ts';
import { makeMarks, placeMarks, type Mark, type MarkLevel, type PlacedMark } from './marks.ts';
import { SourceText, type SourceTexts } from './sourceTexts.ts';

/** What of the editor's API draws marks. */
export type InlineApi = Pick<
  EditorApi,
  'window' | 'workspace' | 'Range' | 'Position' | 'ThemeColor' | 'MarkdownString' | 'DecorationRangeBehavior'
>;

/** A mark in a document, with the invocation it is of. */
export interface ShownMark extends PlacedMark {
  from: FileValues;
  /** Whether it is known which text the invocation ran; otherwise its lines may be others. */
  certain: boolean;
}

const drawMs = 100;

const colors: Record<MarkLevel, string> = {
  log: colorIds.inlineLog,
  warn: colorIds.inlineWarning,
  error: colorIds.inlineError,
  thrown: colorIds.inlineError,
};

/** Draws log values and errors at the end of the lines that they come from. */
export class InlineLogs implements Disposable {
  readonly #api: InlineApi;
  readonly #source: InlineSource;
  readonly #texts: SourceTexts;
  readonly #setting: InlineSetting;
  readonly #type: vscode.TextEditorDecorationType;
  readonly #store = new DisposableStore();
  readonly #batch: Batch<'all'>;
  readonly #drawn: Emitter<void>;
  readonly #made = new WeakMap<FileValues, { size: string; marks: Mark[] }>();
  readonly #maps = new WeakMap<SourceText, WeakMap<SourceText, readonly (MappedLine | undefined)[]>>();
  readonly #now = new WeakMap<vscode.TextDocument, { version: number; source: SourceText }>();

  constructor(
    api: InlineApi,
    source: InlineSource,
    texts: SourceTexts,
    setting: InlineSetting,
    clock: Pick<Clock, 'after'>,
  ) {
    this.#api = api;
    this.#source = source;
    this.#texts = texts;
    this.#setting = setting;
    this.#type = this.#store.add(
      api.window.createTextEditorDecorationType({
        after: { margin: '0 0 0 3ch', fontStyle: 'italic' },
        rangeBehavior: api.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.#drawn = this.#store.add(new Emitter<void>());
    this.#batch = this.#store.add(new Batch(clock, drawMs, () => this.draw()));
    this.#store.add(source.onDidChange(() => this.#batch.add('all')));
    this.#store.add(texts.onDidChange(() => this.#batch.add('all')));
    this.#store.add(setting.onDidChange(() => this.draw()));
    this.#store.add(api.window.onDidChangeVisibleTextEditors(() => this.draw()));
    // At once: a value that stands at a line that says something else by now would mislead.
    this.#store.add(api.workspace.onDidChangeTextDocument(({ document }) => this.#drawDocument(document)));
    this.#store.add(api.workspace.onDidSaveTextDocument((document) => this.#drawDocument(document)));
  }

  /** Visible editors show what is known now. */
  get onDidDraw(): Event<void> {
    return this.#drawn.event;
  }

  /** Draws every visible editor. */
  draw(): void {
    for (const editor of this.#api.window.visibleTextEditors) this.#drawEditor(editor);
    this.#drawn.fire();
  }

  /** The marks of a document as drawn, by line. Of several functions that share a line the latest invocation counts. */
  marks(document: vscode.TextDocument): readonly ShownMark[] {
    const mode = this.#setting.value;
    if (mode === 'off' || document.uri.scheme !== 'file') return [];
    const shown = new Map<number, ShownMark>();
    for (const values of this.#source.of(document.uri.fsPath)) {
      for (const mark of this.#place(document, values)) {
        if (mode === 'errors' && mark.level !== 'thrown' && mark.level !== 'error') continue;
        if (mark.line < document.lineCount && !shown.has(mark.line)) shown.set(mark.line, mark);
      }
    }
    return [...shown.values()].sort((a, b) => a.line - b.line);
  }

  /** The mark at the end of a line. */
  markAt(document: vscode.TextDocument, line: number): ShownMark | undefined {
    return this.marks(document).find((mark) => mark.line === line);
  }

  /** Everything the invocation of a mark printed from its line, oldest first. */
  allValues({ from, at }: ShownMark): string[] {
    return from.entries.filter((entry) => entry.at?.line === at.line).map(({ text }) => text);
  }

  #place(document: vscode.TextDocument, values: FileValues): ShownMark[] {
    const marks = this.#make(values);
    if (marks.length === 0) return [];
    const { host, summary } = values.run;
    const { source: ran, certain } = this.#texts.ran(document, host, summary);
    const saved = this.#texts.saved(document) ?? ran;
    const now = this.#textOf(document, saved);
    const older = !certain || saved.text !== ran.text;
    const places = { saved: this.#map(ran, saved), now: this.#map(ran, now), older };
    return placeMarks(marks, places).map((mark) => ({ ...mark, from: values, certain }));
  }

  #make(values: FileValues): Mark[] {
    const { entries, error, warnings } = values;
    const size = `${entries.length} ${error ? 1 : 0} ${warnings?.length ?? 0}`;
    const known = this.#made.get(values);
    if (known?.size === size) return known.marks;
    const marks = makeMarks(values);
    this.#made.set(values, { size, marks });
    return marks;
  }

  #textOf(document: vscode.TextDocument, saved: SourceText): SourceText {
    const known = this.#now.get(document);
    if (known?.version === document.version) return known.source.text === saved.text ? saved : known.source;
    const text = document.getText();
    const source = text === saved.text ? saved : new SourceText(text);
    this.#now.set(document, { version: document.version, source });
    return source;
  }

  #map(from: SourceText, to: SourceText): readonly (MappedLine | undefined)[] {
    const known = this.#maps.get(from) ?? new WeakMap<SourceText, readonly (MappedLine | undefined)[]>();
    this.#maps.set(from, known);
    let map = known.get(to);
    if (!map) known.set(to, (map = mapLines(from.lines, to.lines)));
    return map;
  }

  #drawDocument(document: vscode.TextDocument): void {
    for (const editor of this.#api.window.visibleTextEditors) {
      if (editor.document === document) this.#drawEditor(editor);
    }
  }

  #drawEditor(editor: vscode.TextEditor): void {
    const { document } = editor;
    const options = this.marks(document).map((mark) => this.#decoration(document, mark));
    editor.setDecorations(this.#type, options);
  }

  #decoration(document: vscode.TextDocument, mark: ShownMark): vscode.DecorationOptions {
    const api = this.#api;
    const { end } = document.lineAt(mark.line).range;
    const color = new api.ThemeColor(mark.state === 'current' ? colors[mark.level] : colorIds.inlineOutdated);
    return {
      range: new api.Range(end, end),
      renderOptions: { after: { contentText: mark.text, color } },
    };
  }

  dispose(): void {
    this.#store.dispose();
  }
}

/** What the line of an open file printed in the invocation that is shown there. */
export function loggedValues(
  { workspace }: Pick<EditorApi, 'workspace'>,
  logs: InlineLogs,
  file: string,
  line: number,
): string[] {
  const document = workspace.textDocuments.find(({ uri }) => uri.fsPath === file);
  const mark = document && logs.markAt(document, line);
  return mark ? logs.allValues(mark) : [];
}
