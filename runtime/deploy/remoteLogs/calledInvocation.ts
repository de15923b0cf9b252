import { randomUUID } from 'node:crypto';
import { recordLimits, type LogEntry, type StoredBody } from '../../model/invocationRecord.ts';
import { remoteLimits, type RemoteInvocation } from '../../model/remoteInvocation.ts';
import type { InvocationStatus, StartKind } from '../../model/words.ts';
import type { DeployedCall, DeployTarget, Verification } from '../target.ts';
import type { CodePlaces } from './codePlaces.ts';
import { errorIn, jsonObject } from './errorObject.ts';
import type { LogWords } from './logWords.ts';

export interface CalledOptions {
  where: Pick<DeployTarget, 'name' | 'logWords'>;
  call: DeployedCall;
  /** Milliseconds since the epoch. */
  startedAt: number;
  version: string;
  answer: Verification;
  places: CodePlaces;
  /** Takes secrets out of what is kept. */
  redact(text: string): string;
}

/** A call from here as an invocation: its event and result, and what the target said of it. */
export function calledInvocation(options: CalledOptions): RemoteInvocation {
  const { where, call, startedAt, version, answer, places, redact } = options;
  const { requestId, instance, facts, logTail } = answer.call ?? {};
  const { logs, cut } = tailOf(logTail, where.logWords, startedAt, redact);
  return {
    id: requestId ?? `call-${randomUUID()}`,
    ...(requestId !== undefined && { requestId }),
    ...{ target: where.name, function: call.name, startedAt, version },
    ...(instance !== undefined && { instance }),
    ...facts,
    ...startKindOf(answer),
    status: answer.status as InvocationStatus,
    ...errorOf(answer, places, redact),
    logs,
    logsDropped: 0,
    ...(cut && { logsCut: true }),
    event: stored(call.event, redact),
    ...(answer.result !== undefined && { result: stored(Buffer.from(answer.result), redact) }),
    called: true,
  };
}

function startKindOf({ startKind }: Verification): { startKind?: StartKind } {
  return startKind === 'cold' || startKind === 'warm' || startKind === 'prewarmed' ? { startKind } : {};
}

function errorOf(
  { error, message, result, body }: Verification,
  places: CodePlaces,
  redact: (text: string) => string,
): Pick<RemoteInvocation, 'error'> {
  if (!error && message === undefined) return {};
  const { lines: stack, at } = places.read(stackIn(body ?? Buffer.from(result ?? '')).map(redact));
  const { type, message: said } = error ?? { type: '', message: message ?? '' };
  return { error: { type, message: redact(said), stack, ...(at && { at }) } };
}

/** The stack in the answer of a failed call. */
function stackIn(body: Uint8Array): string[] {
  const found = errorIn(jsonObject(Buffer.from(body).toString('utf8').trim()));
  return found?.stack ?? [];
}

function stored(bytes: Uint8Array, redact: (text: string) => string): StoredBody {
  const kept = Buffer.from(bytes).subarray(0, recordLimits.bodyBytes);
  const text = kept.toString('utf8');
  const isText = !text.includes('\ufffd');
  return {
    encoding: isText ? 'utf8' : 'base64',
    data: isText ? redact(text) : kept.toString('base64'),
    size: bytes.byteLength,
    truncated: bytes.byteLength > kept.byteLength,
  };
}

/** A time at the beginning of a line, as runtimes write it. */
const written = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z)/;

/** The lines of the log's end. They have no times but those written in them: others have that of the line before. */
function tailOf(
  tail: string | undefined,
  words: LogWords | undefined,
  startedAt: number,
  redact: (text: string) => string,
): { logs: LogEntry[]; cut: boolean } {
  if (!tail || !words) return { logs: [], cut: false };
  const lines = redact(tail)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-remoteLimits.logEntries);
  let t = 0;
  let begun = false;
  const logs = lines.flatMap((text): LogEntry[] => {
    const at = Date.parse(written.exec(text)?.[1] ?? '');
    if (Number.isFinite(at)) t = Math.max(t, (at - startedAt) * 1000);
    const { entry, edge } = words.read({ id: '', time: 0, instance: '', text });
    begun ||= edge === 'begin';
    return entry ? [{ ...entry, t }] : [];
  });
  return { logs, cut: !begun };
}
