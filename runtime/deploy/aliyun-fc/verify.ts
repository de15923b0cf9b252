import type { CallFacts, Verification } from '../target.ts';
import { withWarmTime } from '../warmTime.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isRefusal, ofTheCode } from './refusal.ts';
import { PorchlightError } from '../../model/errors.ts';
import type { FcAnswer } from './send.ts';

/** Errors of a function whose handler was never reached. */
const neverReached =
  /^(ImportModuleError|UserCodeSyntaxError|HandlerNotFound|InitializationError|Function(Timeout|OOM|Unhandled)Error|Runtime\.)/;
const endedByPlatform = /^(Function time(d)? out after|Process exited unexpectedly)/;
/** Longer results are neither shown nor compared. */
const shownBytes = 6 * 1024 * 1024;

interface VersionCall {
  name: string;
  version: string;
  event: Uint8Array;
  timeoutMs: number;
}

/** Invokes a published version that nobody else is sent to yet, cold and warm. */
export function verifyVersion(api: FcApi, call: VersionCall, signal: AbortSignal): Promise<Verification> {
  return withWarmTime(() => invokeVersion(api, call, signal));
}

/** Invokes a version or an alias once. */
export async function invokeVersion(
  api: FcApi,
  call: VersionCall,
  signal: AbortSignal,
): Promise<Verification> {
  const since = performance.now();
  let answer: FcAnswer;
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
      { fresh: true },
    );
  } catch (error) {
    const durationMs = performance.now() - since;
    if (!(error instanceof PorchlightError) || !isRefusal(error, startFailures)) throw error;
    return { answered: false, status: 'error', durationMs, message: error.message };
  }
  const durationMs = durationIn(answer) ?? performance.now() - since;
  const payload = answer.body.toString('utf8');
  const facts = callFacts(answer);
  const errorKind = answer.headers['x-fc-error-type'];
  if (errorKind === undefined) {
    const isShown = answer.body.length <= shownBytes;
    return {
      answered: true,
      status: 'ok',
      durationMs,
      call: facts,
      body: answer.body,
      ...(isShown && { result: payload }),
    };
  }
  const { errorType = String(errorKind), errorMessage = payload.slice(0, 1000) } = errorOf(payload);
  const timedOut = /^Function time(d)? out after/.test(errorMessage);
  const reached =
    !/^(InitializationError|FcCommonError)$/.test(String(errorKind)) &&
    !neverReached.test(errorType) &&
    !endedByPlatform.test(errorMessage);
  return {
    answered: reached,
    status: timedOut ? 'timeout' : 'error',
    durationMs,
    call: facts,
    body: answer.body,
    error: { type: errorType, message: errorMessage.slice(0, 1000) },
    message: `${errorType}: ${errorMessage.slice(0, 1000)}`,
  };
}

const startFailures = new RegExp(`^(${[...ofTheCode].join('|')})$`);

/** What the answer's headers say of the call. */
function callFacts(answer: FcAnswer): CallFacts {
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

function durationIn({ headers }: FcAnswer): number | undefined {
  const ms = Number(headers['x-fc-invocation-duration'] ?? Number.NaN);
  return Number.isFinite(ms) ? ms : undefined;
}

function errorOf(payload: string): { errorType?: string; errorMessage?: string } {
  try {
    const parsed: unknown = JSON.parse(payload);
    if (typeof parsed !== 'object' || parsed === null) return {};
    const { errorType, errorMessage } = parsed as Record<string, unknown>;
    return {
      ...(typeof errorType === 'string' && { errorType }),
      ...(typeof errorMessage === 'string' && { errorMessage }),
    };
  } catch {
    // Custom runtimes and proxies in between may answer with anything.
    return {};
  }
}
