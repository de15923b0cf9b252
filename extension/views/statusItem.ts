import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { statusItemId, viewIds } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import type { HostState } from '../hostClient/hostState.ts';
import { hostTooltip } from '../presentation/hostText.ts';

/** States from what one has to know first to what is as usual. */
const urgency: HostState['kind'][] = ['failed', 'waiting', 'starting', 'stopped', 'running', 'none'];

/** The state that stands for all folders: the most urgent one. */
export function mostUrgent(hosts: readonly FolderHost[]): HostState {
  const states = hosts.map((host) => host.state);
  return states.sort((a, b) => urgency.indexOf(a.kind) - urgency.indexOf(b.kind))[0] ?? { kind: 'none' };
}

/** The text of the status bar for a state. */
export function statusText(state: HostState, functions: number): string {
  switch (state.kind) {
    case 'none':
    case 'stopped':
      return `$(lightbulb-empty) Porchlight: ${l10n.t('off')}`;
    case 'starting':
      return `$(loading~spin) Porchlight: ${l10n.t('starting')}`;
    case 'waiting':
      return `$(warning) Porchlight: ${l10n.t('restarting')}`;
    case 'failed':
      return `$(error) Porchlight: ${l10n.t('failed')}`;
    case 'running': {
      const count = functions === 1 ? l10n.t('1 function') : l10n.t('{0} functions', functions);
      return `$(lightbulb) Porchlight: ${state.own ? count : l10n.t('{0}, shared host', count)}`;
    }
  }
}

/** The one item in the status bar: how the hosts of this window are. */
export class StatusItem implements Disposable {
  #hosts: Hosts;
  #api: Pick<EditorApi, 'window' | 'MarkdownString' | 'StatusBarAlignment'>;
  #item: vscode.StatusBarItem;
  #store = new DisposableStore();

  constructor(api: Pick<EditorApi, 'window' | 'MarkdownString' | 'StatusBarAlignment'>, hosts: Hosts) {
    this.#api = api;
    this.#hosts = hosts;
    this.#item = this.#store.add(
      api.window.createStatusBarItem(statusItemId, api.StatusBarAlignment.Left, 0),
    );
    this.#item.name = 'Porchlight';
    this.#item.command = `${viewIds.functions}.focus`;
    this.#store.add(
      hosts.onDidChange((change) => {
        if (change.kind !== 'mirror' || change.change.kind === 'functions') this.#update();
      }),
    );
    this.#update();
  }

  #update(): void {
    const hosts = this.#hosts.withProject;
    if (hosts.length === 0) {
      this.#item.hide();
      return;
    }
    const functions = hosts.reduce((sum, host) => sum + host.mirror.functions.length, 0);
    const text = statusText(mostUrgent(hosts), functions);
    this.#item.text = text;
    this.#item.tooltip = new this.#api.MarkdownString(
      hosts.map((host) => hostTooltip(host.folder.name, host.state)).join('\n\n---\n\n'),
    );
    this.#item.accessibilityInformation = { label: text.replace(/\$\([^)]*\) /, '') };
    this.#item.show();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
