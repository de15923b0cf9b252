import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { timelineViewType } from '../contributions/ids.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { FromPage, ToPage } from './messages.ts';
import { panelTitle, TimelinePanel, type TimelineServices } from './timelinePanel.ts';

/** The timelines of this window: one per folder, which also come back when the window is opened again. */
export class Timelines implements Disposable {
  readonly #services: TimelineServices;
  readonly #hosts: Hosts;
  readonly #panels = new Map<FolderHost, TimelinePanel>();
  readonly #store = new DisposableStore();

  constructor(services: TimelineServices, hosts: Hosts) {
    this.#services = services;
    this.#hosts = hosts;
    this.#store.add(
      services.api.window.registerWebviewPanelSerializer(timelineViewType, {
        deserializeWebviewPanel: (panel, state: unknown) => {
          const host = this.#hostOf(state);
          // Its folder is not open any more, or another tab of it is.
          if (!host || this.#panels.has(host)) panel.dispose();
          else this.#adopt(host, panel);
          return Promise.resolve();
        },
      }),
    );
  }

  /** Shows the timeline of a folder, beside what is open. */
  show(
    host: FolderHost,
    options: { playground?: boolean; function?: string | undefined } = {},
  ): TimelinePanel {
    const known = this.#panels.get(host);
    known?.panel.reveal();
    const panel = known ?? this.#adopt(host, this.#create(host));
    if (options.playground) panel.openPlayground(options.function);
    return panel;
  }

  /** For tests: hears what a page is told, and asks in its place. */
  listen(host: FolderHost, hear: (message: ToPage) => void): ((message: FromPage) => void) | undefined {
    const panel = this.#panels.get(host);
    panel?.onDidPost(hear);
    return panel && ((message) => panel.receive(message));
  }

  #create(host: FolderHost): vscode.WebviewPanel {
    const { window, ViewColumn } = this.#services.api;
    const column = window.activeTextEditor ? ViewColumn.Beside : ViewColumn.Active;
    const title = panelTitle(host, this.#hosts.withProject.length > 1);
    return window.createWebviewPanel(timelineViewType, title, column);
  }

  #adopt(host: FolderHost, panel: vscode.WebviewPanel): TimelinePanel {
    const timeline = new TimelinePanel(this.#services, host, panel);
    this.#panels.set(host, timeline);
    panel.iconPath = this.#services.api.Uri.joinPath(this.#services.dist, '..', 'media', 'icon.png');
    timeline.onDidDispose(() => this.#panels.delete(host));
    return timeline;
  }

  #hostOf(state: unknown): FolderHost | undefined {
    const folder = (state as { folder?: unknown } | undefined)?.folder;
    return typeof folder === 'string' ? this.#hosts.find(folder) : undefined;
  }

  dispose(): void {
    this.#store.dispose();
    for (const { panel } of [...this.#panels.values()]) panel.dispose();
  }
}
