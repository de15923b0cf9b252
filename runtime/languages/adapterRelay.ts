import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { systemClock } from '../support/clock.ts';
import { Deferred } from '../support/deferred.ts';
import { Emitter } from '../support/emitter.ts';
import type { DebugRelay, DebugRelayOptions } from './debugRelay.ts';
import { PauseClock } from './pauseClock.ts';
import { DebugMessageReader, encodeDebugMessage, type DebugMessage } from './debugMessages.ts';

/** Requests whose success means that the instance runs on. */
const resuming = new Set(['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'goto', 'reverseContinue']);

/** Longest time another debugger waits for the one before to have left, in milliseconds. */
const leaveMs = 5000;

/** Number of messages of our own: no debugger counts so far. */
const lastSequence = 1_000_000_000;

/** Instances whose debugger is about to leave: another one would be refused meanwhile. */
const leaving = new Map<string, Promise<void>>();

/**
 * Opens a port for one debugger of an instance that speaks the Debug Adapter Protocol itself. Some let one client in and
 * take any connection for it (`debugpy`), so nothing connects to the instance before the debugger has come.
 */
export async function createAdapterRelay(options: DebugRelayOptions): Promise<DebugRelay> {
  const left = leaving.get(options.inspectorUrl);
  if (left) {
    let cancel = () => {};
    const limit = new Promise<void>(
      (resolve) => (cancel = (options.clock ?? systemClock).after(leaveMs, resolve)),
    );
    await Promise.race([left, limit]);
    cancel();
  }
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return new Relay(server, options);
}

/** Passes bytes on and reads what it needs to know of them: when breakpoints are set, and when the instance is paused. */
class Relay implements DebugRelay {
  readonly url: string;
  #server: Server;
  #inspectorUrl: string;
  #instancePort: number;
  #client: Socket | undefined;
  #instance: Socket | undefined;
  #left: (() => void) | undefined;
  #detached = false;
  #takesLeave = false;
  #ready = new Deferred<void>();
  #pauses: PauseClock;
  #stops = 0;
  /** Requests that let the instance run on, with the stops there had been when they were made. */
  #resumes = new Map<number, number>();
  #didConnect = new Emitter<void>();
  #didPause = new Emitter<unknown>();
  #didResume = new Emitter<void>();
  #didDetach = new Emitter<{ error?: Error }>();

  readonly onDidConnect = this.#didConnect.event;
  readonly onDidPause = this.#didPause.event;
  readonly onDidResume = this.#didResume.event;
  readonly onDidDetach = this.#didDetach.event;

  constructor(server: Server, { inspectorUrl, clock = systemClock }: DebugRelayOptions) {
    this.#server = server;
    this.#inspectorUrl = inspectorUrl;
    this.#instancePort = Number(new URL(inspectorUrl).port);
    this.#pauses = new PauseClock(() => clock.nowUs());
    this.url = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.#ready.promise.catch(() => {});
    server.on('connection', (socket) => this.#accept(socket));
  }

  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get paused(): boolean {
    return this.#pauses.held;
  }

  pausedUs(): number {
    return this.#pauses.totalUs();
  }

  dispose(): void {
    this.#detach();
  }

  #accept(client: Socket): void {
    if (this.#client || this.#detached) {
      client.destroy();
      return;
    }
    this.#client = client;
    const instance = connect({ host: '127.0.0.1', port: this.#instancePort });
    this.#instance = instance;
    this.#server.close();
    this.#join(client, instance, new DebugMessageReader((message) => this.#asked(message)), 'the debugger');
    this.#join(instance, client, new DebugMessageReader((message) => this.#said(message)), 'the instance');
    this.#didConnect.fire();
  }

  #join(from: Socket, to: Socket, reader: DebugMessageReader, who: string): void {
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (!this.#detached && !to.write(chunk)) from.pause();
      try {
        reader.push(chunk);
      } catch (error) {
        this.#detach(error as Error);
      }
    });
    to.on('drain', () => from.resume());
    from.on('error', (error) => this.#detach(error));
    from.on('close', () => this.#detach(new Error(`${who} closed the connection.`)));
  }

  #asked({ type, command = '', seq = -1 }: DebugMessage): void {
    if (type !== 'request') return;
    if (resuming.has(command)) this.#resumes.set(seq, this.#stops);
    // Its answer is still to come.
    if (command === 'disconnect') this.#takesLeave = true;
  }

  #said({ type, event, command, success, request_seq: of = -1 }: DebugMessage): void {
    if (type === 'event' && event === 'stopped') {
      this.#stops++;
      this.#pauses.hold();
      this.#didPause.fire(undefined);
    } else if (type === 'event' && event === 'terminated') {
      // What was debugged has ended: some debuggers would outlive it.
      if (this.#left) this.#left();
      else if (!this.#takesLeave) this.#detach();
    } else if (type === 'event' && event === 'continued') {
      this.#resume();
    } else if (type === 'response') {
      const stops = this.#resumes.get(of);
      this.#resumes.delete(of);
      // It may have stopped again before its answer is seen.
      if (stops === this.#stops && success) this.#resume();
      if (command === 'configurationDone' && success) this.#ready.resolve();
    }
  }

  #resume(): void {
    if (!this.#pauses.held) return;
    this.#pauses.release();
    this.#didResume.fire();
  }

  /**
   * Takes leave of the instance, which is done when it says so: one that is stopped in between says it when it goes on.
   * A connection that only breaks off would leave it waiting for the same debugger.
   */
  #leave(): void {
    const instance = this.#instance;
    if (!instance || instance.destroyed) return;
    const request = { type: 'request', command: 'disconnect', arguments: { terminateDebuggee: false } };
    instance.write(encodeDebugMessage({ seq: lastSequence, ...request }));
    instance.resume();
    const left = new Promise<void>((resolve) => {
      this.#left = () => instance.destroy();
      instance.once('close', () => resolve());
    }).then(() => {
      if (leaving.get(this.#inspectorUrl) === left) leaving.delete(this.#inspectorUrl);
    });
    leaving.set(this.#inspectorUrl, left);
  }

  #detach(error?: Error): void {
    if (this.#detached) return;
    this.#detached = true;
    this.#resume();
    this.#server.close();
    // The editor takes a connection that breaks off for a failure, unless it is told.
    this.#client?.end(encodeDebugMessage({ seq: lastSequence, type: 'event', event: 'terminated' }));
    this.#leave();
    this.#ready.reject(error ?? new Error('The debugger was detached.'));
    this.#didDetach.fire(error ? { error } : {});
    for (const emitter of [this.#didConnect, this.#didPause, this.#didResume, this.#didDetach])
      emitter.dispose();
  }
}
