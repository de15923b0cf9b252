import type * as vscode from 'vscode';
import { isInside } from '../../runtime/model/handlerModule.ts';
import {
  AttachDeclined,
  AttachRequested,
  DebuggerMissing,
  StartDebugging,
  StopDebugging,
  type DebugTarget,
} from '../../runtime/protocol/control/messages.ts';
import type { ControlConnection } from '../../runtime/protocol/control/connection.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { DisposableStore } from '../../runtime/support/disposable.ts';
import { l10n } from '../editor/l10n.ts';
import type { FolderHost } from '../hostClient/folderHost.ts';
import type { UmbrellaActions } from './umbrellaAdapter.ts';

/** What debugging a folder needs from outside; tests pass fakes. */
export interface FolderDebuggingOptions {
  host: FolderHost;
  /** The host's connection; starts the host when it does not run. */
  connect(): Promise<ControlConnection>;
  /** Functions to debug; undefined: all. */
  functions: readonly string[] | undefined;
  attach(target: DebugTarget): Promise<void>;
  /** Functions cannot be debugged for what their interpreter lacks; told once for each message. */
  missing(message: string): void;
  /** The host that answered at this address of an instance is gone. */
  giveUp(address: string): void;
  /** The host is gone for good. */
  onLost(): void;
  log: Pick<vscode.LogOutputChannel, 'info' | 'warn'>;
}

/** Debugs the functions of one folder: from `start` on, every instance that asks is attached, until `stop`. */
export class FolderDebugging implements UmbrellaActions {
  readonly host: FolderHost;
  #options: FolderDebuggingOptions;
  #functions: Set<string> | undefined;
  #connection: ControlConnection | undefined;
  #subscriptions = new DisposableStore();
  #watch = new DisposableStore();
  readonly #told = new Set<string>();
  #started = new Deferred<void>();
  #stopped = false;

  constructor(options: FolderDebuggingOptions) {
    this.#options = options;
    this.host = options.host;
    this.#functions = options.functions && new Set(options.functions);
    // Whoever starts a session hears of its failure from the session.
    this.#started.promise.catch(() => {});
  }

  /** The host knows that it is to debug. Rejected when that failed or debugging was stopped before. */
  get started(): Promise<void> {
    return this.#started.promise;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  debugs(functionName: string): boolean {
    return !this.#stopped && (this.#functions?.has(functionName) ?? true);
  }

  covers(path: string): boolean {
    return this.host.mirror.functions.some(
      ({ name, codeRoot }) => this.debugs(name) && isInside(codeRoot, path),
    );
  }

  async start(): Promise<void> {
    try {
      await this.#begin();
      // A host that crashed is started again, and is to go on debugging then.
      this.#watch.add(this.host.onDidChangeState((state) => this.#hostChanged(state.kind)));
      this.#started.resolve();
    } catch (error) {
      this.#stopped = true;
      this.#started.reject(error);
      throw error;
    }
  }

  /** Debugs these functions as well. */
  async widen(functions: readonly string[] | undefined): Promise<void> {
    await this.started;
    const before = this.#functions;
    if (!before || functions?.every((name) => before.has(name))) return;
    this.#functions = functions && new Set([...before, ...functions]);
    await this.#tell();
  }

  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#watch.dispose();
    this.#subscriptions.dispose();
    this.#started.reject(new Error('Debugging was stopped.'));
    try {
      if (this.#connection && !this.#connection.closed) await this.#connection.sendRequest(StopDebugging);
    } catch (error) {
      // The host went meanwhile, and its debugging with it.
      this.#options.log.info(`Debugging of ${this.host.folder.name} ended with its host: ${String(error)}`);
    }
  }

  async #begin(): Promise<void> {
    const connection = await this.#options.connect();
    if (this.#stopped) return;
    this.#subscriptions.dispose();
    this.#subscriptions = new DisposableStore();
    this.#connection = connection;
    const addresses = new Set<string>();
    // Before the host is told: a spare may ask at once.
    this.#subscriptions.add(
      connection.onNotification(AttachRequested, (target) => {
        // Only js-debug comes back to an address by itself.
        if (target.websocketAddress.startsWith('ws')) addresses.add(target.websocketAddress);
        void this.#attach(connection, target);
      }),
    );
    this.#subscriptions.add(
      connection.onNotification(DebuggerMissing, ({ function: name, message }) => {
        if (this.#told.has(message)) return;
        this.#told.add(message);
        this.#options.missing(l10n.t('{0} is not debugged: {1}', name, message));
      }),
    );
    // Not given up with the others: the host may go after debugging was stopped, in the middle of an attach.
    connection.onClose(() => addresses.forEach((address) => this.#options.giveUp(address)));
    await this.#tell();
  }

  async #tell(): Promise<void> {
    const functions = this.#functions;
    await this.#connection?.sendRequest(StartDebugging, functions ? { functions: [...functions] } : {});
  }

  async #attach(connection: ControlConnection, target: DebugTarget): Promise<void> {
    try {
      await this.#options.attach(target);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.log.warn(`${target.instance} is not debugged: ${reason}`);
      connection.sendNotification(AttachDeclined, { instance: target.instance, reason });
    }
  }

  #hostChanged(kind: FolderHost['state']['kind']): void {
    if (this.#stopped) return;
    if (kind === 'failed' || kind === 'stopped' || kind === 'none') {
      this.#options.onLost();
    } else if (kind === 'running') {
      this.#begin().catch((error: unknown) => {
        this.#options.log.warn(`Debugging of ${this.host.folder.name} ended: ${String(error)}`);
        this.#options.onLost();
      });
    }
  }
}
