import type { CallStream, HandlerCall, HandlerContract } from '../../protocol/instance/contract.ts';

/** Functions that run in a container of their own are told of each request by this; see `bootstrap.container.ts`. */
export interface ContainerCallOptions {
  id: string;
  event: Buffer;
  /** When its time is over, in milliseconds since the epoch. */
  deadline: number;
  lifetime: Record<string, unknown>;
  contract: HandlerContract;
  /** Called once: with the result, or with what stands for it and the error it is of. */
  answered(body: Buffer, failure?: { error: unknown; handled: boolean }): void;
}

/** One request on its way through a handler, without a host around it. */
export class ContainerCall implements HandlerCall {
  readonly id: string;
  readonly event: Buffer;
  readonly deadline: number;
  readonly data: Record<string, unknown>;
  readonly lifetime: Record<string, unknown>;
  readonly #options: ContainerCallOptions;
  #settled = false;
  #onIdle: (() => void) | undefined;

  constructor(options: ContainerCallOptions) {
    const { id, event, deadline, lifetime } = options;
    this.id = id;
    this.event = event;
    this.deadline = deadline;
    // Contexts may be changed by handlers, and none must see another's changes.
    this.data = { ...structuredClone(lifetime), requestId: id };
    this.lifetime = lifetime;
    this.#options = options;
  }

  begin(handler: (...args: never[]) => unknown): void {
    try {
      this.#options.contract.start(handler, this);
    } catch (error) {
      this.fail(error, false);
    }
  }

  succeed(body: Buffer): void {
    this.#answer(body);
  }

  /** What comes bit by bit is sent as a whole. */
  stream(): CallStream {
    const chunks: Uint8Array[] = [];
    this.succeed = () => this.#answer(Buffer.concat(chunks));
    return {
      write: (bytes, done) => {
        chunks.push(bytes);
        setImmediate(done);
      },
    };
  }

  fail(error: unknown, handled: boolean): void {
    if (this.#settled) return;
    let body: Buffer;
    try {
      body = this.#options.contract.errorBody(error, handled, this);
    } catch {
      // The error cannot even be read: it is told as one without words.
      body = Buffer.alloc(0);
    }
    this.#answer(body, { error, handled });
  }

  run(code: () => unknown, done: (value: unknown, fromPromise: boolean) => void): void {
    const finish = (value: unknown, fromPromise: boolean): void => {
      try {
        done(value, fromPromise);
      } catch (error) {
        this.fail(error, false);
      }
    };
    let value: unknown;
    try {
      value = code();
    } catch (error) {
      return this.fail(error, false);
    }
    if (!isThenable(value)) return finish(value, false);
    Promise.resolve(value).then(
      (result) => finish(result, true),
      (error: unknown) => this.fail(error, false),
    );
  }

  /** A server's loop never runs empty: what waits for that is called once the turn is over. */
  whenIdle(callback: (() => void) | undefined): void {
    this.#onIdle = callback;
    if (callback) setImmediate(() => this.#onIdle === callback && !this.#settled && callback());
  }

  #answer(body: Buffer, failure?: { error: unknown; handled: boolean }): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#options.answered(body, failure);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}
