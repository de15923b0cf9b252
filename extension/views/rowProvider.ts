import type * as vscode from 'vscode';
import type { Clock } from '../../runtime/support/clock.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { Emitter } from '../../runtime/support/emitter.ts';
import { Batch } from '../editor/batch.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import type { Row } from './row.ts';

/** What of the editor's API makes tree items. */
export type ItemApi = Pick<
  EditorApi,
  'TreeItem' | 'TreeItemCollapsibleState' | 'ThemeIcon' | 'ThemeColor' | 'MarkdownString'
>;

const refreshMs = 100;

/** Makes the editor's items of rows and passes changes on in batches. */
export class RowProvider implements vscode.TreeDataProvider<Row>, Disposable {
  #api: ItemApi;
  #roots: () => Row[] | Promise<Row[]>;
  #changed = new Emitter<Row[] | undefined>();
  #batch: Batch<Row | undefined>;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(api: ItemApi, clock: Pick<Clock, 'after'>, roots: () => Row[] | Promise<Row[]>) {
    this.#api = api;
    this.#roots = roots;
    this.#batch = new Batch(clock, refreshMs, (rows) => {
      this.#changed.fire(rows.has(undefined) ? undefined : [...rows].filter((row) => row !== undefined));
    });
  }

  /** Asks for a row to be drawn again, with what is below it; without one, everything. */
  refresh(row?: Row): void {
    this.#batch.add(row);
  }

  /** Draws at once what is waiting. */
  flush(): void {
    this.#batch.flush();
  }

  getChildren(row?: Row): vscode.ProviderResult<Row[]> {
    return row ? row.children() : this.#roots();
  }

  getParent(row: Row): Row | undefined {
    return row.parent;
  }

  getTreeItem(row: Row): vscode.TreeItem {
    const api = this.#api;
    const content = row.content();
    const state = api.TreeItemCollapsibleState;
    const states = { none: state.None, collapsed: state.Collapsed, expanded: state.Expanded };
    const item = new api.TreeItem(content.label, states[row.expansion()]);
    item.id = row.id;
    if (content.description !== undefined) item.description = content.description;
    if (content.icon) {
      const { id, color } = content.icon;
      item.iconPath = new api.ThemeIcon(id, color === undefined ? undefined : new api.ThemeColor(color));
    }
    if (content.tooltip !== undefined) item.tooltip = new api.MarkdownString(content.tooltip);
    if (content.context !== undefined) item.contextValue = content.context;
    if (content.command) {
      const { id, title, argument } = content.command;
      item.command = { command: id, title, arguments: [argument] };
    }
    const spoken = content.spoken ?? [content.label, content.description].filter(Boolean).join(', ');
    item.accessibilityInformation = { label: spoken, role: 'treeitem' };
    return item;
  }

  dispose(): void {
    this.#batch.dispose();
    this.#changed.dispose();
  }
}
