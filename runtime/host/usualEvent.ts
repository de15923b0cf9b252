import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { InvokeParams } from '../protocol/control/messages.ts';
import type { Host } from './host.ts';
import { sampleEvent } from './tryOut.ts';

/** An event as bytes, and what is to be said to have brought it. */
export interface UsualEvent {
  event: Uint8Array;
  trigger: 'http' | 'event';
}

/** The event that was given; otherwise the latest recorded one, or one as the function's first trigger would bring it. */
export async function usualEvent(
  host: Host,
  runtime: FunctionRuntime,
  given: InvokeParams['event'] | undefined,
): Promise<UsualEvent> {
  if (given) return { event: Buffer.from(given.data, given.encoding), trigger: 'event' };
  const { history } = host.options;
  const [latest] = await history.query({ function: runtime.definition.name, limit: 1 });
  const record = latest && (await history.get(latest.id));
  if (record && !record.event.truncated) {
    const trigger = record.trigger === 'http' ? 'http' : 'event';
    return { event: Buffer.from(record.event.data, record.event.encoding), trigger };
  }
  return sampleEvent(runtime.definition, runtime.platform);
}
