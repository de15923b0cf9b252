import type * as vscode from 'vscode';
import type { ImportCosts } from '../../runtime/model/coldStartProfile.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { textHash } from '../../runtime/support/textHash.ts';
import { colorIds, commandIds } from '../contributions/ids.ts';
import { Batch } from '../editor/batch.ts';
import { l10n } from '../editor/l10n.ts';
import type { Setting } from '../editor/setting.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { escapeMarkdown } from '../presentation/invocationText.ts';
import { formatDateTime, formatMs } from '../presentation/numbers.ts';
import { makeImportMarks, type ImportMark } from './importMarks.ts';
import type { InlineApi } from './inlineLogs.ts';

interface Found {
  host: FolderHost;
  costs: ImportCosts;
}

const drawMs = 150;
/** Larger files are not written by people. */
const mostCharacters = 1024 * 1024;

/** Draws at the end of import lines what each import costs at a cold start. */
export class ImportCostMarks implements Disposable {
  #api: InlineApi;
  #hosts: Hosts;
  #enabled: Setting<boolean>;
  #normalize: (path: string) => string;
  #type: vscode.TextEditorDecorationType;
  #store = new DisposableStore();
  #batch: Batch<'all'>;

  constructor(
    api: InlineApi,
    hosts: Hosts,
    enabled: Setting<boolean>,
    clock: Pick<Clock, 'after'>,
    normalize: (path: string) => string,
  ) {
    this.#api = api;
    this.#hosts = hosts;
    this.#enabled = enabled;
    this.#normalize = normalize;
    this.#type = this.#store.add(
      api.window.createTextEditorDecorationType({
        after: { margin: '0 0 0 3ch', fontStyle: 'italic' },
        rangeBehavior: api.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.#batch = this.#store.add(new Batch(clock, drawMs, () => this.draw()));
    const later = () => this.#batch.add('all');
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind === 'state' && change.host.state.kind === 'running') void this.#ask(change.host);
        if (change.kind === 'mirror' && change.change.kind === 'importCosts') later();
        if (change.kind === 'folders') later();
      }),
    );
    this.#store.add(enabled.onDidChange(() => this.draw()));
    this.#store.add(api.window.onDidChangeVisibleTextEditors(() => this.draw()));
    this.#store.add(api.workspace.onDidChangeTextDocument(later));
  }

  /** Draws every visible editor. */
  draw(): void {
    for (const editor of this.#api.window.visibleTextEditors) {
      const found = this.#find(editor.document);
      const marks = found ? this.#marksOf(editor.document, found) : [];
      editor.setDecorations(
        this.#type,
        marks.map((mark) => this.#decoration(editor.document, mark, found!)),
      );
    }
  }

  /** The marks of a document, as drawn. */
  marks(document: vscode.TextDocument): readonly ImportMark[] {
    const found = this.#find(document);
    return found ? this.#marksOf(document, found) : [];
  }

  /** A host that is joined has profiles of earlier times. */
  async #ask(host: FolderHost): Promise<void> {
    // A host that goes meanwhile is asked again when it is back.
    const all = await host.running?.importCosts().catch(() => []);
    for (const costs of all ?? []) host.mirror.setImportCosts(costs);
  }

  /** The latest profile of a function that imports something in this file. */
  #find(document: vscode.TextDocument): Found | undefined {
    if (!this.#enabled.value || document.uri.scheme !== 'file') return undefined;
    const path = this.#normalize(document.uri.fsPath);
    return this.#hosts.all
      .flatMap((host) => host.mirror.importCosts.map((costs) => ({ host, costs })))
      .filter(({ costs }) => costs.files.some(({ file }) => this.#normalize(file) === path))
      .sort((a, b) => b.costs.at - a.costs.at)[0];
  }

  #marksOf(document: vscode.TextDocument, { costs }: Found): ImportMark[] {
    const text = document.getText();
    if (text.length > mostCharacters) return [];
    const path = this.#normalize(document.uri.fsPath);
    return makeImportMarks(costs, {
      is: (file) => this.#normalize(file) === path,
      lines: text.split(/\r\n|\r|\n/),
      hash: textHash(text),
    });
  }

  #decoration(document: vscode.TextDocument, mark: ImportMark, found: Found): vscode.DecorationOptions {
    const api = this.#api;
    const { end } = document.lineAt(mark.line).range;
    const color = new api.ThemeColor(mark.outdated ? colorIds.importCostOutdated : colorIds.importCost);
    return {
      range: new api.Range(end, end),
      renderOptions: { after: { contentText: mark.text, color } },
      hoverMessage: this.#hover(mark, found),
    };
  }

  #hover(mark: ImportMark, { host, costs }: Found): vscode.MarkdownString {
    const hover = new this.#api.MarkdownString();
    hover.isTrusted = { enabledCommands: [commandIds.profile] };
    for (const { name, totalMs, onlyMs } of mark.imports) {
      hover.appendMarkdown(
        `**${escapeMarkdown(name)}** · ${l10n.t(
          '{0} of {1} for loading {2}; {3} would be saved without it',
          formatMs(totalMs),
          formatMs(costs.loadMs),
          escapeMarkdown(costs.function),
          formatMs(onlyMs),
        )}\n\n`,
      );
    }
    const runs = costs.passive
      ? l10n.t('Recorded beside one call')
      : l10n.t('Median of {0} cold starts', costs.runs);
    const argument = encodeURIComponent(
      JSON.stringify([{ function: costs.function, folder: host.folder.path }]),
    );
    hover.appendMarkdown(
      `${runs} · ${formatDateTime(costs.at)} · [${l10n.t('Profile again')}](command:${commandIds.profile}?${argument})`,
    );
    if (mark.outdated) hover.appendMarkdown(`\n\n${l10n.t('The file was changed since.')}`);
    return hover;
  }

  dispose(): void {
    this.#store.dispose();
  }
}
