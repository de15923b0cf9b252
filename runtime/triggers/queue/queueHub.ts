import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import {
  queueArn,
  queueCapacity,
  queueDefaults,
  type QueueDefinition,
} from '../../model/queues/queueDefinition.ts';
import type { Clock } from '../../support/clock.ts';
import { Emitter } from '../../support/emitter.ts';
import { LiveQueue, type MadeQueue } from './liveQueue.ts';
import type { Message } from '../../model/queues/message.ts';
import { readJournal, type ReadJournal } from './queueJournal.ts';

export interface QueueHubOptions {
  /** Folder of the journals; absent: messages end with the host. */
  folder?: string;
  /** Whether this host may write there; asked before the first change is kept. */
  claim?(): boolean;
  clock: Clock;
  say(level: 'info' | 'warn', text: string): void;
}

/** Messages of a queue nobody declares any more are kept this long: the longest a queue may keep any. */
const abandonedMs = 1_209_600_000;

const headOfMade = v.object({
  definition: v.looseObject({
    name: v.string(),
    platform: v.string(),
    region: v.string(),
    accountId: v.string(),
    settings: v.object({
      fifo: v.boolean(),
      visibilityTimeoutMs: v.number(),
      delayMs: v.number(),
      retentionMs: v.number(),
      receiveWaitMs: v.number(),
      maxMessageBytes: v.number(),
      contentBasedDeduplication: v.boolean(),
      deduplicationScope: v.picklist(['queue', 'messageGroup']),
      redrive: v.optional(v.object({ target: v.string(), maxReceiveCount: v.number() })),
    }),
  }),
  tags: v.record(v.string(), v.string()),
  attributes: v.record(v.string(), v.string()),
});

/** All queues of a host: those its project declares, and those that programs made. */
export class QueueHub {
  readonly #options: QueueHubOptions;
  readonly #queues = new Map<string, LiveQueue>();
  readonly #changed = new Emitter<LiveQueue | undefined>();
  /** A queue changed, or, without one, which queues there are. */
  readonly onDidChange = this.#changed.event;

  constructor(options: QueueHubOptions) {
    this.#options = options;
    for (const { file, read } of this.#journals()) {
      const made = v.safeParse(headOfMade, read.head?.['made']);
      if (made.success) {
        const { definition, tags, attributes } = made.output;
        const live = this.#open(definition as QueueDefinition, true, read);
        live.extra = { tags, attributes };
      } else if (options.clock.epochMs() - statSync(file).mtimeMs > abandonedMs)
        rmSync(file, { force: true });
    }
  }

  get all(): LiveQueue[] {
    return [...this.#queues.values()];
  }

  find(name: string): LiveQueue | undefined {
    return this.#queues.get(name);
  }

  /** Has the queues the project declares from now on; messages of one that is declared no longer stay on disk. */
  declare(definitions: readonly QueueDefinition[]): void {
    const declared = new Map(definitions.map((definition) => [definition.name, definition]));
    for (const live of this.all) {
      if (live.made || declared.has(live.name)) continue;
      live.close();
      this.#queues.delete(live.name);
    }
    for (const definition of declared.values()) {
      const known = this.#queues.get(definition.name);
      if (known && !known.made) known.redefine(definition);
      else {
        // Who declares a queue that a program made takes it over, with its messages.
        known?.close();
        this.#open(definition, false, this.#read(definition.name));
      }
    }
    this.#changed.fire(undefined);
  }

  /** Makes a queue, or gives the one of that name. Throws when there are too many. */
  make(definition: QueueDefinition, extra: MadeQueue): LiveQueue {
    const known = this.#queues.get(definition.name);
    if (known) return known;
    if (this.#queues.size >= queueCapacity.queues)
      throw new Error(`There are ${this.#queues.size} queues already, as many as this machine may have.`);
    const live = this.#open(definition, true);
    live.redefine(definition, extra);
    live.keep();
    this.#changed.fire(undefined);
    return live;
  }

  /** Ends a queue that a program made; false for one the project declares. */
  remove(live: LiveQueue): boolean {
    if (!live.made) return false;
    this.#queues.delete(live.name);
    live.remove();
    this.#changed.fire(undefined);
    return true;
  }

  /** Queues whose dead letters come to this one. */
  sourcesOf(name: string): LiveQueue[] {
    return this.all.filter(({ definition }) => definition.settings.redrive?.target === name);
  }

  /**
   * Moves dead messages back to where they died, or all of them to `target`, and says how many. Those whose queue is gone
   * stay.
   */
  redrive(from: LiveQueue, target?: LiveQueue, ids?: readonly string[]): number {
    const now = this.#options.clock.epochMs();
    const byArn = new Map(this.all.map((live) => [queueArn(live.definition), live]));
    let moved = 0;
    for (const message of from.queue.messages) {
      if (ids && !ids.includes(message.id)) continue;
      if (from.queue.stateOf(message, now) !== 'waiting') continue;
      const to = target ?? (message.diedIn === undefined ? undefined : byArn.get(message.diedIn));
      if (!to || to === from) continue;
      const { diedIn: _diedIn, ...alive } = message;
      to.queue.adopt(now, alive);
      from.queue.discard(message.id);
      moved++;
    }
    return moved;
  }

  close(): void {
    for (const live of this.all) live.close();
    this.#queues.clear();
    this.#changed.dispose();
  }

  #open(definition: QueueDefinition, made: boolean, read?: ReadJournal): LiveQueue {
    const { clock, folder, say } = this.#options;
    const live: LiveQueue = new LiveQueue({
      definition,
      clock,
      made,
      ...(folder !== undefined && { file: this.#fileOf(folder, definition.name) }),
      ...(read && { read }),
      bury: (message, target) => this.#bury(live, message, target),
      mayKeep: this.#options.claim ?? (() => true),
      onTrouble: (text) => say('warn', text),
    });
    if (read && read.damaged > 0)
      say('warn', `${read.damaged} lines about messages of ${definition.name} are damaged and left out.`);
    live.onDidChange(() => this.#changed.fire(live));
    this.#queues.set(definition.name, live);
    return live;
  }

  #bury(from: LiveQueue, message: Message, target: string): boolean {
    const { clock, say } = this.#options;
    try {
      // In the cloud a dead-letter queue has to be there; here it is made, so that nothing is lost.
      const settings = { ...queueDefaults, fifo: from.definition.settings.fifo, retentionMs: abandonedMs };
      const grave = this.make({ ...from.definition, name: target, settings }, { tags: {}, attributes: {} });
      grave.queue.adopt(clock.epochMs(), { ...message, diedIn: queueArn(from.definition) });
      return true;
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      say('warn', `A dead message of ${from.name} cannot be moved to ${target} and stays: ${detail}`);
      return false;
    }
  }

  #fileOf(folder: string, name: string): string {
    // Names that differ in case alone would be one file on some systems.
    const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
    return join(folder, `${name.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 80)}-${hash}.jsonl`);
  }

  #read(name: string): ReadJournal | undefined {
    const { folder, say } = this.#options;
    if (folder === undefined) return undefined;
    try {
      return readJournal(this.#fileOf(folder, name));
    } catch (error) {
      say('warn', `Messages of ${name} from before cannot be read: ${(error as Error).message}`);
      return undefined;
    }
  }

  #journals(): { file: string; read: ReadJournal }[] {
    const { folder, say } = this.#options;
    if (folder === undefined) return [];
    try {
      mkdirSync(folder, { recursive: true });
      const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
      return files.map((name) => ({ file: join(folder, name), read: readJournal(join(folder, name)) }));
    } catch (error) {
      say('warn', `Messages from before cannot be read: ${(error as Error).message}`);
      return [];
    }
  }
}
