import { InstanceGone, NotBegun, type Answer, type InstanceExit } from '../instances/instance.ts';
import { Refused, type Lease, type Slot } from '../instances/slot.ts';
import { PorchlightError } from '../model/errors.ts';
import { requestIdOf, type InvocationError } from '../model/invocationRecord.ts';
import type { Outcome } from '../model/platform.ts';
import type { InvocationStatus, StartKind } from '../model/words.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { noteObserved, observedLimitMs } from './observed.ts';
import { startCallTimer, startPausableTimer } from './pausableTimer.ts';
import { mapError } from './stacks.ts';
import { startedAgainNote } from './startHelper.ts';

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
  forced: StartKind | undefined,
): Promise<Outcome> {
  const { summary } = invocation;
  let slot: Slot | undefined;
  let outcome: Outcome;
  try {
    const artifact = fn.artifact ?? (await fn.prepareArtifact());
    if (fn.brokenBuild !== undefined) summary.notes.push(`Older code served: ${fn.brokenBuild}`);
    summary.artifact = artifact.id;
    let kind = forced;
    for (;;) {
      invocation.throwIfCancelled();
      fn.starts.beforeAcquire(fn.pool, kind);
      const lease = fn.pool.take(kind) ?? (await fn.pool.acquire(kind, invocation));
      slot = lease.slot;
      invocation.onCancel = () => endAlone(fn, lease.slot);
      if (invocation.cancelled) endAlone(fn, slot);
      try {
        outcome = await runOn(fn, invocation, lease, artifact, event);
        break;
      } catch (error) {
        if (fn.starts.blames(error, lease)) {
          summary.notes.push(startedAgainNote);
          fn.pool.release(slot, 'started again', false);
          kind = 'cold';
        } else {
          // It was handed ahead, and the call before it takes long or ended the process: it begins elsewhere.
          if (!(error instanceof NotBegun)) throw error;
          fn.pool.returnAhead(slot);
        }
        slot = undefined;
        invocation.onCancel = undefined;
      }
    }
    invocation.throwIfCancelled();
  } catch (error) {
    const ended = toEnded(fn, invocation, error);
    summary.status = ended.status;
    const shown = fn.redactError(ended.error);
    summary.error = shown;
    outcome = { kind: 'error', error: shown, handled: false, body: fn.platform.errorBody(ended.error) };
  }
  invocation.onCancel = undefined;
  finish(fn, invocation, slot);
  return outcome;
}

/** Nobody waits for it: its instance ends, unless it serves others as well; then the call runs to its end. */
function endAlone(fn: FunctionRuntime, slot: Slot): void {
  if (slot.inFlight > 1) return;
  slot.instance.kill('interrupted');
}

/**
 * The record is complete before the caller is answered; what the instance still had in its pipes (native output)
 * arrives within one turn of the loop.
 */
function finish(fn: FunctionRuntime, invocation: Invocation, slot: Slot | undefined): void {
  invocation.answered(fn.clock.nowUs());
  fn.finish(invocation, slot);
  // An instance that others wait for is passed on at once.
  const passedOn = slot !== undefined && fn.pool.waiting > 0;
  if (passedOn) release(fn, invocation, slot);
  const complete = () => {
    fn.close(invocation, slot);
    if (slot && !passedOn) release(fn, invocation, slot);
  };
  // What the instance noticed follows its answer; until then it should not be stopped or used again.
  setImmediate(() => void (invocation.observed ? noteObserved(fn, invocation).then(complete) : complete()));
}

function release(fn: FunctionRuntime, invocation: Invocation, slot: Slot): void {
  const { status } = invocation.summary;
  const broken = slot.instance.ending || (status !== 'ok' && status !== 'error' && slot.inFlight === 1);
  const reusable = !broken && slot.artifact !== undefined;
  const { leftOpen } = invocation;
  const giveBack = () => fn.pool.release(slot, broken ? status : 'used once', reusable, leftOpen);
  // What was left open must not go on meanwhile.
  if (reusable && !leftOpen) fn.starts.afterAnswer(slot);
  // An instance that will be used once ends when it has told what its start showed.
  if (slot.settling && fn.pool.settings.model === 'ephemeral') void slot.settling.finally(giveBack);
  else giveBack();
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
  instance.thaw();
  let sent: Promise<Answer> | undefined;
  const hand = () => (sent ??= handOver(fn, invocation, slot, event));
  if (startKind === 'warm') {
    if (slot.provisioned) summary.notes.push('Its instance was provisioned: loaded before any call.');
    slot.provisioned = false;
  } else {
    fn.changed(invocation);
    fn.noteNewInstance(invocation);
    await bringUp(fn, invocation, lease, artifact, hand);
  }
  if (slot.declined) summary.notes.push(`Not debugged: ${slot.declined}`);
  if (startKind === 'warm') sayStart(fn, invocation, slot);
  fn.changed(invocation);
  const answer = await callHandler(fn, invocation, slot, hand);
  const { message, body } = answer;
  summary.maxMemoryMB = Math.ceil(message.peakKB / 1024);
  invocation.leftOpen = message.leftOpen === true;
  if (message.observing) invocation.observed = instance.observed(summary.id, observedLimitMs, fn.clock);
  invocation.setResult(body);
  if (message.type === 'result') {
    summary.status = 'ok';
    return { kind: 'result', body };
  }
  if (message.exiting) instance.kill('ended by an error outside of its handler');
  const error = mapError(message.error, fn.maps, fn.isOurs);
  summary.status = 'error';
  summary.error = fn.redactError(error);
  return { kind: 'error', error, handled: message.handled, body };
}

/** The platform's own first lines, before the first of the handler. */
function sayStart(fn: FunctionRuntime, { log, summary }: Invocation, slot: Slot): void {
  summary.debugged = slot.debugger !== undefined;
  if (!fn.recording) return;
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
  const { summary } = invocation;
  if (startKind === 'cold') {
    invocation.mark('spawn', instance.spawnStartUs);
    invocation.mark('boot', instance.spawnEndUs);
    fn.changed(invocation);
    await fn.pool.attachDebugger(slot);
  }
  const cancel = startPausableTimer(initLimitMs(fn), fn.clock, slot.debugger, () =>
    instance.kill('init time-out'),
  );
  try {
    const loading = instance.load(fn.loadCommand(artifact, slot.debugger !== undefined), (loaded) => {
      fn.pool.setLoaded(slot, fn.artifactKey(artifact));
      fn.starts.loaded(slot, artifact, loaded, summary);
      invocation.mark('load', loaded.loadStartUs);
      if (loaded.initStartUs !== undefined) invocation.mark('init', loaded.initStartUs);
      sayStart(fn, invocation, slot);
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
  const { definition, clock, pool } = fn;
  const pausedBefore = attached?.pausedUs() ?? 0;
  const sentUs = clock.nowUs();
  const end = () => instance.kill('time-out');
  const cancel = attached
    ? startPausableTimer(definition.timeoutMs, clock, attached, end)
    : startCallTimer(definition.timeoutMs, clock, () => instance.activeSince(summary.id), end);
  try {
    const answer = await hand();
    const { startUs, endUs } = answer.message;
    invocation.mark('handler', startUs);
    invocation.mark('teardown', endUs);
    summary.pausedMs = ((attached?.pausedUs() ?? 0) - pausedBefore) / 1000;
    summary.durationMs = Math.max(0, (endUs - startUs) / 1000 - summary.pausedMs);
    pool.noteHandlerTime(endUs - startUs);
    return answer;
  } catch (error) {
    if (error instanceof NotBegun) throw error;
    invocation.mark('handler', sentUs);
    summary.pausedMs = ((attached?.pausedUs() ?? 0) - pausedBefore) / 1000;
    summary.durationMs = Math.max(0, (clock.nowUs() - sentUs) / 1000 - summary.pausedMs);
    throw error;
  } finally {
    cancel();
  }
}

/**
 * Loads the function's code on an instance that no invocation waits for. False when that failed: the first invocation
 * will fail in the same way, and say why.
 */
export async function provision(fn: FunctionRuntime, slot: Slot): Promise<boolean> {
  const { instance } = slot;
  try {
    const artifact = await fn.prepareArtifact();
    await instance.booted;
    await fn.pool.attachDebugger(slot);
    const cancel = startPausableTimer(initLimitMs(fn), fn.clock, slot.debugger, () =>
      instance.kill('init time-out'),
    );
    try {
      const loaded = await instance.load(fn.loadCommand(artifact, slot.debugger !== undefined), (message) => {
        fn.pool.setLoaded(slot, fn.artifactKey(artifact));
        fn.starts.loaded(slot, artifact, message, undefined);
      });
      return loaded.type === 'loaded';
    } finally {
      cancel();
    }
  } catch (error) {
    if (error instanceof InstanceGone || error instanceof PorchlightError) return false;
    throw error;
  }
}

function initLimitMs(fn: FunctionRuntime): number {
  return fn.platform.limits.initTimeoutMs + (fn.definition.initializer?.timeoutMs ?? 0);
}

function toEnded(fn: FunctionRuntime, invocation: Invocation, error: unknown): Ended {
  if (error instanceof Ended) return error;
  if (invocation.cancelled) {
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
  const requestId = requestIdOf(summary);
  const facts = { requestId, maxMemoryMB: summary.maxMemoryMB, durationMs: summary.durationMs };
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
