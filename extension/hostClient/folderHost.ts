import { PorchlightError, failureText } from '../../runtime/model/errors.ts';
import type { Clock } from '../../runtime/support/clock.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import type { HostApi } from './hostApi.ts';
import type { HostAddress } from './hostFile.ts';
import { HostMirror } from './hostMirror.ts';
import type { HostExit, HostProcess } from './hostProcess.ts';
import type { HostCrash, HostState } from './hostState.ts';
import type { FoundNode } from './nodeFinder.ts';
import { RemoteLogs } from './remoteLogs.ts';
import { decideRestart } from './restartPolicy.ts';
import { phrase } from '../../runtime/support/l10n.ts';

/** An open connection to a host. */
export interface HostLink extends Disposable {
  api: HostApi;
  pid: number;
  version: string;
  /** The host's gateway may be elsewhere than its address file said. */
  gateway: string;
  /** Lets what the host tells into the mirror. */
  begin(): void;
  onClose: Event<string>;
}

/** The world of processes and sockets, as far as a folder's host needs it; tests pass a fake. */
export interface HostLauncher {
  findNode(): Promise<FoundNode>;
  launch(node: FoundNode, root: string): Promise<HostProcess>;
  /** The address a running host left in the folder. */
  readAddress(root: string): Promise<HostAddress | undefined>;
  connect(address: HostAddress, root: string, mirror: HostMirror): Promise<HostLink>;
  describeExit(exit: HostExit): string;
  clock: Pick<Clock, 'after' | 'epochMs'>;
  log(text: string): void;
}

/** The folder a host belongs to. */
export interface HostFolder {
  name: string;
  /** Absolute path. */
  path: string;
}

/**
 * The host of one workspace folder: joined when one runs already, otherwise started, started again when it crashes,
 * and replaced when another window's host goes. Its mirror outlives it.
 */
export class FolderHost implements Disposable {
  readonly folder: HostFolder;
  readonly mirror = new HostMirror();
  /** Logs of targets and what happened there; stays as the mirror does. */
  readonly remote: RemoteLogs;
  #launcher: HostLauncher;
  #state: HostState = { kind: 'none' };
  #process: HostProcess | undefined;
  #link: HostLink | undefined;
  #starting: Promise<HostApi> | undefined;
  #cancelRestart: (() => void) | undefined;
  #crashes: number[] = [];
  #disposed = false;
  #stateChanged = new Emitter<HostState>();
  #crashed = new Emitter<HostCrash>();

  constructor(folder: HostFolder, launcher: HostLauncher) {
    this.folder = folder;
    this.#launcher = launcher;
    this.remote = new RemoteLogs({
      running: () => this.running,
      onDidChange: this.#stateChanged.event,
      now: () => launcher.clock.epochMs(),
    });
  }

  get state(): HostState {
    return this.#state;
  }

  get onDidChangeState(): Event<HostState> {
    return this.#stateChanged.event;
  }

  get onDidCrash(): Event<HostCrash> {
    return this.#crashed.event;
  }

  /** The host when it runs; for callers that would not start one. */
  get running(): HostApi | undefined {
    return this.#link?.api;
  }

  /** The host, started when it does not run. Rejects with an error meant for the user. */
  async api(): Promise<HostApi> {
    if (this.#disposed)
      throw new PorchlightError('HOST_UNREACHABLE', {
        root: this.folder.path,
        detail: phrase('its folder was closed.'),
      });
    if (this.#link) return this.#link.api;
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  #setState(state: HostState): void {
    if (this.#disposed) return;
    this.#state = state;
    this.#stateChanged.fire(state);
  }

  async #start(): Promise<HostApi> {
    this.#setState({ kind: 'starting' });
    try {
      return (await this.#join()) ?? (await this.#launch());
    } catch (error) {
      this.#launcher.log(error instanceof Error ? error.message : String(error));
      this.#setState({ kind: 'failed', message: failureText(error) });
      throw error;
    }
  }

  /** Joins the host another window or a terminal started; undefined when there is none that answers. */
  async #join(): Promise<HostApi | undefined> {
    const address = await this.#launcher.readAddress(this.folder.path);
    if (!address) return undefined;
    try {
      const link = await this.#launcher.connect(address, this.folder.path, this.mirror);
      return this.#use(link, { own: false });
    } catch (error) {
      // A host of another version has to be stopped by the user. One that does not answer left a stale address.
      if (error instanceof PorchlightError && error.code === 'PROTOCOL_VERSION') throw error;
      this.#launcher.log(`The host with pid ${address.pid} does not answer; starting another one.`);
      return undefined;
    }
  }

  async #launch(): Promise<HostApi> {
    const node = await this.#launcher.findNode();
    let started: HostProcess;
    try {
      started = await this.#launcher.launch(node, this.folder.path);
    } catch (error) {
      // Two windows started at the same time: the other one was first.
      const joined = await this.#join();
      if (joined) return joined;
      throw error;
    }
    if (this.#disposed) {
      started.dispose();
      throw new PorchlightError('HOST_UNREACHABLE', {
        root: this.folder.path,
        detail: phrase('its folder was closed.'),
      });
    }
    this.#process = started;
    void started.stopped.then((exit) => this.#processStopped(started, exit));
    try {
      const link = await this.#launcher.connect(started.address, this.folder.path, this.mirror);
      return this.#use(link, { own: true, node });
    } catch (error) {
      this.#process = undefined;
      started.dispose();
      throw error;
    }
  }

  #use(link: HostLink, facts: { own: boolean; node?: FoundNode }): HostApi {
    this.#link = link;
    link.onClose((reason) => this.#linkClosed(link, facts.own, reason));
    link.begin();
    this.#setState({
      kind: 'running',
      pid: link.pid,
      gateway: link.gateway,
      version: link.version,
      ...facts,
    });
    return link.api;
  }

  #linkClosed(link: HostLink, own: boolean, reason: string): void {
    if (this.#link !== link) return;
    this.#link = undefined;
    this.mirror.markLost();
    // The exit of an own process brings its reason; it follows at once, or the process hangs and is ended for it.
    if (own && this.#process) this.#process.dispose();
    else this.#lost(`the connection to it was closed (${reason}).`, own);
  }

  #processStopped(process: HostProcess, exit: HostExit): void {
    if (this.#process !== process) return;
    this.#process = undefined;
    const link = this.#link;
    this.#link = undefined;
    link?.dispose();
    if (link) this.mirror.markLost();
    // While it is being started, the caller gets the failure.
    if (this.#starting) return;
    this.#lost(this.#launcher.describeExit(exit), true);
  }

  #lost(reason: string, own: boolean): void {
    if (this.#disposed) return;
    const { clock } = this.#launcher;
    this.#crashes.push(clock.epochMs());
    const decision = decideRestart(this.#crashes, clock.epochMs());
    this.#launcher.log(`The host of ${this.folder.path} is gone: ${reason}`);
    if (decision.restart) {
      this.#setState({ kind: 'waiting', reason });
      this.#cancelRestart = clock.after(decision.delayMs, () => {
        this.#cancelRestart = undefined;
        // A failure is in the state by then.
        this.api().catch(() => {});
      });
    } else {
      this.#setState({
        kind: 'failed',
        message: `The runtime host ended ${decision.crashes} times in a row: ${reason}`,
      });
    }
    if (own || !decision.restart) this.#crashed.fire({ reason, restarting: decision.restart });
  }

  /** Ends an own host in an orderly way, leaves one that others started. */
  async stop(): Promise<void> {
    this.#cancelRestart?.();
    this.#cancelRestart = undefined;
    const process = this.#process;
    const link = this.#link;
    // Cleared first, so that the exit is known to be a stop and no crash.
    this.#process = undefined;
    this.#link = undefined;
    if (link || process) this.mirror.markLost();
    await process?.stop();
    link?.dispose();
    if (this.#state.kind !== 'none') this.#setState({ kind: 'stopped' });
  }

  /** Ends an own host and starts it again. The user asked: earlier crashes are forgotten. */
  async restart(): Promise<HostApi> {
    await this.#starting?.catch(() => {});
    await this.stop();
    this.#crashes = [];
    return this.api();
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#cancelRestart?.();
    const process = this.#process;
    const link = this.#link;
    this.#process = undefined;
    this.#link = undefined;
    this.#disposed = true;
    this.remote.dispose();
    link?.dispose();
    process?.dispose();
    this.#stateChanged.dispose();
    this.#crashed.dispose();
  }
}
