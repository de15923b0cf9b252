import {
  AbstractMessageReader,
  AbstractMessageWriter,
  CancellationTokenSource,
  createMessageConnection,
  type NotificationType,
  type RequestType,
  ResponseError,
  type CancellationToken,
  type DataCallback,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import { catalogue, PorchlightError, type ErrorCode, toldOf } from '../../model/errors.ts';
import type { Carrier } from '../../support/carrier.ts';
import { toDisposable, type Disposable } from '../../support/disposable.ts';
import { Emitter, type Event } from '../../support/emitter.ts';
import type { ControlErrorData } from './messages.ts';

/** Parameters of a request: none for `void`, then how to cancel. */
export type RequestArguments<P> = [P] extends [void]
  ? [params?: undefined, options?: RequestOptions]
  : [params: P, options?: RequestOptions];

/** `signal` asks the peer to cancel; the call still ends with the peer's own answer. */
export interface RequestOptions {
  signal?: AbortSignal;
}

type Request<P, R> = RequestType<P, R, ControlErrorData>;

/** One end of the control protocol. Errors that come over it are `PorchlightError`s with the stack of the caller. */
export interface RpcConnection extends Disposable {
  sendRequest<P, R>(type: Request<P, R>, ...args: RequestArguments<P>): Promise<R>;
  /** Dropped when the connection is closed. */
  sendNotification<P>(type: NotificationType<P>, ...args: [P] extends [void] ? [] : [params: P]): void;
  /** One handler per request; what it throws goes to the peer. `signal` aborts when the peer cancels or is gone. */
  onRequest<P, R>(
    type: Request<P, R>,
    handler: (params: P, signal: AbortSignal) => R | Promise<R>,
  ): Disposable;
  /** Any number of listeners per notification. */
  onNotification<P>(type: NotificationType<P>, listener: (params: P) => void): Disposable;
  /** Fires once with the reason, whichever side closed. */
  onClose: Event<string>;
  readonly closed: boolean;
  readonly carrier: Carrier;
}

/** What a connection tells its owner besides messages. */
export interface RpcOptions {
  /** Names the peer in errors, e.g. the project folder. */
  peer: string;
  /** A handler failed with something that is not of the catalogue: worth a line in the log. */
  onInternalError?: (method: string, error: unknown) => void;
}

class CarrierReader extends AbstractMessageReader implements MessageReader {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    super();
    this.#carrier = carrier;
  }

  listen(callback: DataCallback): Disposable {
    this.#carrier.onMessage((text) => {
      let message: unknown;
      try {
        message = JSON.parse(text);
      } catch {
        this.#carrier.close('The peer sent something that is not JSON.');
        return;
      }
      if (typeof message === 'object' && message !== null) callback(message as Message);
      else this.#carrier.close('The peer sent something that is not a message.');
    });
    return toDisposable(() => {});
  }
}

class CarrierWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #carrier: Carrier;

  constructor(carrier: Carrier) {
    super();
    this.#carrier = carrier;
  }

  write(message: Message): Promise<void> {
    this.#carrier.send(JSON.stringify(message));
    return Promise.resolve();
  }

  end(): void {}
}

/** JSON-RPC over a carrier, for either side. It listens at once: register handlers in the same turn. */
export function createRpcConnection(carrier: Carrier, options: RpcOptions): RpcConnection {
  const rpc = createMessageConnection(new CarrierReader(carrier), new CarrierWriter(carrier));
  const closeEmitter = new Emitter<string>();
  const running = new Set<AbortController>();
  const listeners = new Map<string, Emitter<unknown>>();
  let closedBecause: string | undefined;

  carrier.onClose((reason) => {
    closedBecause = reason;
    for (const controller of running) controller.abort();
    // Rejects the calls that are pending.
    rpc.dispose();
    closeEmitter.fire(reason);
    closeEmitter.dispose();
  });

  const connection: RpcConnection = {
    carrier,
    onClose: closeEmitter.event,
    get closed() {
      return closedBecause !== undefined;
    },
    async sendRequest(type, ...[params, { signal } = {}]) {
      // Made here, so that its stack leads to the caller and not into a socket.
      const atCall = new Error();
      Error.captureStackTrace(atCall, connection.sendRequest);
      const source = signal && new CancellationTokenSource();
      const cancel = (): void => source?.cancel();
      if (signal?.aborted) cancel();
      signal?.addEventListener('abort', cancel, { once: true });
      try {
        if (closedBecause !== undefined) throw new Error(closedBecause);
        return await rpc.sendRequest(type, params as never, source?.token);
      } catch (error) {
        throw toCallerError(error, atCall, options.peer, closedBecause);
      } finally {
        signal?.removeEventListener('abort', cancel);
        source?.dispose();
      }
    },
    sendNotification(type, ...[params]) {
      if (closedBecause === undefined) void rpc.sendNotification(type, params as never);
    },
    onRequest(type, handler) {
      return rpc.onRequest(type.method, async (...args: unknown[]) => {
        const [params, token] = args as [never, CancellationToken];
        const controller = new AbortController();
        const abort = (): void => controller.abort();
        if (token.isCancellationRequested) abort();
        token.onCancellationRequested(abort);
        running.add(controller);
        try {
          return await handler(params, controller.signal);
        } catch (error) {
          if (!(error instanceof PorchlightError)) options.onInternalError?.(type.method, error);
          throw toResponseError(error);
        } finally {
          running.delete(controller);
        }
      });
    },
    onNotification(type, listener) {
      let emitter = listeners.get(type.method);
      if (!emitter) {
        const created = new Emitter<unknown>();
        emitter = created;
        listeners.set(type.method, created);
        rpc.onNotification(type.method, (params: unknown) => created.fire(params));
      }
      return emitter.event(listener as (params: unknown) => void);
    },
    dispose() {
      carrier.close();
    },
  };
  if (closedBecause === undefined) rpc.listen();
  return connection;
}

const errorNumber = -32000;

function toResponseError(error: unknown): ResponseError<ControlErrorData> {
  const { code, message, facts } = toldOf(error);
  return new ResponseError(errorNumber, message, { code, kind: catalogue[code].kind, facts });
}

function toCallerError(
  error: unknown,
  atCall: Error,
  peer: string,
  closedBecause: string | undefined,
): PorchlightError {
  const data =
    error instanceof ResponseError ? (error.data as Partial<ControlErrorData> | undefined) : undefined;
  const text = error instanceof Error ? error.message : String(error);
  let restored: PorchlightError;
  if (data?.code !== undefined && Object.hasOwn(catalogue, data.code)) {
    restored = new PorchlightError(data.code as ErrorCode, data.facts ?? {}, { cause: error });
    // The peer's words: another version may phrase it differently.
    restored.message = text;
  } else if (closedBecause !== undefined) {
    restored = new PorchlightError('HOST_UNREACHABLE', { root: peer, detail: closedBecause });
  } else {
    restored = new PorchlightError('INTERNAL', { detail: text }, { cause: error });
  }
  restored.stack = `${restored.name}: ${restored.message}\n${(atCall.stack ?? '').split('\n').slice(1).join('\n')}`;
  return restored;
}
