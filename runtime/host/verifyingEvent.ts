import type { Answered, VerifyingEvent } from '../deploy/target.ts';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition, HttpTrigger } from '../model/functionDefinition.ts';
import type { Outcome, Platform } from '../model/platform.ts';
import { checkOutcome } from '../model/testing/checkOutcome.ts';
import type { Expectation } from '../model/testing/savedEvent.ts';
import { readWebResult } from '../model/webMessage.ts';
import type { InvocationStatus } from '../model/words.ts';
import { findsPattern } from '../support/boundedRegExp.ts';
import type { LoadedTest, LoadedTests } from '../testing/listTests.ts';
import { eventOf, requestEvent } from './testTarget.ts';
import { sampleEvent } from './tryOut.ts';

export interface VerifyingOptions {
  definition: FunctionDefinition;
  /** Those of all functions: they share the gateway's paths. */
  definitions: FunctionDefinition[];
  platform: Platform;
  tests: LoadedTests;
  /** Name of the saved event that the target wants, where a function has one of that name. */
  wanted?: string | undefined;
}

/** Of what cannot be run here: it is refused before anything is invoked. */
export const noEvent: VerifyingEvent = {
  bytes: Buffer.from('{}'),
  trigger: 'event',
  expects: false,
  check: () => [],
};

/**
 * What a new version of a function is invoked with: the saved event that the target names, otherwise the first that
 * expects something, otherwise an event as the function's first trigger would bring it. A `PorchlightError` for a saved
 * event that cannot be sent.
 */
export async function verifyingEvent(options: VerifyingOptions): Promise<VerifyingEvent> {
  const { definition, definitions, platform, tests, wanted } = options;
  const own = [...tests.loaded.values()].filter((test) => test.case.function === definition.name);
  const saved =
    own.find((test) => test.case.name === wanted) ?? own.find((test) => test.expected !== undefined);
  if (!saved) {
    const { event: bytes, trigger } = sampleEvent(definition, platform);
    return { bytes, trigger, expects: false, check: () => [] };
  }
  const { fault, name } = saved.case;
  if (fault !== undefined) throw new PorchlightError('USAGE', { detail: fault });
  const { input } = saved;
  const expects = saved.expected !== undefined;
  if (input.kind !== 'http') {
    const bytes = await eventOf(input, platform.limits.requestBytes);
    return { name, bytes, trigger: 'event', expects, check: (answered) => unfulfilled(saved, answered) };
  }
  const requestId = platform.newRequestId();
  const facts = { requestId, trigger: 'http', at: new Date() } as const;
  const { event: bytes, trigger } = requestEvent(input, { definition, definitions, platform }, facts);
  const request = { platform, trigger, requestId };
  return {
    name,
    bytes,
    trigger: 'http',
    expects,
    check: (answered) => unfulfilled(saved, answered, request),
  };
}

/**
 * Of what is reached by HTTP alone, only the answer is known: with a status below 500 the function gave it, above that
 * it may have failed as well.
 */
function statusOf({ status, error, body }: Answered, wanted: Expectation['status']): InvocationStatus {
  const web = status === 'error' && !error && body ? readWebResult(body) : undefined;
  if (!web) return status;
  return web.status < 500 || wanted === 'ok' ? 'ok' : status;
}

interface AnsweredRequest {
  platform: Platform;
  trigger: HttpTrigger;
  requestId: string;
}

/** What of an expectation does not hold; what only this machine sees (the log, memory, times) is not looked at. */
function unfulfilled({ expected }: LoadedTest, answered: Answered, request?: AnsweredRequest): string[] {
  if (!expected) return [];
  const { log: _log, maxMemory: _memory, cold: _cold, warm: _warm, ...expectation } = expected.expectation;
  const { error: found, body = new Uint8Array() } = answered;
  const status = statusOf(answered, expected.expectation.status);
  const error = found && { ...found, stack: [] };
  const outcome: Outcome = error
    ? { kind: 'error', error, handled: status === 'error', category: 'unhandled', body }
    : { kind: 'result', body };
  const { platform, trigger, requestId } = request ?? {};
  const answer =
    platform && trigger && platform.httpResponse(outcome, trigger, { requestId: requestId ?? '' });
  const record = { status, logs: [], logsDropped: 0, maxMemoryMB: 0, ...(error && { error }) };
  const observed = { record, body, ...(answer && { answer }) };
  return checkOutcome(expectation, observed, findsPattern).map(({ message }) => message);
}
