import type { Answer } from '../instances/pendingCalls.ts';
import { NotBegun } from '../instances/instanceExit.ts';
import type { Lease, Slot } from '../instances/slot.ts';
import type { Outcome } from '../model/platform.ts';
import type { StartKind } from '../model/words.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import { bringUp, type InitAttempt } from './bringUp.ts';
import { toEnded } from './ended.ts';
import { exitReasons } from './exitReasons.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import { firstAttempt, secondAttempt } from './initRetry.ts';
import type { Invocation } from './invocation.ts';
import { noteObserved, observedLimitMs } from './observed.ts';
import { startPausableTimer } from './pausableTimer.ts';
import { sayFailure, sayStart } from './platformLines.ts';
import { checkResponse } from './responseLimit.ts';
import { mapError } from './stacks.ts';
import { StartAgain, startedAgainNote } from './startHelper.ts';
import { keepPassedOn, streamedOutcome, StreamListening } from './streamedResult.ts';
import { addNote, keepSaid } from '../model/invocationRecord.ts';
import { withTexts, phrase } from '../support/l10n.ts';
import { saidAs } from '../model/errors.ts';

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
    if (fn.brokenBuild !== undefined)
      addNote(summary, phrase('Older code served: {reason}', { reason: saidAs(fn.brokenBuild) }));
    summary.artifact = artifact.id;
    let start = forced;
    let attempt = firstAttempt(fn);
    for (;;) {
      invocation.throwIfCancelled();
      fn.starts.beforeAcquire(fn.pool, start);
      const lease = fn.pool.take(start) ?? (await waitForInstance(fn, invocation, start));
      slot = lease.slot;
      invocation.onCancel = aloneEnder(invocation, slot);
      if (invocation.cancelled) endAlone(invocation, slot);
      try {
        outcome = await runOn(fn, invocation, lease, artifact, event, attempt);
        break;
      } catch (error) {
        if (error instanceof NotBegun) {
          // It was handed ahead, and the call before it takes long or ended the process: it begins elsewhere.
          fn.pool.returnAhead(slot);
        } else if (error instanceof StartAgain) {
          addNote(summary, startedAgainNote);
          fn.pool.release(slot, 'started again', false);
          start = 'cold';
        } else {
          const again = secondAttempt(fn, invocation, lease, error, attempt);
          if (!again) throw error;
          fn.pool.release(slot, 'its initialization failed', false);
          attempt = again;
          start = 'cold';
        }
        slot = undefined;
        invocation.onCancel = undefined;
      }
    }
    invocation.throwIfCancelled();
  } catch (error) {
    const ended = toEnded(fn, invocation, error);
    const { category } = ended;
    // Code that could not be loaded was called for all the same; an initializer that failed kept the call away.
    if (slot && category !== 'initialization') sayStart(fn, invocation, slot.debugger !== undefined);
    summary.status = ended.status;
    const shown = fn.redactError(ended.error);
    summary.error = shown;
    keepSaid(summary, shown.message, ended.said && withTexts(ended.said, fn.redact));
    keepPassedOn(invocation);
    const body = fn.platform.errorBody(ended.error, fn.definition.language);
    outcome = { kind: 'error', error: shown, handled: false, category, body };
  }
  invocation.onCancel = undefined;
  finish(fn, invocation, slot);
  const acknowledged = fn.acknowledged();
  if (acknowledged) await acknowledged;
  return outcome;
}

/** While debugging, what keeps an instance from being free is likely the debugger: callers do not pay for it. */
async function waitForInstance(
  fn: FunctionRuntime,
  invocation: Invocation,
  start: StartKind | undefined,
): Promise<Lease> {
  const release = fn.pool.debugged ? invocation.held.holdCallers() : undefined;
  try {
    return await fn.pool.acquire(start, invocation);
  } finally {
    release?.();
  }
}

/*
 * Functions that outlive the turn are made outside of async ones: the scope they would have there holds the suspended call
 * with all that it waits for, and V8 then takes most of it for alive until the next full collection.
 */

const aloneEnder = (invocation: Invocation, slot: Slot) => (): void => endAlone(invocation, slot);

/** Ends the instance when the handler's time is over; the result cancels. */
function startHandlerTimer(
  { summary, held }: Invocation,
  { instance }: Slot,
  leftMs: number,
  clock: FunctionRuntime['clock'],
): () => void {
  const sinceUs = () => instance.activeSince(summary.id);
  return startPausableTimer(leftMs, clock, { held, sinceUs }, () => instance.kill(exitReasons.timeout));
}

/** Nobody waits for it: its instance ends, unless it serves others as well; then the call runs to its end, or breaks off by itself. */
function endAlone({ summary }: Invocation, slot: Slot): void {
  if (slot.inFlight > 1) slot.instance.cancel(summary.id);
  else slot.instance.kill(exitReasons.interrupted);
}

/**
 * The record is complete before the caller is answered; what the instance still had in its pipes (native output)
 * arrives within two turns of the loop.
 */
function finish(fn: FunctionRuntime, invocation: Invocation, slot: Slot | undefined): void {
  invocation.answered(fn.clock.nowUs());
  fn.finish(invocation, slot);
  // What the instance noticed follows its answer; until then it is not stopped or used again, unless others wait.
  const keeps = slot !== undefined && invocation.observed !== undefined && fn.pool.waiting === 0;
  if (keeps) slot.returning = true;
  else if (slot) release(fn, invocation, slot);
  const complete = () => {
    fn.close(invocation, slot);
    if (keeps) release(fn, invocation, slot);
  };
  const look = () => void (invocation.observed ? noteObserved(fn, invocation).then(complete) : complete());
  // The turn that brought the answer may have begun before the pipes held anything: the next one looks at them for certain.
  setImmediate(fn.recording ? () => setImmediate(look) : look);
}

function release(fn: FunctionRuntime, invocation: Invocation, slot: Slot): void {
  const { status } = invocation.summary;
  const answered = status === 'ok' || status === 'error';
  const broken = slot.instance.ending || (!answered && slot.inFlight === 1);
  const reusable = !broken && slot.artifact !== undefined;
  const { leftOpen } = invocation;
  // One that has answered and is told to end knows why; otherwise others that it has begun hear the reason.
  const reason = !broken ? 'used once' : answered ? exitReasons.channel : status;
  const giveBack = () => fn.pool.release(slot, reason, reusable, leftOpen);
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
  attempt: InitAttempt,
): Promise<Outcome> {
  const { slot, startKind } = lease;
  const { instance } = slot;
  const { summary } = invocation;
  summary.startKind = startKind;
  summary.instance = { id: instance.id, pid: instance.pid, sequence: instance.sequence };
  // One that is brought up is followed when its debugger has been let in: until then it is stopped for that.
  invocation.held.follow(slot.debugger, startKind === 'cold' ? undefined : instance.stops);
  instance.thaw();
  if (invocation.timeoutMs < fn.definition.timeoutMs)
    addNote(summary, phrase('Its caller gave it {seconds} s.', { seconds: invocation.timeoutMs / 1000 }));
  const time: HandlerTime = { leftMs: invocation.timeoutMs, spentMs: 0 };
  let sent: Promise<Answer> | undefined;
  const hand = () => (sent ??= handOver(fn, invocation, slot, event, time));
  const { memory } = instance;
  memory?.begin();
  let answer: Answer;
  try {
    if (startKind === 'warm') {
      if (slot.provisioned) addNote(summary, phrase('Its instance was provisioned: loaded before any call.'));
      slot.provisioned = false;
    } else {
      fn.changed(invocation);
      fn.noteNewInstance(invocation);
      await bringUp(fn, invocation, lease, artifact, attempt, hand);
      if (attempt.phase === 'invoke') takeOff(fn, invocation, time);
    }
    if (slot.declined) addNote(summary, phrase('Not debugged: {reason}', { reason: slot.declined }));
    if (startKind === 'warm') sayStart(fn, invocation, slot.debugger !== undefined);
    fn.changed(invocation);
    answer = await callHandler(fn, invocation, slot, hand, time);
  } catch (error) {
    summary.maxMemoryMB = inMB(memory?.failed() ?? 0);
    throw error;
  }
  const { message, body } = answer;
  const ranUs = message.endUs - message.startUs;
  summary.maxMemoryMB = inMB(memory?.answered(ranUs, message.peakKB) ?? message.peakKB);
  invocation.leftOpen = message.leftOpen === true;
  if (message.observing) invocation.observed = instance.observed(summary.id, observedLimitMs, fn.clock);
  if (message.type === 'result') {
    const tooLarge = checkResponse(fn, invocation, answer);
    if (tooLarge) throw tooLarge;
    summary.status = 'ok';
    if (invocation.streamed) return streamedOutcome(fn, invocation, invocation.streamed);
    invocation.setResult(body);
    return { kind: 'result', body };
  }
  if (!keepPassedOn(invocation)) invocation.setResult(body);
  if (message.exiting) instance.kill('ended by an error outside of its handler');
  const error = mapError(message.error, fn.maps, fn.isOurs);
  sayFailure(fn, invocation, error, message.exiting ? 'process' : 'handler');
  summary.status = 'error';
  summary.error = fn.redactError(error);
  const { handled } = message;
  return { kind: 'error', error, handled, category: handled ? 'handled' : 'unhandled', body };
}

/** What the handler's time-out leaves it, and what was spent before it began. */
interface HandlerTime {
  leftMs: number;
  spentMs: number;
}

/** An initialization that was done again is part of the invocation: its time counts like the handler's. */
function takeOff(fn: FunctionRuntime, invocation: Invocation, time: HandlerTime): void {
  const nowUs = fn.clock.nowUs();
  const startUs = invocation.phaseStartUs('load');
  time.spentMs = (nowUs - startUs - invocation.held.withinUs(startUs, nowUs)) / 1000;
  time.leftMs = Math.max(1, time.leftMs - time.spentMs);
}

const inMB = (kilobytes: number): number => Math.ceil(kilobytes / 1024);

/** Sends the event. Its answer may come long after an error elsewhere was told: then nobody asks for it. */
function handOver(
  fn: FunctionRuntime,
  invocation: Invocation,
  slot: Slot,
  event: Uint8Array,
  { leftMs: timeoutMs }: HandlerTime,
): Promise<Answer> {
  const debugged = slot.debugger !== undefined;
  const { id } = invocation.summary;
  const answer = slot.instance.invoke(
    { type: 'invoke', id, timeoutMs, context: fn.contextOf(invocation), debugged },
    event,
    new StreamListening(fn, invocation, slot.instance),
  );
  answer.catch(() => {});
  return answer;
}

async function callHandler(
  fn: FunctionRuntime,
  invocation: Invocation,
  slot: Slot,
  hand: () => Promise<Answer>,
  { leftMs, spentMs }: HandlerTime,
): Promise<Answer> {
  const { summary, held } = invocation;
  const { clock, pool } = fn;
  const sentUs = clock.nowUs();
  const tookMs = (fromUs: number, toUs: number) =>
    Math.max(0, spentMs + (toUs - fromUs - held.withinUs(fromUs, toUs)) / 1000);
  const cancel = startHandlerTimer(invocation, slot, leftMs, clock);
  try {
    const answer = await hand();
    const { startUs, endUs } = answer.message;
    invocation.mark('handler', startUs);
    invocation.mark('teardown', endUs);
    summary.durationMs = tookMs(startUs, endUs);
    pool.noteHandlerTime(endUs - startUs);
    return answer;
  } catch (error) {
    if (error instanceof NotBegun) throw error;
    invocation.mark('handler', sentUs);
    summary.durationMs = tookMs(sentUs, clock.nowUs());
    throw error;
  } finally {
    cancel();
  }
}
