import { verificationOf, type ErrorRules } from '../cloudAnswer.ts';
import type { Verification } from '../target.ts';
import { withWarmTime } from '../warmTime.ts';
import type { LambdaApi } from './lambdaApi.ts';
import { readTail } from './logTail.ts';

const rules: ErrorRules = {
  reached: (type) => !/^(Runtime\.|Sandbox\.|Extension\.|Function\.)/.test(type),
  timedOut: /Task timed out/,
};
/** A start takes its time as well, in milliseconds. */
const startMs = 120_000;

interface VersionCall {
  name: string;
  /** Or an alias. */
  version: string;
  event: Uint8Array;
  /** How long the function may take. */
  timeoutMs: number;
}

/** Invokes a published version that nobody else is sent to yet, cold and warm. */
export function verifyVersion(api: LambdaApi, call: VersionCall, signal: AbortSignal): Promise<Verification> {
  return withWarmTime(
    () => invokeVersion(api, call, signal, false),
    ({ startKind }) => startKind === 'warm',
  );
}

/** Invokes a version or an alias. `once`: not again where the call may have been made, although nobody answered. */
export async function invokeVersion(
  api: LambdaApi,
  { name, version, event, timeoutMs }: VersionCall,
  signal: AbortSignal,
  once = true,
): Promise<Verification> {
  let since = 0;
  const input = { FunctionName: name, Qualifier: version, Payload: event, LogType: 'Tail' as const };
  const answer = await api.change(
    'Invoke',
    (lambda) => {
      since = performance.now();
      // Nothing comes while the function works.
      const options = { abortSignal: signal, requestTimeout: timeoutMs + startMs };
      return lambda.send(new api.sdk.InvokeCommand(input), options);
    },
    signal,
    { fresh: true, once },
  );
  const wallMs = performance.now() - since;
  const logTail = Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8');
  const facts = readTail(logTail);
  const { requestId } = answer.$metadata;
  return verificationOf(
    {
      body: Buffer.from(answer.Payload ?? []),
      durationMs: facts?.durationMs === undefined ? wallMs : facts.durationMs + (facts.initMs ?? 0),
      ...(facts?.startKind && { startKind: facts.startKind }),
      errorKind: answer.FunctionError,
      call: { logTail, ...(facts && { facts }), ...(requestId !== undefined && { requestId }) },
    },
    rules,
  );
}
