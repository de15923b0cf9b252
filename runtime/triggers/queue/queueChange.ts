import * as v from 'valibot';
import type { Message } from '../../model/queues/message.ts';

/*
 * Everything that happens to a queue is one of these changes: the queue carries them out, the journal keeps them, and
 * carrying them out again after a restart gives the same queue.
 */

export type QueueChange =
  | { do: 'add'; message: Message }
  /** Handed out; nobody else gets it before `until`. */
  | { do: 'take'; id: string; handle: string; at: number; until: number }
  | { do: 'show'; id: string; at: number }
  | { do: 'remove'; id: string }
  | { do: 'clear' }
  /** A deduplication id that stays known until then, though its message may be gone. */
  | { do: 'seen'; key: string; id: string; sequence: number; until: number }
  /** Sequence numbers go on behind this one. */
  | { do: 'count'; sequence: number };

const text = v.string();
const whole = v.pipe(v.number(), v.integer(), v.minValue(0));

const message = v.object({
  id: text,
  body: text,
  attributes: v.record(
    text,
    v.object({ dataType: text, stringValue: v.optional(text), binaryValue: v.optional(text) }),
  ),
  groupId: v.optional(text),
  deduplicationId: v.optional(text),
  sequence: whole,
  traceHeader: v.optional(text),
  tag: v.optional(text),
  sentAt: v.number(),
  firstReceivedAt: v.optional(v.number()),
  receiveCount: whole,
  visibleAt: v.number(),
  receiptHandle: v.optional(text),
  diedIn: v.optional(text),
});

const change = v.variant('do', [
  v.object({ do: v.literal('add'), message }),
  v.object({ do: v.literal('take'), id: text, handle: text, at: v.number(), until: v.number() }),
  v.object({ do: v.literal('show'), id: text, at: v.number() }),
  v.object({ do: v.literal('remove'), id: text }),
  v.object({ do: v.literal('clear') }),
  v.object({ do: v.literal('seen'), key: text, id: text, sequence: whole, until: v.number() }),
  v.object({ do: v.literal('count'), sequence: whole }),
]);

/** A change as it was written; undefined for a line that is none, e.g. one that a crash cut off. */
export function readChange(line: string): QueueChange | undefined {
  try {
    const parsed = v.safeParse(change, JSON.parse(line));
    return parsed.success ? (parsed.output as QueueChange) : undefined;
  } catch {
    return undefined;
  }
}
