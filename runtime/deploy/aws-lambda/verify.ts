import { verificationOf, type ErrorRules } from '../cloudAnswer.ts';
import type { Verification } from '../target.ts';
import { withWarmTime } from '../warmTime.ts';
import type { LambdaApi } from './lambdaApi.ts';
import { readReport } from './reportLine.ts';

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
  const report = readReport(Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'));
  return verificationOf(
    {
      body: Buffer.from(answer.Payload ?? []),
      durationMs: report ? report.durationMs + (report.initMs ?? 0) : wallMs,
      ...(report && { startKind: report.initMs === undefined ? 'warm' : 'cold' }),
      errorKind: answer.FunctionError,
    },
    rules,
  );
}
