import type { FunctionRuntime } from '../invocations/functionRuntime.ts';
import type { AsyncCondition } from '../model/asyncInvoke.ts';
import type { ApiCall, RetryRules } from '../model/invokeApi.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { Outcome } from '../model/platform.ts';
import type { InvocationStatus, TriggerKind } from '../model/words.ts';
import type { Clock } from '../support/clock.ts';
import { forgetOldest } from '../support/forgetOldest.ts';
import type { Caller } from './callers.ts';
import { phrase } from '../support/l10n.ts';

/** An event that was accepted, and is handed over until the function has handled it. */
export interface AsyncEvent {
  function: string;
  requestId: string;
  event: Uint8Array;
  call: AsyncCall;
  caller: Caller;
  rules: RetryRules;
  /** The trigger that brings it; a call of the platform's API when absent. */
  source?: { kind: TriggerKind; name: string; label: string };
  /** An attempt ended; before `onEnd`. */
  onAttempt?(result: { record: InvocationRecord; outcome: Outcome }): void;
  /** It will not be attempted again: handled, given up for a reason, or left when the host ended (`interrupted`). */
  onEnd?(end: { status: InvocationStatus; attempts: number; reason?: string }): void;
}

/** What of a call counts here. */
export type AsyncCall = Pick<ApiCall, 'facts' | 'notes' | 'delayMs' | 'taskId' | 'timeoutMs'>;

interface Pending extends AsyncEvent {
  acceptedAt: number;
  /** Number of the attempt that comes next, from 1. */
  attempt: number;
  throttled: number;
  /** How its latest attempt ended. */
  last?: AttemptResult;
  cancel?: () => void;
}

/** Events that are kept at most, in number and in bytes; more are answered as throttled. */
export const asyncLimits = { events: 1000, bytes: 64 * 1024 * 1024 } as const;

/** Task ids that are remembered, per function. */
const rememberedTasks = 10_000;

/** How an event ended that will not be attempted again. */
export interface AsyncSettled {
  condition: AsyncCondition;
  attempts: number;
  last?: AttemptResult;
}

/** What came of an attempt. */
export interface AttemptResult {
  record: InvocationRecord;
  outcome: Outcome;
}

export interface AsyncInvocationsOptions {
  find(name: string): FunctionRuntime | undefined;
  clock: Clock;
  /** An event was handled, or is given up. */
  settled?(event: AsyncEvent, end: AsyncSettled): void;
  say(level: 'info' | 'warn', text: string): void;
}

/**
 * Asynchronous invocations: accepted at once, repeated by the platform's rules. Each attempt is an invocation with a
 * record of its own; the first has the request's id, later ones an id of their own and the request's beside it, so that
 * the code and its log see one request. Events live in memory only.
 */
export class AsyncInvocations {
  readonly #options: AsyncInvocationsOptions;
  readonly #pending = new Set<Pending>();
  readonly #tasks = new Map<string, Set<string>>();
  #bytes = 0;
  #closed = false;

  constructor(options: AsyncInvocationsOptions) {
    this.#options = options;
  }

  /**
   * Takes an event. An event that is wrong in itself throws as `FunctionRuntime.accept` does, and is not kept.
   * Says why it was not taken otherwise.
   */
  add(event: AsyncEvent): 'taken' | 'full' | 'taskExists' {
    const { taskId, delayMs } = event.call;
    if (taskId !== undefined && this.#tasks.get(event.function)?.has(taskId)) return 'taskExists';
    const bytes = this.#bytes + event.event.byteLength;
    if (this.#closed || this.#pending.size >= asyncLimits.events || bytes > asyncLimits.bytes) return 'full';
    const pending: Pending = {
      ...event,
      acceptedAt: this.#options.clock.epochMs(),
      attempt: 1,
      throttled: 0,
    };
    this.#keep(pending);
    if (delayMs !== undefined) this.#attemptLater(pending, delayMs);
    else {
      try {
        this.#attempt(pending);
      } catch (error) {
        this.#forget(pending);
        throw error;
      }
    }
    if (taskId !== undefined) this.#remember(event.function, taskId);
    return 'taken';
  }

  /** Gives up what waits for another attempt, and says so. What is being handled ends with its instance. */
  close(): void {
    this.#closed = true;
    const waiting = [...this.#pending].filter((pending) => pending.cancel);
    for (const pending of waiting) pending.cancel?.();
    const left = [...this.#pending];
    this.#pending.clear();
    for (const pending of left) pending.onEnd?.({ status: 'interrupted', attempts: pending.attempt });
    if (waiting.length === 0) return;
    const shown = waiting
      .slice(0, 5)
      .map(({ function: name, requestId, attempt }) => `${name} (request ${requestId}, attempt ${attempt})`);
    const more = waiting.length > shown.length ? ` and ${waiting.length - shown.length} more` : '';
    this.#options.say(
      'warn',
      `Asynchronous events that still waited end with this host: ${shown.join(', ')}${more}. Send them again if they matter.`,
    );
  }

  #attempt(pending: Pending): void {
    const { attempt, requestId, call, caller, rules, source } = pending;
    const fn = this.#options.find(pending.function);
    if (!fn) return this.#drop(pending, 'the function is no longer there');
    const label = source?.label ?? 'asynchronous';
    const first = attempt === 1 && pending.throttled === 0;
    const facts = { attempt, attempts: rules.attempts, request: requestId };
    const repeats =
      pending.throttled > 0
        ? phrase(
            'Attempt {attempt} of {attempts} of request {request}, after being refused for want of an instance.',
            facts,
          )
        : phrase('Attempt {attempt} of {attempts} of request {request}.', facts);
    const accepted = fn.accept({
      event: pending.event,
      trigger: source?.kind ?? 'event',
      ...(source && { triggerName: source.name }),
      attempt: { number: attempt, of: rules.attempts },
      label: first ? label : `${label}, attempt ${attempt}`,
      ...caller,
      ...(first ? { id: requestId } : { requestId }),
      timeoutMs: call.timeoutMs,
      call: { ...call.facts, retryCount: attempt - 1 },
      notes: first ? call.notes : [...call.notes, repeats],
    });
    Promise.all([accepted.record, accepted.outcome]).then(
      ([record, outcome]) => {
        pending.last = { record, outcome };
        pending.onAttempt?.({ record, outcome });
        this.#ended(pending, record.status);
      },
      // Records never fail; if one did, the event is not to be kept for ever.
      (error: unknown) => this.#drop(pending, String(error)),
    );
  }

  #ended(pending: Pending, status: InvocationStatus): void {
    const { rules } = pending;
    // Whoever cancels an invocation does not want it again.
    if (this.#closed || status === 'ok' || status === 'interrupted') {
      if (!this.#forget(pending)) return;
      pending.onEnd?.({ status, attempts: pending.attempt });
      if (status === 'ok') this.#settle(pending, 'success');
      return;
    }
    if (this.#options.clock.epochMs() - pending.acceptedAt > rules.maxAgeMs)
      return this.#drop(pending, 'it is too old', 'eventAgeExceeded');
    if (status === 'throttled') {
      pending.throttled++;
      return this.#attemptLater(pending, rules.afterThrottleMs(pending.throttled));
    }
    if (pending.attempt >= rules.attempts)
      return this.#drop(pending, `all ${rules.attempts} attempts failed`, 'retriesExhausted');
    const waitMs = rules.afterFailureMs(pending.attempt);
    pending.attempt++;
    pending.throttled = 0;
    this.#attemptLater(pending, waitMs);
  }

  #attemptLater(pending: Pending, ms: number): void {
    pending.cancel = this.#options.clock.after(ms, () => {
      delete pending.cancel;
      try {
        this.#attempt(pending);
      } catch (error) {
        // The function was redefined and no longer takes such an event.
        this.#drop(pending, error instanceof Error ? error.message : String(error));
      }
    });
  }

  #keep(pending: Pending): void {
    this.#pending.add(pending);
    this.#bytes += pending.event.byteLength;
  }

  #forget(pending: Pending): boolean {
    const kept = this.#pending.delete(pending);
    if (kept) this.#bytes -= pending.event.byteLength;
    return kept;
  }

  #settle(pending: Pending, condition: AsyncCondition): void {
    const { attempt: attempts, last } = pending;
    this.#options.settled?.(pending, { condition, attempts, ...(last && { last }) });
  }

  #drop(pending: Pending, why: string, condition?: AsyncCondition): void {
    if (this.#forget(pending)) {
      const { attempt: attempts, last } = pending;
      pending.onEnd?.({ status: last?.record.status ?? 'interrupted', attempts, reason: why });
      if (condition) this.#settle(pending, condition);
    }
    const { function: name, requestId } = pending;
    this.#options.say(
      'warn',
      `The asynchronous event of ${name} (request ${requestId}) is given up: ${why}.`,
    );
  }

  #remember(name: string, taskId: string): void {
    const known = this.#tasks.get(name) ?? new Set<string>();
    this.#tasks.set(name, known.add(taskId));
    forgetOldest(known, rememberedTasks);
  }
}
