import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PorchlightError } from '../model/errors.ts';
import type { Clock } from '../support/clock.ts';
import { distFile } from '../support/installRoot.ts';
import type { HistoryRequest, ServiceOptions } from './historyService.ts';
import type { HistoryNotice } from './recordDatabase.ts';

/** A thread, or what tests put in its place. */
export interface WorkerPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** It is gone: by itself after `close`, or because of an error. */
  onExit(listener: (error: Error | undefined) => void): void;
  /** Whether it keeps the process alive. */
  hold(held: boolean): void;
}

type Answer = { notice: HistoryNotice } | { id: number; value?: unknown; error?: string };

/**
 * A thread without work ends after this time, which gives back its memory: the engine's only ever grows. After a search
 * it stays longer, as another one is likely and the filters are dear to read.
 */
const restAfterMs = { work: 15_000, search: 5 * 60_000 } as const;

/** Room for what is read and forgotten at once; V8 would let it grow to several times as much before it cleans up. */
const youngMB = 8;

/** A thread that failed this often in a row is not started again. */
const mostFailures = 3;

/** Starts the thread when it is asked for something, brings questions and answers to each other, and lets it rest. */
export class HistoryWorker {
  readonly #options: ServiceOptions;
  readonly #clock: Clock;
  readonly #start: (options: ServiceOptions) => WorkerPort;
  readonly #onNotice: (notice: HistoryNotice) => void;
  #port: WorkerPort | undefined;
  #failures = 0;
  #nextId = 0;
  /** The thread is asked to end: what is asked meanwhile waits, as only then it is known who answers. */
  #resting: Promise<void> | undefined;
  #cancelRest: (() => void) | undefined;
  #restAtMs = 0;
  readonly #asked = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void; holds: boolean }
  >();

  constructor(
    options: ServiceOptions,
    onNotice: (notice: HistoryNotice) => void,
    clock: Clock,
    start: (options: ServiceOptions) => WorkerPort = startThread,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#onNotice = onNotice;
    this.#start = start;
  }

  get running(): boolean {
    return this.#port !== undefined;
  }

  /** Rejects when the request failed, or the thread did. */
  async ask(request: HistoryRequest): Promise<unknown> {
    if (this.#resting) {
      // Whoever asks keeps the process alive until there is an answer.
      if (request.do !== 'take') this.#port?.hold(true);
      await this.#resting;
    }
    const searches = request.do === 'query' && request.params.text !== undefined;
    const awakeMs = searches ? restAfterMs.search : restAfterMs.work;
    this.#restAtMs = Math.max(this.#restAtMs, this.#clock.nowUs() / 1000 + awakeMs);
    if (request.do === 'close') this.#cancelRest?.();
    else this.#cancelRest ??= this.#clock.after(awakeMs, () => this.#rest());
    return this.#post(request);
  }

  /** Ends the thread, unless there is work or something that only it has. */
  #rest(): void {
    this.#cancelRest = undefined;
    if (!this.#port) return;
    const leftMs = this.#restAtMs - this.#clock.nowUs() / 1000;
    if (leftMs > 0 || this.#asked.size > 0) {
      this.#cancelRest = this.#clock.after(leftMs > 0 ? leftMs : restAfterMs.work, () => this.#rest());
      return;
    }
    this.#resting = this.#post({ do: 'rest', now: this.#clock.epochMs() }).then(
      (rests) => {
        this.#resting = undefined;
        if (rests === true) this.#port = undefined;
        else this.#cancelRest ??= this.#clock.after(restAfterMs.work, () => this.#rest());
      },
      // It ended by an error; the next question starts another one, and tells when that fails, too.
      () => (this.#resting = undefined),
    );
  }

  #post(request: HistoryRequest): Promise<unknown> {
    if (this.#failures >= mostFailures) return Promise.reject(this.#broken('it failed several times'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // Taking journals goes on behind everything else, and may be cut short by the end of the process.
      this.#asked.set(id, { resolve, reject, holds: request.do !== 'take' && request.do !== 'rest' });
      try {
        this.#port ??= this.#open();
        this.#port.post({ id, request });
        this.#hold();
      } catch (error) {
        this.#asked.delete(id);
        reject(this.#broken(error instanceof Error ? error.message : String(error)));
      }
    });
  }

  #open(): WorkerPort {
    const port = this.#start(this.#options);
    port.onMessage((message) => this.#receive(message as Answer));
    port.onExit((error) => {
      if (error) this.#failures++;
      // One that rests has been left already, and answers for nobody.
      if (this.#port !== port) return;
      this.#port = undefined;
      for (const { reject } of this.#asked.values()) reject(this.#broken(error?.message ?? 'it ended'));
      this.#asked.clear();
    });
    return port;
  }

  #receive(message: Answer): void {
    if ('notice' in message) return this.#onNotice(message.notice);
    const asked = this.#asked.get(message.id);
    this.#asked.delete(message.id);
    this.#hold();
    if (message.error !== undefined) {
      asked?.reject(new PorchlightError('INTERNAL', { detail: message.error }));
      return;
    }
    this.#failures = 0;
    asked?.resolve(message.value);
  }

  #hold(): void {
    this.#port?.hold([...this.#asked.values()].some(({ holds }) => holds));
  }

  #broken(reason: string): PorchlightError {
    return new PorchlightError('INTERNAL', {
      detail: `The thread that keeps the history in ${this.#options.file} does not run: ${reason}.`,
    });
  }
}

function startThread(options: ServiceOptions): WorkerPort {
  // The sources run as they are in tests; a bundle has no sources beside it.
  const source = new URL('./history.worker.ts', import.meta.url);
  const file = existsSync(source) ? fileURLToPath(source) : distFile('history.worker.cjs');
  // Options of the process, e.g. an inspector or the kind of its main module, are not the thread's.
  const resourceLimits = { maxYoungGenerationSizeMb: youngMB };
  const worker = new Worker(file, { workerData: options, execArgv: [], resourceLimits, name: 'history' });
  let failure: Error | undefined;
  worker.on('error', (error: Error) => (failure = error));
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onExit: (listener) => worker.on('exit', () => listener(failure)),
    hold: (held) => (held ? worker.ref() : worker.unref()),
  };
}
