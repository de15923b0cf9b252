import { InstanceGone, type InstanceExit } from '../instances/instanceExit.ts';
import { Refused } from '../instances/slot.ts';
import { catalogue, PorchlightError } from '../model/errors.ts';
import { requestIdOf, type InvocationError, addNote } from '../model/invocationRecord.ts';
import type { FailureCategory } from '../model/platform.ts';
import type { InvocationStatus } from '../model/words.ts';
import { exitReasons } from './exitReasons.ts';
import { placeOf } from './failedBuild.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { mapError } from './stacks.ts';
import { phrase, say, type Phrase } from '../support/l10n.ts';

/** Ends before any code ran, or by our hand; carries what callers and record say. */
export class Ended extends Error {
  readonly status: InvocationStatus;
  readonly category: FailureCategory;
  readonly error: InvocationError;
  /** Its message, where the words are ours. */
  readonly said: Phrase | undefined;

  constructor(status: InvocationStatus, category: FailureCategory, error: InvocationError, said?: Phrase) {
    super(error.message);
    this.status = status;
    this.category = category;
    this.error = error;
    this.said = said;
  }
}

/** What became of an invocation that got no answer. */
export function toEnded(fn: FunctionRuntime, invocation: Invocation, error: unknown): Ended {
  if (invocation.cancelled) return interrupted();
  if (error instanceof Ended) return error;
  if (error instanceof InstanceGone) return endedByExit(fn, invocation, error.exit);
  if (error instanceof Refused) {
    const said =
      error.reason === 'throttled'
        ? phrase('No instance is free: {count} are busy and the queue is full.', {
            count: fn.pool.settings.maxInstances,
          })
        : catalogue.START_KIND_UNAVAILABLE.message({ name: fn.definition.name });
    return ofOurs('throttled', 'throttled', 'Throttled', said);
  }
  if (error instanceof PorchlightError) {
    const at = placeOf(error);
    const told = { type: error.code, message: error.message, stack: [], ...(at ? { at } : {}) };
    const said = catalogue[error.code].message(error.facts);
    return new Ended('error', 'refused', told, said);
  }
  // Ours: the caller still gets an answer, and the record says what happened.
  const message = error instanceof Error ? error.message : String(error);
  return new Ended('crashed', 'exit', { type: 'INTERNAL', message, stack: [] });
}

/** Its caller left. */
export function interrupted(): Ended {
  const said = phrase('The invocation was cancelled.');
  return ofOurs('interrupted', 'interrupted', 'Interrupted', said);
}

/** Ended with an error in our words. */
function ofOurs(status: InvocationStatus, category: FailureCategory, type: string, said: Phrase): Ended {
  return new Ended(status, category, { type, message: say(said), stack: [] }, said);
}

/** What the platform says of an instance that ended during an invocation. `timeoutMs`: the time that was over. */
export function endedByExit(
  fn: FunctionRuntime,
  invocation: Invocation,
  exit: InstanceExit,
  timeoutMs = invocation.timeoutMs,
): Ended {
  const { summary } = invocation;
  const facts = {
    requestId: requestIdOf(summary),
    maxMemoryMB: summary.maxMemoryMB,
    durationMs: summary.durationMs,
  };
  const oom = () =>
    new Ended('oom', 'oom', fn.platform.fault({ kind: 'oom', memoryMB: fn.definition.memoryMB, ...facts }));
  if (exit.start) {
    const error = fn.platform.fault({ kind: 'start', failure: exit.start, ...facts });
    return new Ended('crashed', 'exit', error);
  }
  switch (exit.reason) {
    case exitReasons.timeout:
    case exitReasons.initTimeout: {
      const at = new Date(fn.clock.epochMs());
      return new Ended('timeout', 'timeout', fn.platform.fault({ kind: 'timeout', timeoutMs, at, ...facts }));
    }
    case exitReasons.memory:
      return oom();
    case exitReasons.responseSize: {
      const limit = fn.platform.limits.streamedBytes ?? 0;
      const bytes = invocation.streamed?.bytes ?? limit;
      addNote(
        summary,
        phrase('The result was broken off at {bytes} bytes; {platform} passes on at most {limit}.', {
          bytes,
          platform: fn.platform.displayName,
          limit,
        }),
      );
      const { requestId, maxMemoryMB } = facts;
      return new Ended(
        'error',
        'tooLarge',
        fn.platform.fault({ kind: 'tooLarge', bytes, limit, requestId, maxMemoryMB }),
      );
    }
    case exitReasons.interrupted:
    case undefined:
      break;
    default:
      if (exit.code === null && exit.signal === null) {
        return new Ended('crashed', 'exit', { type: 'SpawnError', message: exit.reason, stack: [] });
      }
      return ofOurs(
        exit.reason.startsWith('The instance broke') ? 'crashed' : 'interrupted',
        exit.reason.startsWith('The instance broke') ? 'exit' : 'interrupted',
        'InstanceEnded',
        phrase('The instance was ended: {reason}', { reason: { phrase: exit.reason } }),
      );
  }
  if (exit.outOfMemory) return oom();
  if (exit.fatal) return new Ended('crashed', 'exit', mapError(exit.fatal, fn.maps, fn.isOurs));
  const { code, signal } = exit;
  return new Ended('crashed', 'exit', fn.platform.fault({ kind: 'exit', code, signal, ...facts }));
}
