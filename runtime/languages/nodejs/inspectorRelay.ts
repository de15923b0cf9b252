import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import { systemClock, type Clock } from '../../support/clock.ts';
import { Deferred } from '../../support/deferred.ts';
import { Emitter, type Event } from '../../support/emitter.ts';
import {
  barrierCommandId,
  createdMainContext,
  destroyedContext,
  eventOf,
  pauseInfo,
  replyId,
  resumeCommandId,
  type PauseInfo,
} from './inspectorMessages.ts';
import type { DebugRelay, DebugRelayOptions, RelayObserver } from '../debugRelay.ts';
import { connectInspector, type InspectorSocket } from './inspectorSocket.ts';
import { PauseClock } from '../pauseClock.ts';
import { maxMessageBytes } from './webSocketFrames.ts';

/** Stands between one debugger and one instance's inspector. The owner disposes it. */
export interface InspectorRelay extends DebugRelay {
  readonly onDidPause: Event<PauseInfo>;
  readonly onDidDetach: Event<DetachInfo>;
}

export interface DetachInfo {
  by: 'client' | 'inspector' | 'owner';
  error?: Error;
}

/** `inspectorUrl` is `ws://127.0.0.1:port/uuid`. */
export type InspectorRelayOptions = DebugRelayOptions;

/** An instance whose main context is gone waits for its debuggers to leave; one that does not is made to. */
const exitGraceMs = 1000;

/** js-debug repeats a refused connection for ever, so latecomers are let in and dismissed for this long. */
const latecomersMs = 15_000;

/** Unsent bytes to the debugger at which reading from the inspector stops, and starts again. */
const backlog = { high: 8 * 1024 * 1024, low: 1024 * 1024 } as const;

/** Opens the endpoint. Nothing is attached to the instance until a debugger connects. */
export async function createInspectorRelay(options: InspectorRelayOptions): Promise<InspectorRelay> {
  const server = createServer((_request, response) => response.writeHead(404).end());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { WebSocketServer: Sockets } = await import('ws');
  const sockets = new Sockets({ noServer: true, perMessageDeflate: false, maxPayload: maxMessageBytes });
  return new Relay(server, sockets, options);
}

class Relay implements InspectorRelay {
  readonly url: string;
  #path = `/${randomBytes(24).toString('base64url')}`;
  #server: Server;
  #sockets: WebSocketServer;
  #inspectorUrl: string;
  #clock: Clock;
  #observer: RelayObserver | undefined;
  #pauses: PauseClock;
  #client: WebSocket | undefined;
  #inspector: InspectorSocket | undefined;
  /** Lets the debugger in that waits for the inspector's answer, and dismisses it. */
  #dismissWaiting: (() => void) | undefined;
  #state: 'waiting' | 'connecting' | 'attached' | 'detached' = 'waiting';
  #ready = new Deferred<void>();
  #barrierIds = new Set<number>();
  /** Commands to go on that were not answered yet. */
  #resumeIds = new Set<number>();
  #mainContext: number | undefined;
  #congested = false;
  #cancelGrace: (() => void) | undefined;
  #didConnect = new Emitter<void>();
  #didPause = new Emitter<PauseInfo>();
  #didResume = new Emitter<void>();
  #didDetach = new Emitter<DetachInfo>();

  readonly onDidConnect = this.#didConnect.event;
  readonly onDidPause = this.#didPause.event;
  readonly onDidResume = this.#didResume.event;
  readonly onDidDetach = this.#didDetach.event;

  constructor(server: Server, sockets: WebSocketServer, options: InspectorRelayOptions) {
    this.#server = server;
    this.#sockets = sockets;
    this.#inspectorUrl = options.inspectorUrl;
    this.#clock = options.clock ?? systemClock;
    this.#observer = options.observer;
    this.#pauses = new PauseClock(() => this.#clock.nowUs());
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}${this.#path}`;
    // Not everybody waits for the barrier; nobody has to.
    this.#ready.promise.catch(() => {});
    server.on('upgrade', (request, socket, head) => void this.#upgrade(request, socket, head));
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
    this.#detach({ by: 'owner' });
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    socket.on('error', () => socket.destroy());
    const status = this.#refusal(request);
    if (status) {
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const dismiss = (): void =>
      this.#sockets.handleUpgrade(request, socket, head, (client) => client.close(1001));
    if (this.#state === 'detached') return dismiss();
    this.#state = 'connecting';
    this.#dismissWaiting = dismiss;
    let inspector: InspectorSocket;
    try {
      inspector = await connectInspector(this.#inspectorUrl, {
        onPiece: (piece, first, last) => this.#fromInspector(piece, first, last),
        onClose: (error) => this.#inspectorClosed(error),
      });
    } catch (cause) {
      const error = new Error('The instance’s inspector cannot be reached.', { cause });
      this.#detach({ by: 'inspector', error });
      return;
    }
    // While the inspector answered, the owner may have given up, or the client (js-debug then tries again).
    if (this.#stateNow() === 'detached') return inspector.close();
    this.#dismissWaiting = undefined;
    this.#inspector = inspector;
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#attach(client));
    if (this.#stateNow() === 'connecting') {
      this.#inspector = undefined;
      inspector.close();
      this.#state = 'waiting';
    }
  }

  /** Defeats narrowing: other events change the state during an await. */
  #stateNow(): string {
    return this.#state;
  }

  /** A web page in the user's browser must not get at an inspector: it could run any code. */
  #refusal(request: IncomingMessage): string | undefined {
    if (request.headers.origin !== undefined) return '403 Forbidden';
    const host = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? '');
    if (!host) return '403 Forbidden';
    if (request.url !== this.#path) return '404 Not Found';
    if (this.#state === 'connecting' || this.#state === 'attached') return '409 Conflict';
    return undefined;
  }

  #attach(client: WebSocket): void {
    this.#state = 'attached';
    this.#client = client;
    client.on('message', (data, isBinary) => {
      if (!isBinary) this.#fromClient(data as Buffer);
    });
    client.on('error', (error) => this.#detach({ by: 'client', error }));
    client.on('close', () => this.#detach({ by: 'client' }));
    this.#didConnect.fire();
  }

  #fromClient(message: Buffer): void {
    if (!this.#ready.settled) {
      const id = barrierCommandId(message);
      if (id !== undefined) this.#barrierIds.add(id);
    }
    const resume = resumeCommandId(message);
    if (resume !== undefined) this.#resumeIds.add(resume);
    this.#observer?.fromClient(message);
    this.#inspector?.send(message);
  }

  #fromInspector(piece: Buffer, first: boolean, last: boolean): void {
    const client = this.#client;
    if (!client) return;
    // The clock stops before, and the barrier opens after, the debugger gets to know.
    if (first) this.#observe(piece, last);
    if (first) this.#observer?.fromInspector(piece, last);
    client.send(piece, { binary: false, fin: last }, () => this.#relieve());
    if (client.bufferedAmount > backlog.high && !this.#congested) {
      this.#congested = true;
      this.#inspector?.pause();
    }
    if (first && last && this.#barrierIds.size + this.#resumeIds.size > 0) {
      const id = replyId(piece);
      if (id === undefined) return;
      this.#resumeIds.delete(id);
      if (this.#barrierIds.delete(id)) this.#ready.resolve();
    }
  }

  #relieve(): void {
    if (!this.#congested || (this.#client?.bufferedAmount ?? 0) > backlog.low) return;
    this.#congested = false;
    this.#inspector?.resume();
  }

  #observe(piece: Buffer, whole: boolean): void {
    switch (eventOf(piece)) {
      case 'paused':
        this.#pauses.hold();
        // Of a message too long to be held only the fact is known.
        this.#didPause.fire(
          whole ? pauseInfo(piece) : { reason: 'other', hitBreakpoints: [], instrumentation: false },
        );
        break;
      case 'resumed':
        this.#resumed();
        break;
      case 'contextCreated':
        if (whole) this.#mainContext = createdMainContext(piece) ?? this.#mainContext;
        break;
      case 'contextDestroyed':
        if (whole && this.#mainContext !== undefined && destroyedContext(piece) === this.#mainContext) {
          this.#cancelGrace ??= this.#clock.after(exitGraceMs, () => this.#inspector?.close());
        }
        break;
      case undefined:
        break;
    }
  }

  #resumed(): void {
    if (!this.#pauses.held) return;
    this.#pauses.release();
    this.#didResume.fire();
  }

  #inspectorClosed(error?: Error): void {
    // Before the client is let in, `#upgrade` deals with it.
    if (this.#inspector) this.#detach({ by: 'inspector', ...(error && { error }) });
  }

  #detach(info: DetachInfo): void {
    if (this.#state === 'detached') return;
    this.#state = 'detached';
    this.#cancelGrace?.();
    this.#dismissWaiting?.();
    this.#dismissWaiting = undefined;
    const inspector = this.#inspector;
    this.#inspector = undefined;
    inspector?.close();
    // A program that ends because it went on did go on; js-debug would tell the user that it could not.
    for (const id of this.#resumeIds) this.#client?.send(JSON.stringify({ id, result: {} }));
    this.#client?.close(1000);
    this.#resumed();
    // One that never set its breakpoints may be on its way still, for the first or another time.
    const early = !this.#ready.settled;
    if (early) this.#ready.reject(info.error ?? new Error('The debugger was detached before it was ready.'));
    this.#didDetach.fire(info);
    for (const emitter of [this.#didConnect, this.#didPause, this.#didResume, this.#didDetach])
      emitter.dispose();
    if (early) this.#clock.after(latecomersMs, () => this.#server.close());
    else this.#server.close();
    this.#server.unref();
  }
}
