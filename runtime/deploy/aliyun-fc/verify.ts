import type { HttpAnswer } from '../../support/httpExchange.ts';
import { verificationOf } from '../cloudAnswer.ts';
import type { CallFacts, Verification } from '../target.ts';
import { withWarmTime } from '../warmTime.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isRefusal, ofTheCode } from './refusal.ts';
import { PorchlightError } from '../../model/errors.ts';

/** Errors of a function whose handler was never reached. */
const neverReached =
  /^(ImportModuleError|UserCodeSyntaxError|HandlerNotFound|InitializationError|Function(Timeout|OOM|Unhandled)Error|Runtime\.)/;
const endedByPlatform = /^(Function time(d)? out after|Process exited unexpectedly)/;

interface VersionCall {
  name: string;
  version: string;
  event: Uint8Array;
  timeoutMs: number;
}

/** Invokes a published version that nobody else is sent to yet, cold and warm. */
export function verifyVersion(api: FcApi, call: VersionCall, signal: AbortSignal): Promise<Verification> {
  return withWarmTime(() => invokeVersion(api, call, signal, false));
}

/** Invokes a version or an alias. `once`: not again where the call may have been made, although nobody answered. */
export async function invokeVersion(
  api: FcApi,
  call: VersionCall,
  signal: AbortSignal,
  once = true,
): Promise<Verification> {
  const since = performance.now();
  let answer: HttpAnswer;
  try {
    answer = await api.call(
      {
        operation: 'InvokeFunction',
        method: 'POST',
        path: functionPath(call.name, 'invocations'),
        query: { qualifier: call.version },
        headers: { 'x-fc-invocation-type': 'Sync', 'x-fc-log-type': 'None' },
        body: call.event,
        // Nothing comes while the function works, and its start takes its time as well.
        idleMs: call.timeoutMs + 120_000,
        signal,
      },
      { fresh: true, once },
    );
  } catch (error) {
    const durationMs = performance.now() - since;
    if (!(error instanceof PorchlightError) || !isRefusal(error, startFailures)) throw error;
    return { answered: false, status: 'error', durationMs, message: error.message };
  }
  const kind = answer.headers['x-fc-error-type'];
  const durationMs = durationIn(answer) ?? performance.now() - since;
  return verificationOf(
    {
      body: answer.body,
      durationMs,
      errorKind: kind === undefined ? undefined : String(kind),
      call: callFacts(answer),
    },
    {
      reached: (type, message) =>
        !/^(InitializationError|FcCommonError)$/.test(String(kind)) &&
        !neverReached.test(type) &&
        !endedByPlatform.test(message),
      timedOut: /^Function time(d)? out after/,
    },
  );
}

const startFailures = new RegExp(`^(${[...ofTheCode].join('|')})$`);

/** What the answer's headers say of the call. */
function callFacts(answer: HttpAnswer): CallFacts {
  const text = (name: string): string | undefined => {
    const value = answer.headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const requestId = text('x-fc-request-id');
  const instance = text('x-fc-instance-id');
  const durationMs = durationIn(answer);
  const maxMemoryMB = Number(text('x-fc-max-memory-usage') ?? Number.NaN);
  return {
    ...(requestId !== undefined && { requestId }),
    ...(instance !== undefined && { instance }),
    facts: {
      ...(durationMs !== undefined && { durationMs }),
      ...(Number.isFinite(maxMemoryMB) && { maxMemoryMB }),
    },
  };
}

function durationIn({ headers }: HttpAnswer): number | undefined {
  const ms = Number(headers['x-fc-invocation-duration'] ?? Number.NaN);
  return Number.isFinite(ms) ? ms : undefined;
}
