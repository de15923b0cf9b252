import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { PorchlightError } from '../model/errors.ts';
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

/** A thread that failed this often in a row is not started again. */
const mostFailures = 3;

/** Starts the thread when it is first asked for something, and brings questions and answers to each other. */
export class HistoryWorker {
  readonly #options: ServiceOptions;
  readonly #start: (options: ServiceOptions) => WorkerPort;
  readonly #onNotice: (notice: HistoryNotice) => void;
  #port: WorkerPort | undefined;
  #failures = 0;
  #nextId = 0;
  readonly #asked = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void; holds: boolean }
  >();

  constructor(
    options: ServiceOptions,
    onNotice: (notice: HistoryNotice) => void,
    start: (options: ServiceOptions) => WorkerPort = startThread,
  ) {
    this.#options = options;
    this.#onNotice = onNotice;
    this.#start = start;
  }

  get running(): boolean {
    return this.#port !== undefined;
  }

  /** Rejects when the request failed, or the thread did. */
  ask(request: HistoryRequest): Promise<unknown> {
    if (this.#failures >= mostFailures) return Promise.reject(this.#broken('it failed several times'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // Taking journals goes on behind everything else, and may be cut short by the end of the process.
      this.#asked.set(id, { resolve, reject, holds: request.do !== 'take' });
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
      if (this.#port === port) this.#port = undefined;
      if (error) this.#failures++;
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
  const worker = new Worker(file, { workerData: options, execArgv: [], name: 'history' });
  let failure: Error | undefined;
  worker.on('error', (error: Error) => (failure = error));
  return {
    post: (message) => worker.postMessage(message),
    onMessage: (listener) => worker.on('message', listener),
    onExit: (listener) => worker.on('exit', () => listener(failure)),
    hold: (held) => (held ? worker.ref() : worker.unref()),
  };
}
