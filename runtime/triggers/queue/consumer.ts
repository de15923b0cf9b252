import { PorchlightError } from '../../model/errors.ts';
import type { Message } from '../../model/queues/message.ts';
import type { QueueTrigger } from '../../model/queues/queueContract.ts';
import type { Clock } from '../../support/clock.ts';
import type { Delivered, DeliveryResult, SourceServices } from '../source.ts';
import { batchOutcome } from './batchOutcome.ts';
import type { LiveQueue } from './liveQueue.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

export interface ConsumerOptions {
  /** The queue as it is now; undefined while there is none. */
  queue(): LiveQueue | undefined;
  trigger: QueueTrigger;
  services: Pick<SourceServices, 'facts' | 'deliver' | 'say' | 'changed'>;
  clock: Clock;
}

/** What failed is left alone for this long at least, whatever the queue's visibility time-out says. */
const leastPauseMs = 1000;

/**
 * Brings the messages of a queue to a function, as an event source mapping does: batches that are full or have waited
 * long enough, so many at a time as may be. What the function handled is deleted; what it did not becomes visible again.
 */
export class Consumer {
  readonly #options: ConsumerOptions;
  readonly #clock: Clock;
  #running = false;
  #active = 0;
  /** When the batch that is being collected began to. */
  #collectingSince: number | undefined;
  #cancelWake: (() => void) | undefined;
  #pumping = false;
  #lastRefusal: string | undefined;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  /** Batches that are being handled. */
  get active(): number {
    return this.#active;
  }

  start(): void {
    this.#running = true;
    this.pump();
  }

  stop(): void {
    this.#running = false;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  /** Brings what is due. To be called when the queue changed. */
  pump(): void {
    // Taking messages changes the queue, which would come back here.
    if (!this.#running || this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#active < this.#most() && this.#isDue()) {
        if (!this.#bring({})) break;
      }
    } finally {
      this.#pumping = false;
    }
    this.#wakeLater();
  }

  /** While it is held nothing is brought by itself. */
  hold(held: boolean): void {
    this.#pumping = held;
  }

  /** Brings one message, or else a batch of what waits, whether it runs or not; undefined when nothing can be had. */
  bringNow(only?: string): Delivered | undefined {
    const pumping = this.#pumping;
    this.#pumping = true;
    try {
      return this.#bring(only === undefined ? {} : { only });
    } finally {
      this.#pumping = pumping;
    }
  }

  /** So many events may be under way at a time. */
  #most(): number {
    const { maxInstances, concurrency } = this.#options.services.facts.definition.process;
    return Math.min(this.#options.trigger.maxConcurrency ?? Infinity, maxInstances * concurrency);
  }

  /** Whether a batch is full or has waited for its window. */
  #isDue(): boolean {
    const { windowMs, batchSize } = this.#options.trigger;
    const queue = this.#options.queue()?.queue;
    if (!queue) return false;
    if (windowMs === 0) return true;
    const now = this.#clock.epochMs();
    const { waiting } = queue.counts(now);
    if (waiting === 0) {
      this.#collectingSince = undefined;
      return false;
    }
    this.#collectingSince ??= now;
    return waiting >= batchSize || now - this.#collectingSince >= windowMs;
  }

  #wakeLater(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    // Whoever ends makes room, and looks again.
    if (!this.#running || this.#active >= this.#most()) return;
    const now = this.#clock.epochMs();
    const times = [this.#options.queue()?.queue.nextVisibleAt(now)];
    if (this.#collectingSince !== undefined)
      times.push(this.#collectingSince + this.#options.trigger.windowMs);
    const next = Math.min(...times.map((time) => time ?? Infinity));
    if (next === Infinity) return;
    this.#cancelWake = this.#clock.after(Math.max(1, next - now), () => this.pump());
  }

  /** Takes a batch and hands it over; undefined when there is none. */
  #bring({ only }: { only?: string }): Delivered | undefined {
    const { trigger, services } = this.#options;
    const live = this.#options.queue();
    if (!live) return undefined;
    const { batchSize: max, batchBytes: maxBytes, accepts } = trigger;
    for (;;) {
      const now = this.#clock.epochMs();
      const chosen = only === undefined ? {} : { only };
      const taken = live.queue.receive(now, { max, maxBytes, hold: true, ...chosen });
      this.#collectingSince = undefined;
      if (taken.length === 0) return undefined;
      const batch = taken.filter((message) => accepts?.(message) ?? true);
      for (const message of taken) if (!batch.includes(message)) live.queue.delete(message.receiptHandle!);
      if (batch.length === 0) continue;
      try {
        return this.#handOver(live, batch, now);
      } catch (error) {
        this.#giveBack(live, batch);
        this.#refused(error);
        if (only !== undefined && error instanceof PorchlightError) throw error;
        services.changed();
        return undefined;
      }
    }
  }

  #handOver(live: LiveQueue, batch: Message[], now: number): Delivered {
    const { trigger, services } = this.#options;
    const { facts } = services;
    const event = trigger.event(batch, {
      queue: live.definition,
      trigger: facts.trigger,
      definition: facts.definition,
      now,
    });
    const of = live.definition.settings.redrive?.maxReceiveCount;
    const delivered = services.deliver({
      event,
      label: labelOf(live, trigger, batch),
      mode: 'once',
      attempt: {
        number: Math.max(...batch.map(({ receiveCount }) => receiveCount)),
        ...(of !== undefined && { of }),
      },
      notes: batch.length > 1 ? [describeBatch(batch)] : [],
    });
    this.#lastRefusal = undefined;
    this.#active++;
    void delivered.first.then((result) => {
      this.#active--;
      this.#settle(live, batch, result);
      this.pump();
    });
    return delivered;
  }

  #settle(live: LiveQueue, batch: Message[], result: DeliveryResult | undefined): void {
    const { trigger, services } = this.#options;
    if (!result) return this.#giveBack(live, batch);
    const ids = batch.map(({ id }) => id);
    const { failed, why } = batchOutcome(ids, result.outcome, trigger.reportsItemFailures);
    for (const message of batch) if (!failed.has(message.id)) live.queue.delete(message.receiptHandle!);
    this.#giveBack(
      live,
      batch.filter(({ id }) => failed.has(id)),
    );
    if (why !== undefined) services.say('warn', `${services.facts.definition.name}: ${why}`);
    services.changed();
  }

  /** They are handed out again, after a while. */
  #giveBack(live: LiveQueue, batch: Message[]): void {
    const now = this.#clock.epochMs();
    const { retryAfterMs } = this.#options.trigger;
    for (const { receiptHandle, visibleAt, receiveCount } of batch) {
      const at = retryAfterMs ? now + retryAfterMs(receiveCount) : visibleAt;
      live.queue.release(receiptHandle!, Math.max(at, now + leastPauseMs));
    }
  }

  /** Said once, not at every attempt. */
  #refused(error: unknown): void {
    const { facts, say } = this.#options.services;
    const text = error instanceof Error ? error.message : String(error);
    if (text === this.#lastRefusal) return;
    this.#lastRefusal = text;
    say(
      'warn',
      `${facts.definition.name}: messages of ${this.#options.trigger.queue} are not taken: ${text}`,
    );
  }
}

/** `orders 1b2c3d4e`, `orders 1b2c3d4e, receive 2 of 3`, `orders: 5 messages from 1b2c3d4e on`. */
function labelOf(
  { definition }: LiveQueue,
  { topic, queue }: QueueTrigger,
  batch: readonly Message[],
): string {
  const name = topic ?? queue;
  const [first] = batch;
  const id = first!.id.slice(0, 8);
  const count = Math.max(...batch.map(({ receiveCount }) => receiveCount));
  const of = definition.settings.redrive?.maxReceiveCount;
  const again = count > 1 ? `, receive ${count}${of === undefined ? '' : ` of ${of}`}` : '';
  return batch.length === 1
    ? `${name} ${id}${again}`
    : `${name}: ${batch.length} messages from ${id} on${again}`;
}

const mostDescribed = 10;

function describeBatch(batch: readonly Message[]): Phrase {
  const shown = batch
    .slice(0, mostDescribed)
    .map(({ id, receiveCount }) => (receiveCount > 1 ? `${id} (receive ${receiveCount})` : id))
    .join(', ');
  const more = batch.length - mostDescribed;
  return more > 0
    ? phrase('Messages: {shown} and {more} more.', { shown, more })
    : phrase('Messages: {shown}.', { shown });
}
