import type * as vscode from 'vscode';
import type { Clock } from '../../runtime/support/clock.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { InvocationSelection } from '../presentation/invocationSelection.ts';
import { readFromPage, type FromPage, type PageLoad, type ToPage } from './messages.ts';
import { pageHtml } from './page.ts';
import { timelineTexts } from './texts.ts';
import { TimelineFeed } from './timelineFeed.ts';
import { failureText } from '../../runtime/model/errors.ts';

/** What a timeline needs of the rest of the extension. */
export interface TimelineServices {
  api: EditorApi;
  /** Where the bundles are. */
  dist: vscode.Uri;
  clock: Pick<Clock, 'after' | 'epochMs'>;
  selection: InvocationSelection;
  log: Pick<vscode.LogOutputChannel, 'warn'>;
  /** Opens the source an invocation is about, in a column where the timeline stays in sight. */
  openSourceOf(host: FolderHost, id: string, column: vscode.ViewColumn): Promise<void>;
  /** The running host, started when it does not run. */
  running(host: FolderHost): ReturnType<FolderHost['api']>;
  /** Saves what is unsaved before a load: what runs is what one sees. */
  saveFiles(host: FolderHost): Promise<void>;
  report(error: unknown): void;
}

/** A load that a page has asked for; `latest`: how far it is, for a page that comes back. */
interface RunningLoad {
  abort: AbortController;
  latest?: ToPage;
}

/** One folder's timeline in an editor tab. The page lives only while it is seen; then it is fed anew. */
export class TimelinePanel implements Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #services: TimelineServices;
  readonly #host: FolderHost;
  readonly #store = new DisposableStore();
  #feed: TimelineFeed | undefined;
  #load: RunningLoad | undefined;
  #wanted: (ToPage & { type: 'playground' }) | undefined;
  #chosenByPage: string | undefined;
  readonly #posted = new Emitter<ToPage>();

  constructor(services: TimelineServices, host: FolderHost, panel: vscode.WebviewPanel) {
    this.#services = services;
    this.#host = host;
    this.panel = panel;
    const { api, dist, selection } = services;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const address = (file: string): string => webview.asWebviewUri(api.Uri.joinPath(dist, file)).toString();
    this.#store.add(
      webview.onDidReceiveMessage((value: unknown) => {
        const message = readFromPage(value);
        if (!message) return services.log.warn('The timeline sent something that is no message of it.');
        this.receive(message);
      }),
    );
    this.#store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#stopFeeding();
      }),
    );
    this.#store.add(
      selection.onDidChange((ref) => {
        const id = ref?.folder === host.folder.path ? ref.id : undefined;
        if (id === this.#chosenByPage) return;
        this.#chosenByPage = undefined;
        this.#post({ type: 'selected', ...(id === undefined ? {} : { id }) });
      }),
    );
    panel.onDidDispose(() => this.dispose());
    webview.html = pageHtml({
      script: address('timeline.js'),
      style: address('timeline.css'),
      cspSource: webview.cspSource,
      title: panel.title,
      language: api.env.language,
    });
  }

  get onDidDispose(): vscode.Event<void> {
    return this.panel.onDidDispose;
  }

  /** What the page is told. */
  get onDidPost(): Event<ToPage> {
    return this.#posted.event;
  }

  /** Shows the load playground, for a function. */
  openPlayground(name: string | undefined): void {
    this.#wanted = { type: 'playground', ...(name === undefined ? {} : { function: name }) };
    if (this.#feed) this.#showPlayground();
  }

  /** Does what the page asks. */
  receive(message: FromPage): void {
    this.#carryOut(message).catch((error: unknown) => this.#services.report(error));
  }

  async #carryOut(message: FromPage): Promise<void> {
    const { selection } = this.#services;
    const folder = this.#host.folder.path;
    switch (message.type) {
      case 'ready':
        return this.#begin();
      case 'select':
        this.#chosenByPage = message.id;
        return selection.reveal({ folder, id: message.id });
      case 'open':
        return this.#services.openSourceOf(this.#host, message.id, this.#otherColumn());
      case 'startHost':
        return void (await this.#services.running(this.#host));
      case 'load':
        return this.#runLoad(message.load);
      case 'cancelLoad':
        return this.#load?.abort.abort();
    }
  }

  #begin(): void {
    this.#stopFeeding();
    const { selected } = this.#services.selection;
    const { folder } = this.#host;
    this.#post({
      type: 'begin',
      texts: timelineTexts(),
      locale: this.#services.api.env.language,
      folder: folder.path,
      ...(selected?.folder === folder.path ? { selected: selected.id } : {}),
    });
    this.#feed = new TimelineFeed(this.#host, this.#services.clock, (message) => this.#post(message));
    if (this.#load?.latest) this.#post(this.#load.latest);
    this.#showPlayground();
  }

  #showPlayground(): void {
    if (this.#wanted) this.#post(this.#wanted);
    this.#wanted = undefined;
  }

  async #runLoad({ event, ...load }: PageLoad): Promise<void> {
    if (this.#load) return;
    const running: RunningLoad = { abort: new AbortController() };
    this.#load = running;
    try {
      const api = await this.#services.running(this.#host);
      await this.#services.saveFiles(this.#host);
      const result = await api.load(
        { ...load, ...(event === undefined ? {} : { event: { encoding: 'utf8', data: event } }) },
        (progress) => {
          running.latest = { type: 'loadProgress', total: load.invocations, progress };
          this.#post(running.latest);
        },
        running.abort.signal,
      );
      this.#post({ type: 'loadEnded', result });
    } catch (error) {
      // It is told where it was asked for.
      this.#post({ type: 'loadEnded', error: failureText(error) });
    } finally {
      this.#load = undefined;
    }
  }

  /** Beside the timeline: what is opened must not cover it. */
  #otherColumn(): vscode.ViewColumn {
    const { ViewColumn, window } = this.#services.api;
    const own = this.panel.viewColumn;
    const shown = window.visibleTextEditors.find(
      ({ viewColumn }) => viewColumn !== undefined && viewColumn !== own,
    );
    if (shown?.viewColumn !== undefined) return shown.viewColumn;
    return own === undefined || own === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
  }

  #post(message: ToPage): void {
    // A page that is not seen is not there; the next one asks for everything.
    void this.panel.webview.postMessage(message);
    this.#posted.fire(message);
  }

  #stopFeeding(): void {
    this.#feed?.dispose();
    this.#feed = undefined;
  }

  dispose(): void {
    this.#stopFeeding();
    this.#load?.abort.abort();
    this.#store.dispose();
  }
}

/** What the tab is called; `several`: there are other folders. */
export function panelTitle(host: FolderHost, several: boolean): string {
  return several ? l10n.t('Timeline of {0}', host.folder.name) : l10n.t('Timeline');
}
