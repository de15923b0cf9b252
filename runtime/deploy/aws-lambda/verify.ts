import type { Verification } from '../target.ts';
import { withWarmTime } from '../warmTime.ts';
import type { LambdaApi } from './lambdaApi.ts';
import { readReport } from './reportFacts.ts';

/** Errors of the runtime, not of a handler: the code could not be loaded, or its process ended. */
const neverReached = /^(Runtime\.|Sandbox\.|Extension\.|Function\.)/;
/** Longer results are neither shown nor compared. */
const shownBytes = 6 * 1024 * 1024;

interface VersionCall {
  name: string;
  version: string;
  event: Uint8Array;
}

/** Invokes a published version that nobody else is sent to yet, cold and warm. */
export function verifyVersion(api: LambdaApi, call: VersionCall, signal: AbortSignal): Promise<Verification> {
  return withWarmTime(
    () => invokeVersion(api, call, signal),
    ({ startKind }) => startKind === 'warm',
  );
}

/** Invokes a version or an alias once. */
export async function invokeVersion(
  api: LambdaApi,
  { name, version, event }: VersionCall,
  signal: AbortSignal,
): Promise<Verification> {
  const since = performance.now();
  const answer = await api.change(
    'Invoke',
    (lambda) =>
      lambda.send(
        new api.sdk.InvokeCommand({
          FunctionName: name,
          Qualifier: version,
          Payload: event,
          LogType: 'Tail',
        }),
        { abortSignal: signal },
      ),
    signal,
    { fresh: true },
  );
  const wallMs = performance.now() - since;
  const body = Buffer.from(answer.Payload ?? []);
  const payload = body.toString('utf8');
  const logTail = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
  const facts = readReport(logTail)?.facts;
  const requestId = answer.$metadata.requestId;
  const times = {
    durationMs: facts?.durationMs === undefined ? wallMs : facts.durationMs + (facts.initMs ?? 0),
    ...(facts?.startKind && { startKind: facts.startKind }),
    call: { logTail, ...(facts && { facts }), ...(requestId !== undefined && { requestId }) },
  };
  if (answer.FunctionError === undefined) {
    const isShown = payload.length <= shownBytes;
    return { answered: true, status: 'ok', ...times, body, ...(isShown && { result: payload }) };
  }
  const { errorType = answer.FunctionError, errorMessage = payload.slice(0, 1000) } = errorOf(payload);
  const timedOut = /Task timed out/.test(errorMessage);
  return {
    answered: !neverReached.test(errorType) && !timedOut,
    status: timedOut ? 'timeout' : 'error',
    ...times,
    body,
    error: { type: errorType, message: errorMessage },
    message: `${errorType}: ${errorMessage}`,
  };
}

function errorOf(payload: string): { errorType?: string; errorMessage?: string } {
  try {
    const parsed: unknown = JSON.parse(payload);
    return typeof parsed === 'object' && parsed !== null ? parsed : {};
  } catch {
    // A proxy in between may answer with anything.
    return {};
  }
}
