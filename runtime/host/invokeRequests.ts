import { storeBody } from '../invocations/storedBody.ts';
import type { InvokeRequest } from '../invocations/invocation.ts';
import { PorchlightError } from '../model/errors.ts';
import { hiddenSecret, type InvocationRecord } from '../model/invocationRecord.ts';
import type { InvokeParams, ReplayParams } from '../protocol/control/messages.ts';
import type { RpcConnection } from '../protocol/control/rpcConnection.ts';
import { systemClock } from '../support/clock.ts';
import type { Host } from './host.ts';
import { NoticeSink } from './noticeSink.ts';
import { phrase, type Phrase } from '../support/l10n.ts';

/** Invokes, waits for the complete record, and puts the uncut result into it. */
export function invoke(
  host: Host,
  params: InvokeParams,
  signal: AbortSignal,
  client: RpcConnection,
): Promise<InvocationRecord> {
  const { label, startKind } = params;
  return carryOut(host, params.function, sinkFor(host, params, client), {
    event: toBytes(params.event),
    trigger: 'event',
    signal,
    startKind,
    ...(label === undefined ? {} : { label }),
  });
}

/** The same with what is recorded of an earlier invocation. A replay stands for itself: nobody called it. */
export async function replay(
  host: Host,
  params: ReplayParams,
  signal: AbortSignal,
  client: RpcConnection,
): Promise<InvocationRecord> {
  const { id, event: given, startKind } = params;
  const original = await host.record(id);
  if (!original) throw new PorchlightError('INVOCATION_UNKNOWN', { id });
  const { event: recorded, trigger, triggerName, label, clientContext } = original;
  if (!given && recorded.truncated) {
    const kept = Buffer.byteLength(recorded.data, recorded.encoding);
    throw new PorchlightError('EVENT_CUT', { bytes: recorded.size, kept });
  }
  const event = toBytes(given ?? recorded);
  return carryOut(host, original.function, sinkFor(host, params, client), {
    event,
    trigger,
    signal,
    startKind,
    replayOf: original.id,
    notes: notesOf(event, recorded),
    ...(triggerName === undefined ? {} : { triggerName }),
    ...(label === undefined ? {} : { label }),
    ...(clientContext === undefined ? {} : { call: { clientContext } }),
  });
}

function sinkFor(
  { options: { clock = systemClock } }: Host,
  { stream }: Pick<InvokeParams, 'stream'>,
  client: RpcConnection,
): NoticeSink | undefined {
  return stream === undefined ? undefined : new NoticeSink(client, stream, clock);
}

async function carryOut(
  host: Host,
  name: string,
  sink: NoticeSink | undefined,
  request: InvokeRequest,
): Promise<InvocationRecord> {
  const runtime = host.registry.forCall(name) ?? host.registry.get(name);
  const { startKind } = request;
  if (startKind === 'prewarmed') await runtime.pool.prepareSpare();
  if (startKind === 'warm' && !runtime.pool.slots.some((slot) => slot.artifact !== undefined)) {
    throw new PorchlightError('START_KIND_UNAVAILABLE', { name });
  }
  const accepted = runtime.accept({ ...request, ...(sink && { sink }) });
  const [outcome, record] = await Promise.all([accepted.outcome, accepted.record]);
  // The client has it, and what is recorded of it may be only the beginning.
  if (sink?.begun) return record;
  return { ...record, result: storeBody(outcome.body, (text) => text, { limit: Number.MAX_SAFE_INTEGER }) };
}

const toBytes = ({ encoding, data }: InvokeParams['event']): Buffer => Buffer.from(data, encoding);

/** In what the event differs from the one that was recorded, or that from the one that was sent. */
function notesOf(event: Buffer, recorded: InvokeParams['event']): Phrase[] {
  const notes: Phrase[] = [];
  if (!event.equals(toBytes(recorded))) notes.push(phrase('The event was edited before it was sent again.'));
  if (event.includes(hiddenSecret))
    notes.push(
      phrase('A secret value of the event was not recorded: {hidden} was sent in its place.', {
        hidden: hiddenSecret,
      }),
    );
  return notes;
}
