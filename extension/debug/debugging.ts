import type * as vscode from 'vscode';
import { PorchlightError } from '../../runtime/model/errors.ts';
import { DisposableStore, type Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { debugType } from '../contributions/ids.ts';
import type { EditorApi } from '../editor/editorApi.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { Hosts } from '../hostClient/hosts.ts';
import { functionsConfiguration, type FunctionsConfiguration } from './configuration.ts';
import type { FolderDebugging } from './folderDebugging.ts';
import {
  attachToInstance,
  nameInnerSessions,
  quietOptions,
  serveInstanceAdapters,
} from './instanceSessions.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import { loadDebuggerAhead } from './loadDebugger.ts';
import { endOrphans } from './orphans.ts';
import { packageFiles } from './packageFiles.ts';
import type { UmbrellaAdapter } from './umbrellaAdapter.ts';

/** What debugging works with. */
export interface DebugServices {
  api: EditorApi;
  hosts: Hosts;
  clock: Pick<Clock, 'after'>;
  log: Pick<vscode.LogOutputChannel, 'info' | 'warn' | 'error'>;
  /** Makes the latest failure of a folder that is debugged again, and tells of failures itself. */
  replayLastFailure(host: FolderHost): void;
  /** What there is to say of breakpoints that no instance has set, by their lines. Never rejects. */
  describe?(path: string, lines: number[]): Promise<(string | undefined)[]>;
}

interface Umbrella {
  session: vscode.DebugSession;
  debugging: FolderDebugging;
  adapter: UmbrellaAdapter;
}

/** Which folders are debugged in this window: at most one session of ours per folder. */
export class Debugging implements vscode.DebugAdapterDescriptorFactory, Disposable {
  #services: DebugServices;
  #umbrellas = new Map<FolderHost, Umbrella>();
  #starting = new Map<FolderHost, Promise<FolderDebugging>>();
  #store = new DisposableStore();
  #changed: Emitter<void>;

  constructor(services: DebugServices) {
    this.#services = services;
    this.#changed = this.#store.add(new Emitter<void>());
    const { debug } = services.api;
    this.#store.add(debug.registerDebugAdapterDescriptorFactory(debugType, this));
    this.#store.add(nameInnerSessions(services.api));
    this.#store.add(serveInstanceAdapters(services.api));
    this.#store.add(loadDebuggerAhead(services.api, services.hosts, services.log));
    this.#store.add(debug.onDidTerminateDebugSession((session) => this.#ended(session)));
    // After that: it asks which umbrellas are left.
    const isDebugging = (id: string) =>
      [...this.#umbrellas.values()].some(({ session }) => session.id === id);
    this.#store.add(endOrphans(services.api, { clock: services.clock, isDebugging }));
  }

  /** A folder's debugging began or ended. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  get active(): boolean {
    return this.#umbrellas.size > 0;
  }

  find(host: FolderHost): FolderDebugging | undefined {
    return this.#umbrellas.get(host)?.debugging;
  }

  /** Something happened that may change what is to be said of breakpoints. */
  describeAgain(host: FolderHost): void {
    void this.#umbrellas.get(host)?.adapter.refresh();
  }

  /** The host a configuration is about: the folder's, or the only one with functions. */
  hostOf(folder: vscode.WorkspaceFolder | undefined): FolderHost | undefined {
    const { hosts } = this.#services;
    if (folder) return hosts.find(folder.uri.toString());
    return hosts.withProject.length === 1 ? hosts.withProject[0] : undefined;
  }

  /** Debugs functions of a folder (all when not named), in the session there is or in a new one. */
  async ensure(host: FolderHost, functions?: string[]): Promise<FolderDebugging> {
    const current = this.find(host) ?? (await this.#starting.get(host));
    if (current) {
      await current.widen(functions);
      return current;
    }
    const starting = this.#start(host, functions).finally(() => this.#starting.delete(host));
    this.#starting.set(host, starting);
    return starting;
  }

  /** Ends debugging: of one folder, or of all. */
  async stop(host?: FolderHost): Promise<void> {
    const { debug } = this.#services.api;
    const ended = [...this.#umbrellas].filter(([each]) => host === undefined || each === host);
    await Promise.all(ended.map(([, { session }]) => debug.stopDebugging(session)));
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const { api, hosts, log, replayLastFailure, describe } = this.#services;
    const host = this.hostOf(session.workspaceFolder);
    if (!host) throw new PorchlightError('PROJECT_NOT_FOUND', { root: l10n.t('this window') });
    const configuration = session.configuration as FunctionsConfiguration;
    const { FolderDebugging, UmbrellaAdapter, dismissLatecomers } = await import('./session.ts');
    const debugging = new FolderDebugging({
      host,
      connect: async () => (await hosts.running(host)).connection,
      functions: configuration.functions,
      breakpointFiles: () => packageFiles(api.debug.breakpoints),
      onDidChangeBreakpoints: (listener) => api.debug.onDidChangeBreakpoints(listener),
      attach: (target) => attachToInstance(api, session, target),
      missing: (message) => void api.window.showWarningMessage(message),
      giveUp: (address) => this.#store.add(dismissLatecomers(address)),
      onLost: () => adapter.end(),
      log,
      ...(describe ? { describe } : {}),
    });
    const adapter = new UmbrellaAdapter(debugging);
    this.#umbrellas.set(host, { session, debugging, adapter });
    // Also after a restart of the session. Whoever started it hears of its failure from the session.
    if (configuration.replay) debugging.started.then(() => replayLastFailure(host)).catch(() => {});
    this.#changed.fire();
    return new api.DebugAdapterInlineImplementation(adapter);
  }

  async #start(host: FolderHost, functions: string[] | undefined): Promise<FolderDebugging> {
    const { api, hosts } = this.#services;
    await hosts.running(host);
    const configuration = functionsConfiguration(l10n.t('Functions'), functions);
    const folder = hosts.workspaceFolder(host);
    const accepted = await api.debug.startDebugging(folder, configuration, quietOptions);
    const debugging = this.find(host);
    if (!accepted || !debugging) throw new Error(l10n.t('The editor did not start debugging.'));
    await debugging.started;
    return debugging;
  }

  #ended(session: vscode.DebugSession): void {
    for (const [host, umbrella] of this.#umbrellas) {
      if (umbrella.session.id !== session.id) continue;
      this.#umbrellas.delete(host);
      void umbrella.debugging.stop();
      this.#changed.fire();
    }
  }

  dispose(): void {
    for (const { debugging } of this.#umbrellas.values()) void debugging.stop();
    this.#umbrellas.clear();
    this.#store.dispose();
  }
}
