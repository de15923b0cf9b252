import { InstanceGone, type Answer, type InstanceExit } from '../instances/instance.ts';
import { Refused, type Lease, type Slot } from '../instances/functionPool.ts';
import { PorchlightError } from '../model/errors.ts';
import type { InvocationError } from '../model/invocationRecord.ts';
import type { Outcome } from '../model/platform.ts';
import type { InvocationStatus } from '../model/words.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { startPausableTimer } from './pausableTimer.ts';
import { mapError } from './stacks.ts';

/** Ends before any code ran, or by our hand; carries what callers and record say. */
class Ended extends Error {
  readonly status: InvocationStatus;
  readonly error: InvocationError;

  constructor(status: InvocationStatus, error: InvocationError) {
    super(error.message);
    this.status = status;
    this.error = error;
  }
}

/** Takes one accepted invocation through all its phases. Never rejects: every way of ending is an outcome. */
export async function carryOut(
  fn: FunctionRuntime,
  invocation: Invocation,
  event: Uint8Array,
  forced: Lease['startKind'] | undefined,
  signal: AbortSignal,
): Promise<Outcome> {
  let lease: Lease | undefined;
  const interrupted = () => {
    lease?.slot.instance.kill('interrupted');
  };
  signal.addEventListener('abort', interrupted, { once: true });
  try {
    const artifact = await fn.prepareArtifact();
    signal.throwIfAborted();
    invocation.summary.artifact = artifact.id;
    lease = await fn.pool.acquire(forced, signal);
    if (signal.aborted) interrupted();
    const outcome = await runOn(fn, invocation, lease, artifact, event);
    return outcome;
  } catch (error) {
    const ended = toEnded(fn, invocation, error, signal);
    invocation.summary.status = ended.status;
    const shown = fn.redactError(ended.error);
    invocation.summary.error = shown;
    return { kind: 'error', error: shown, handled: false, body: fn.platform.errorBody(ended.error) };
  } finally {
    signal.removeEventListener('abort', interrupted);
    finishLater(fn, invocation, lease?.slot);
  }
}

/** The caller is answered first; what the instance still had in its pipes arrives within one turn of the loop. */
function finishLater(fn: FunctionRuntime, invocation: Invocation, slot: Slot | undefined): void {
  const answeredUs = fn.clock.nowUs();
  invocation.answered(answeredUs);
  setImmediate(() => {
    fn.finish(invocation, slot);
    if (!slot) return;
    const { status } = invocation.summary;
    const broken = (status !== 'ok' && status !== 'error') || slot.instance.ending;
    const loaded = slot.artifact !== undefined;
    fn.pool.release(slot, broken ? status : 'used once', !broken && loaded);
  });
}

async function runOn(
  fn: FunctionRuntime,
  invocation: Invocation,
  lease: Lease,
  artifact: DevArtifact,
  event: Uint8Array,
): Promise<Outcome> {
  const { slot, startKind } = lease;
  const { instance } = slot;
  const { summary } = invocation;
  summary.startKind = startKind;
  summary.instance = { id: instance.id, pid: instance.pid, sequence: instance.sequence };
  fn.attribute(instance, invocation);
  instance.thaw();
  let sent: Promise<Answer> | undefined;
  const hand = () => (sent ??= handOver(fn, invocation, slot, event));
  if (startKind !== 'warm') {
    fn.noteNewInstance(invocation);
    await bringUp(fn, invocation, lease, artifact, hand);
  }
  if (slot.declined) summary.notes.push(`Not debugged: ${slot.declined}`);
  if (startKind === 'warm') sayStart(fn, invocation, slot);
  fn.changed(invocation);
  const answer = await callHandler(fn, invocation, slot, hand);
  summary.maxMemoryMB = Math.ceil(answer.message.peakKB / 1024);
  if (answer.message.type === 'result') {
    summary.status = 'ok';
    invocation.setResult(answer.body);
    return { kind: 'result', body: answer.body };
  }
  if (answer.message.exiting) instance.kill('ended by an error outside of its handler');
  const error = mapError(answer.message.error, fn.maps, fn.isOurs);
  summary.status = 'error';
  summary.error = fn.redactError(error);
  invocation.setResult(answer.body);
  return { kind: 'error', error, handled: answer.message.handled, body: answer.body };
}

/** The platform's own first lines, before the first of the handler. */
function sayStart(fn: FunctionRuntime, { log, summary }: Invocation, slot: Slot): void {
  summary.debugged = slot.debugger !== undefined;
  const atUs = fn.clock.nowUs();
  for (const line of fn.platform.startLines(fn.definition, summary)) log.platform(line, atUs);
}

/** Sends the event. Its answer may come long after an error elsewhere was told: then nobody asks for it. */
function handOver(
  fn: FunctionRuntime,
  invocation: Invocation,
  slot: Slot,
  event: Uint8Array,
): Promise<Answer> {
  const debugged = slot.debugger !== undefined;
  const { timeoutMs } = fn.definition;
  const { id } = invocation.summary;
  const answer = slot.instance.invoke(
    { type: 'invoke', id, timeoutMs, context: fn.contextOf(invocation), debugged },
    event,
  );
  answer.catch(() => {});
  return answer;
}

/**
 * Boots (unless prewarmed), lets the debugger in, loads the code and runs the initializer. Without a debugger all
 * commands are sent at once: no phase then contains a wait for the host.
 */
async function bringUp(
  fn: FunctionRuntime,
  invocation: Invocation,
  { slot, startKind }: Lease,
  artifact: DevArtifact,
  hand: () => Promise<Answer>,
): Promise<void> {
  const { instance } = slot;
  if (startKind === 'cold') {
    invocation.mark('spawn', instance.spawnStartUs);
    invocation.mark('boot', instance.spawnEndUs);
    fn.changed(invocation);
    await fn.pool.attachDebugger(slot);
  }
  const limitMs = fn.platform.limits.initTimeoutMs + (fn.definition.initializer?.timeoutMs ?? 0);
  const cancel = startPausableTimer(limitMs, fn.clock, slot.debugger, () => instance.kill('init time-out'));
  try {
    const loading = instance.load(fn.loadCommand(artifact, slot.debugger !== undefined), (loaded) => {
      slot.artifact = fn.artifactKey(artifact);
      invocation.mark('load', loaded.loadStartUs);
      if (loaded.initStartUs !== undefined) invocation.mark('init', loaded.initStartUs);
      sayStart(fn, invocation, slot);
      fn.pool.mark(slot, 'busy');
      fn.pool.refill();
    });
    if (!slot.debugger) void hand();
    const loaded = await loading;
    if (loaded.type === 'loadFailed') {
      invocation.mark(loaded.phase, loaded.startUs);
      invocation.mark('teardown', loaded.endUs);
      throw new Ended('error', mapError(loaded.error, fn.maps, fn.isOurs));
    }
  } finally {
    cancel();
  }
}

async function callHandler(
  fn: FunctionRuntime,
  invocation: Invocation,
  slot: Slot,
  hand: () => Promise<Answer>,
): Promise<Answer> {
  const { summary } = invocation;
  const { debugger: attached, instance } = slot;
  const { definition, clock } = fn;
  const pausedBefore = attached?.pausedUs() ?? 0;
  const sentUs = clock.nowUs();
  const cancel = startPausableTimer(definition.timeoutMs, clock, attached, () => instance.kill('time-out'));
  try {
    const answer = await hand();
    const { startUs, endUs } = answer.message;
    invocation.mark('handler', startUs);
    invocation.mark('teardown', endUs);
    summary.pausedMs = ((attached?.pausedUs() ?? 0) - pausedBefore) / 1000;
    summary.durationMs = Math.max(0, (endUs - startUs) / 1000 - summary.pausedMs);
    return answer;
  } catch (error) {
    invocation.mark('handler', sentUs);
    summary.pausedMs = ((attached?.pausedUs() ?? 0) - pausedBefore) / 1000;
    summary.durationMs = Math.max(0, (clock.nowUs() - sentUs) / 1000 - summary.pausedMs);
    throw error;
  } finally {
    cancel();
  }
}

function toEnded(fn: FunctionRuntime, invocation: Invocation, error: unknown, signal: AbortSignal): Ended {
  if (error instanceof Ended) return error;
  if (signal.aborted) {
    return new Ended('interrupted', {
      type: 'Interrupted',
      message: 'The invocation was cancelled.',
      stack: [],
    });
  }
  if (error instanceof InstanceGone) return endedByExit(fn, invocation, error.exit);
  if (error instanceof Refused) {
    const message =
      error.reason === 'throttled'
        ? `No instance is free: ${fn.pool.settings.maxInstances} are busy and the queue is full.`
        : new PorchlightError('START_KIND_UNAVAILABLE', { name: fn.definition.name }).message;
    return new Ended('throttled', { type: 'Throttled', message, stack: [] });
  }
  if (error instanceof PorchlightError) {
    return new Ended('error', { type: error.code, message: error.message, stack: [], ...fn.placeOf(error) });
  }
  // Ours: the caller still gets an answer, and the record says what happened.
  const message = error instanceof Error ? error.message : String(error);
  return new Ended('crashed', { type: 'INTERNAL', message, stack: [] });
}

function endedByExit(fn: FunctionRuntime, invocation: Invocation, exit: InstanceExit): Ended {
  const { summary } = invocation;
  const facts = { requestId: summary.id, maxMemoryMB: summary.maxMemoryMB, durationMs: summary.durationMs };
  switch (exit.reason) {
    case 'time-out':
    case 'init time-out': {
      const timeoutMs =
        exit.reason === 'time-out' ? fn.definition.timeoutMs : fn.platform.limits.initTimeoutMs;
      const at = new Date(fn.clock.epochMs());
      return new Ended('timeout', fn.platform.fault({ kind: 'timeout', timeoutMs, at, ...facts }));
    }
    case 'interrupted':
    case undefined:
      break;
    default:
      if (exit.code === null && exit.signal === null) {
        return new Ended('crashed', { type: 'SpawnError', message: exit.reason, stack: [] });
      }
      return new Ended(exit.reason.startsWith('The instance broke') ? 'crashed' : 'interrupted', {
        type: 'InstanceEnded',
        message: `The instance was ended: ${exit.reason}`,
        stack: [],
      });
  }
  if (exit.fatal) return new Ended('crashed', mapError(exit.fatal, fn.maps, fn.isOurs));
  return new Ended(
    'crashed',
    fn.platform.fault({ kind: 'exit', code: exit.code, signal: exit.signal, ...facts }),
  );
}
