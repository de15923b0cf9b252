import type { Clock } from '../../../support/clock.ts';
import type { ReceiveOptions } from '../embeddedQueue.ts';
import type { LiveQueue } from '../liveQueue.ts';
import type { Message } from '../../../model/queues/message.ts';

/** Takes messages, and waits for the first one up to `waitMs`. Ends with none when the signal is given. */
export function receiveWaiting(
  live: LiveQueue,
  options: { clock: Clock; signal: AbortSignal; waitMs: number; receive: ReceiveOptions },
): Promise<Message[]> {
  const { clock, signal, waitMs, receive } = options;
  const take = () => (signal.aborted ? [] : live.queue.receive(clock.epochMs(), receive));
  const first = take();
  if (first.length > 0 || waitMs === 0 || signal.aborted) return Promise.resolve(first);
  return new Promise((resolve) => {
    let cancelNext: (() => void) | undefined;
    let taking = false;
    const end = (messages: Message[]) => {
      changes.dispose();
      cancelNext?.();
      cancelEnd();
      signal.removeEventListener('abort', giveUp);
      resolve(messages);
    };
    const look = () => {
      // Taking changes the queue as well.
      if (taking) return;
      taking = true;
      const messages = take();
      taking = false;
      if (messages.length > 0) return end(messages);
      cancelNext?.();
      const now = clock.epochMs();
      const next = live.queue.nextVisibleAt(now);
      cancelNext = next === undefined ? undefined : clock.after(Math.max(1, next - now), look);
    };
    const giveUp = () => end([]);
    const changes = live.onDidChange(look);
    const cancelEnd = clock.after(waitMs, giveUp);
    signal.addEventListener('abort', giveUp, { once: true });
    look();
  });
}
