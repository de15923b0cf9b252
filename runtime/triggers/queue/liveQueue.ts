import { isDeepStrictEqual } from 'node:util';
import type { QueueDefinition } from '../../model/queues/queueDefinition.ts';
import type { Clock } from '../../support/clock.ts';
import { Emitter } from '../../support/emitter.ts';
import { EmbeddedQueue, type EmbeddedQueueOptions } from './embeddedQueue.ts';
import { QueueJournal, type JournalHead, type ReadJournal } from './queueJournal.ts';

/** What a program that made a queue said about it, beside its settings; kept with it. */
export interface MadeQueue {
  tags: Record<string, string>;
  /** Attributes without an effect here, e.g. `Policy`, as they were given. */
  attributes: Record<string, string>;
}

export interface LiveQueueOptions {
  definition: QueueDefinition;
  clock: Clock;
  /** Absent: its messages end with the host. */
  file?: string;
  read?: ReadJournal;
  /** Made by a program, not declared by the project. */
  made: boolean;
  bury: EmbeddedQueueOptions['bury'];
  /** Whether this host may write to the file. */
  mayKeep(): boolean;
  onTrouble(text: string): void;
}

/** A queue of this host: what it holds is kept in its journal, and whoever waits for messages is told of changes. */
export class LiveQueue {
  readonly queue: EmbeddedQueue;
  readonly made: boolean;
  extra: MadeQueue = { tags: {}, attributes: {} };
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  modifiedAt: number;
  purgedAt = -Infinity;
  #definition: QueueDefinition;
  readonly #clock: Clock;
  readonly #journal: QueueJournal | undefined;
  readonly #mayKeep: () => boolean;
  readonly #onTrouble: (text: string) => void;
  #troubled = false;
  #closed = false;
  readonly #changed = new Emitter<void>();
  /** Messages came, went or changed their state. */
  readonly onDidChange = this.#changed.event;

  constructor(options: LiveQueueOptions) {
    const { definition, clock, file, read, made, bury } = options;
    this.#definition = definition;
    this.#clock = clock;
    this.made = made;
    this.#mayKeep = options.mayKeep;
    this.#onTrouble = options.onTrouble;
    const head = read?.head;
    this.createdAt = typeof head?.['createdAt'] === 'number' ? head['createdAt'] : clock.epochMs();
    this.modifiedAt = this.createdAt;
    this.queue = new EmbeddedQueue({
      settings: definition.settings,
      onChange: (change) => {
        this.#keep(() => this.#journal?.append(change));
        this.#changed.fire();
      },
      ...(bury && { bury }),
    });
    for (const change of read?.changes ?? []) this.queue.apply(change);
    if (file !== undefined) {
      this.#journal = new QueueJournal(file, () => ({
        head: this.#head(),
        changes: this.queue.snapshot(clock.epochMs()),
      }));
    }
  }

  get definition(): QueueDefinition {
    return this.#definition;
  }

  get name(): string {
    return this.#definition.name;
  }

  /** Other settings from now on. */
  redefine(definition: QueueDefinition, extra: MadeQueue = this.extra): void {
    const same = isDeepStrictEqual([definition, extra], [this.#definition, this.extra]);
    this.#definition = definition;
    this.extra = extra;
    if (same) return;
    this.queue.settings = definition.settings;
    this.modifiedAt = this.#clock.epochMs();
    if (this.made) this.keep();
    this.#changed.fire();
  }

  /** Writes it as it is now: a queue that a program made has to be there again, even when it is empty. */
  keep(): void {
    this.#keep(() => this.#journal?.rewrite());
  }

  /** What it holds stays on disk. */
  close(): void {
    this.#closed = true;
    this.#journal?.close();
    this.#changed.dispose();
  }

  /** Ends it with everything it holds. */
  remove(): void {
    this.#keep(() => this.#journal?.remove());
    this.#closed = true;
    this.#changed.fire();
    this.#changed.dispose();
  }

  #head(): JournalHead {
    const { name, createdAt } = this;
    if (!this.made) return { queue: name, createdAt };
    return { queue: name, createdAt, made: { definition: this.#definition, ...this.extra } };
  }

  /** What cannot be written now lives in memory, and is written when that works again. */
  #keep(write: () => void): void {
    if (this.#closed) return;
    try {
      if (this.#journal && !this.#mayKeep()) throw new Error('another host of this folder has them.');
      write();
      this.#troubled = false;
    } catch (error) {
      this.#journal?.close();
      if (!this.#troubled) {
        const detail = error instanceof Error ? error.message : String(error);
        this.#onTrouble(
          `Messages of the queue ${this.name} cannot be kept on disk and would end with this host: ${detail}`,
        );
      }
      this.#troubled = true;
    }
  }
}
