import { createHash, randomUUID } from 'node:crypto';
import { queueCapacity, type QueueSettings } from '../../model/queues/queueDefinition.ts';
import { randomHex } from '../../support/randomHex.ts';
import { messageBytes, type Message, type NewMessage } from '../../model/queues/message.ts';
import type { QueueChange } from './queueChange.ts';

/** How long a deduplication id is remembered (SQS developer guide "Exactly-once processing"). */
export const deduplicationMs = 300_000;

/** Numbers of messages by what can be done with them. */
export interface QueueCounts {
  /** May be handed out. */
  waiting: number;
  /** Handed out, and not yet deleted or visible again. */
  inFlight: number;
  /** Sent with a delay that is not over. */
  delayed: number;
}

export interface ReceiveOptions {
  max: number;
  /** Instead of the queue's own. */
  visibilityTimeoutMs?: number;
  /** It stays invisible until it is deleted or released, whatever the time: its receiver is in this process. */
  hold?: boolean;
  /** Bytes of messages together; the first is handed out whatever its size. */
  maxBytes?: number;
  /** No other message than this one. */
  only?: string;
}

export interface EmbeddedQueueOptions {
  settings: QueueSettings;
  /** Called with every change once it has been carried out. */
  onChange?(change: QueueChange): void;
  /** Takes a message that was handed out too often; false when it cannot: then it stays, and is tried again later. */
  bury?(message: Message, target: string): boolean;
  newId?(): string;
}

/** The queue holds as much as it may. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull';
}

/**
 * One queue. Pure on a clock: each call says what time it is. A message is at any time either delayed, waiting, in flight
 * or gone; what a receiver does not delete comes back when its visibility time-out is over.
 */
export class EmbeddedQueue {
  readonly #options: EmbeddedQueueOptions;
  /** In the order they are handed out in. */
  readonly #messages = new Map<string, Message>();
  /** Deduplication ids by key, oldest first. */
  readonly #seen = new Map<string, { id: string; sequence: number; until: number }>();
  readonly #held = new Set<string>();
  #settings: QueueSettings;
  #sequence = 0;
  #bytes = 0;
  /** No message is too old before. */
  #expiresAt = Infinity;

  constructor(options: EmbeddedQueueOptions) {
    this.#options = options;
    this.#settings = options.settings;
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  set settings(settings: QueueSettings) {
    this.#settings = settings;
    this.#expiresAt = 0;
  }

  /** Takes a message; `repeated` when a FIFO queue knows its deduplication id: then it is the earlier one's id. */
  send(now: number, given: NewMessage): { id: string; sequence: number; repeated: boolean } {
    this.expire(now);
    const { fifo, delayMs } = this.settings;
    const deduplicationId = fifo ? this.#deduplicationId(given) : given.deduplicationId;
    const key = fifo ? this.#key(deduplicationId!, given.groupId) : undefined;
    const known = key === undefined ? undefined : this.#seen.get(key);
    if (known) return { id: known.id, sequence: known.sequence, repeated: true };
    this.#makeRoomFor(messageBytes(given));
    const message: Message = {
      id: this.#options.newId?.() ?? randomUUID(),
      body: given.body,
      attributes: given.attributes ?? {},
      ...(given.groupId !== undefined && { groupId: given.groupId }),
      ...(deduplicationId !== undefined && { deduplicationId }),
      sequence: this.#sequence + 1,
      ...(given.traceHeader !== undefined && { traceHeader: given.traceHeader }),
      ...(given.tag !== undefined && { tag: given.tag }),
      sentAt: now,
      receiveCount: 0,
      visibleAt: now + (given.delayMs ?? delayMs),
    };
    const { id, sequence } = message;
    this.#change({ do: 'add', message });
    if (key !== undefined) this.#change({ do: 'seen', key, id, sequence, until: now + deduplicationMs });
    return { id, sequence, repeated: false };
  }

  /** Takes a message of another queue as it is: with its id, and in FIFO queues in its group. */
  adopt(now: number, message: Message): void {
    if (this.#messages.has(message.id)) return;
    this.#makeRoomFor(messageBytes(message));
    const { firstReceivedAt: _first, receiptHandle: _handle, ...kept } = message;
    const adopted = { ...kept, sequence: this.#sequence + 1, receiveCount: 0, visibleAt: now };
    // A FIFO queue counts a message's age from when it came (SQS developer guide "Using dead-letter queues").
    if (this.settings.fifo) adopted.sentAt = now;
    this.#change({ do: 'add', message: adopted });
  }

  /** Hands out what may be had now. Messages beyond their last time go to the dead-letter queue instead. */
  receive(now: number, options: ReceiveOptions): Message[] {
    const { max, visibilityTimeoutMs, hold, maxBytes = Infinity, only } = options;
    this.expire(now);
    const until = now + (visibilityTimeoutMs ?? this.settings.visibilityTimeoutMs);
    const taken: Message[] = [];
    const closed = this.settings.fifo ? this.#closedGroups(now) : new Set<string>();
    let bytes = 0;
    for (const message of [...this.#messages.values()]) {
      if (taken.length >= max) break;
      const group = this.settings.fifo ? message.groupId : undefined;
      if (group !== undefined && closed.has(group)) continue;
      if (!this.#isVisible(message, now)) {
        // What comes after a delayed message of its group waits as well.
        if (group !== undefined) closed.add(group);
        continue;
      }
      if (this.#isSpent(message)) {
        this.#buryOne(message, until);
        if (group !== undefined && this.#messages.has(message.id)) closed.add(group);
        continue;
      }
      if (only !== undefined && message.id !== only) {
        if (group !== undefined) closed.add(group);
        continue;
      }
      bytes += messageBytes(message);
      if (taken.length > 0 && bytes > maxBytes) break;
      this.#change({ do: 'take', id: message.id, handle: newHandle(message.id), at: now, until });
      if (hold) this.#held.add(message.id);
      taken.push({ ...message });
    }
    return taken;
  }

  /** Removes a message that was received with this handle, and says whether there was one. */
  delete(handle: string): boolean {
    const message = this.byHandle(handle);
    if (message) this.#change({ do: 'remove', id: message.id });
    return message !== undefined;
  }

  /** Removes a message by its id, e.g. because somebody looked at it and does not want it. */
  discard(id: string): boolean {
    const known = this.#messages.has(id);
    if (known) this.#change({ do: 'remove', id });
    return known;
  }

  /** When a message that is in flight may be handed out again; false when it is not in flight. */
  changeVisibility(now: number, handle: string, timeoutMs: number): boolean {
    const message = this.byHandle(handle);
    if (!message || this.#isVisible(message, now)) return false;
    this.#change({ do: 'show', id: message.id, at: now + timeoutMs });
    return true;
  }

  /** Gives a held message back: it may be handed out again from `at` on. */
  release(handle: string, at: number): void {
    const message = this.byHandle(handle);
    if (!message) return;
    this.#held.delete(message.id);
    this.#change({ do: 'show', id: message.id, at });
  }

  purge(): void {
    if (this.#messages.size > 0) this.#change({ do: 'clear' });
  }

  /** The message that was last handed out with this handle, if it is still there. */
  byHandle(handle: string): Message | undefined {
    const id = idOfHandle(handle);
    const message = id === undefined ? undefined : this.#messages.get(id);
    return message?.receiptHandle === handle ? message : undefined;
  }

  /** Everything in it, in the order it would be handed out in. */
  get messages(): Message[] {
    return [...this.#messages.values()];
  }

  get bytes(): number {
    return this.#bytes;
  }

  counts(now: number): QueueCounts {
    const counts: QueueCounts = { waiting: 0, inFlight: 0, delayed: 0 };
    for (const message of this.#messages.values()) {
      if (this.isTooOld(message, now)) continue;
      counts[this.stateOf(message, now)]++;
    }
    return counts;
  }

  stateOf(message: Message, now: number): keyof QueueCounts {
    if (this.#isVisible(message, now)) return 'waiting';
    return message.receiveCount > 0 && message.receiptHandle !== undefined ? 'inFlight' : 'delayed';
  }

  /** Whether a message is older than the queue keeps any. */
  isTooOld(message: Message, now: number): boolean {
    return now - message.sentAt >= this.settings.retentionMs && !this.#held.has(message.id);
  }

  /** When something may be had of it next, given that nothing can be had now; undefined when nothing will. */
  nextVisibleAt(now: number): number | undefined {
    let next: number | undefined;
    for (const message of this.#messages.values()) {
      if (this.#held.has(message.id) || message.visibleAt <= now) continue;
      if (next === undefined || message.visibleAt < next) next = message.visibleAt;
    }
    return next;
  }

  /** Removes what is older than the queue keeps messages. */
  expire(now: number): void {
    if (now >= this.#expiresAt) {
      this.#expiresAt = Infinity;
      for (const message of this.#messages.values()) {
        if (this.isTooOld(message, now)) this.#change({ do: 'remove', id: message.id });
        else this.#expiresAt = Math.min(this.#expiresAt, message.sentAt + this.#settings.retentionMs);
      }
    }
    for (const [key, { until }] of this.#seen) {
      if (until > now) break;
      this.#seen.delete(key);
    }
  }

  /** Changes that make an empty queue this one. */
  snapshot(now: number): QueueChange[] {
    return [
      { do: 'count', sequence: this.#sequence },
      ...[...this.#seen]
        .filter(([, { until }]) => until > now)
        .map(([key, seen]): QueueChange => ({ do: 'seen', key, ...seen })),
      ...this.messages.map((message): QueueChange => ({ do: 'add', message })),
    ];
  }

  /** Carries out a change that was kept, without telling of it. */
  apply(change: QueueChange): void {
    switch (change.do) {
      case 'add': {
        const before = this.#messages.get(change.message.id);
        if (before) this.#bytes -= messageBytes(before);
        this.#messages.set(change.message.id, { ...change.message });
        this.#bytes += messageBytes(change.message);
        this.#expiresAt = Math.min(this.#expiresAt, change.message.sentAt + this.#settings.retentionMs);
        this.#sequence = Math.max(this.#sequence, change.message.sequence);
        break;
      }
      case 'take': {
        const message = this.#messages.get(change.id);
        if (!message) break;
        message.receiveCount++;
        message.firstReceivedAt ??= change.at;
        message.receiptHandle = change.handle;
        message.visibleAt = change.until;
        break;
      }
      case 'show': {
        const message = this.#messages.get(change.id);
        if (message) message.visibleAt = change.at;
        break;
      }
      case 'remove': {
        const message = this.#messages.get(change.id);
        if (!message) break;
        this.#bytes -= messageBytes(message);
        this.#messages.delete(change.id);
        this.#held.delete(change.id);
        break;
      }
      case 'clear':
        this.#messages.clear();
        this.#held.clear();
        this.#bytes = 0;
        break;
      case 'seen':
        this.#seen.set(change.key, { id: change.id, sequence: change.sequence, until: change.until });
        break;
      case 'count':
        this.#sequence = Math.max(this.#sequence, change.sequence);
        break;
    }
  }

  #change(change: QueueChange): void {
    this.apply(change);
    this.#options.onChange?.(change);
  }

  #isVisible(message: Message, now: number): boolean {
    return message.visibleAt <= now && !this.#held.has(message.id);
  }

  /** Whether it has been handed out as often as the queue allows. */
  #isSpent(message: Message): boolean {
    const { redrive } = this.settings;
    return redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount;
  }

  #buryOne(message: Message, until: number): void {
    const target = this.settings.redrive!.target;
    // First the other queue has it: a crash in between leaves it in both, which is better than in none.
    if (this.#options.bury?.({ ...message }, target) === true) this.#change({ do: 'remove', id: message.id });
    else this.#change({ do: 'show', id: message.id, at: until });
  }

  /** Groups of which a message is in flight: the rest of them waits for it. */
  #closedGroups(now: number): Set<string> {
    const closed = new Set<string>();
    for (const message of this.#messages.values()) {
      if (message.groupId !== undefined && this.stateOf(message, now) === 'inFlight')
        closed.add(message.groupId);
    }
    return closed;
  }

  #deduplicationId({ deduplicationId, body }: NewMessage): string {
    return deduplicationId ?? createHash('sha256').update(body).digest('hex');
  }

  #key(deduplicationId: string, groupId: string | undefined): string {
    return this.settings.deduplicationScope === 'messageGroup'
      ? JSON.stringify([groupId, deduplicationId])
      : deduplicationId;
  }

  #makeRoomFor(bytes: number): void {
    const { messages, bytes: most } = queueCapacity;
    if (this.#messages.size >= messages || this.#bytes + bytes > most) {
      throw new QueueFull(
        `It holds ${this.#messages.size} messages of ${Math.round(this.#bytes / 1024)} KB; a queue on this machine may hold ${messages} messages and ${most / 1024 / 1024} MB.`,
      );
    }
  }
}

/** A handle is no secret here, but opaque as in the cloud: clients must not read it. */
function newHandle(id: string): string {
  return Buffer.from(`${id} ${randomHex(24)}`).toString('base64');
}

/** The message a handle is for; undefined when it is no handle of ours. */
export function idOfHandle(handle: string): string | undefined {
  const match = /^([0-9a-zA-Z-]{1,64}) [0-9a-f]{24}$/.exec(Buffer.from(handle, 'base64').toString('latin1'));
  return match?.[1];
}
