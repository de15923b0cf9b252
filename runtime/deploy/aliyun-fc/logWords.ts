import * as v from 'valibot';
import type { RemoteLogLine } from '../../model/deploy.ts';
import { errorIn, jsonObject } from '../remoteLogs/errorObject.ts';
import {
  given,
  levelOf,
  platformEntry,
  printedEntry,
  type LineWords,
  type LogWords,
} from '../remoteLogs/logWords.ts';

/*
 * Function Compute's lines in Simple Log Service (FC documentation, "Logs"; published runtimes), and the record of each
 * request where the function has these (`enableRequestMetrics`).
 */

const invoke = /^FC Invoke (Start|End) RequestId: ([^\s,]+)(?:, Error: ([\s\S]*))?/;
const hook = /^FC (Initialize|PreStop|PreFreeze) (Start|End) RequestId: ([^\s,]+)/;
const newInstance = /^(FunctionCompute .* runtime inited\.|load code for handler:)/;
const figures =
  /^Duration: ([\d.]+) ms, Billed Duration: ([\d.]+) ms, Memory Size: ([\d.]+) MB, Max Memory Used: ([\d.]+) MB/;
const ended = /^(?:Function time(?:d)? out after|Process exited unexpectedly)/;
const logged = /^\d{4}-\d\d-\d\d[T ][\d:.]+Z? (\S+) \[(\w+)\] ?([\s\S]*)$/;

/** How lines of Function Compute are read. */
export const fcWords: LogWords = {
  idsAreUnique: true,
  warmByOrder: true,
  read(line: RemoteLogLine): LineWords {
    if (line.kind === 'metrics') return readMetrics(line);
    const words = platformLine(line.text) ?? functionLine(line.text);
    // Where the service itself says whose line it is, nothing has to be concluded.
    const { requestId } = line;
    return words.request || words.ofLast || words.newInstance || !requestId
      ? words
      : { ...words, request: { id: requestId, by: 'runtime' } };
  },
};

function platformLine(text: string): LineWords | undefined {
  const entry = platformEntry(text);
  const [, edge, id, why] = invoke.exec(text) ?? [];
  if (id !== undefined) {
    const words: LineWords = { request: { id, by: 'platform' }, entry };
    if (edge === 'Start') return { ...words, edge: 'begin' };
    if (why === undefined) return { ...words, edge: 'end', status: 'ok' };
    const error = { type: '', message: why.trim(), stack: [], weight: 0 as const };
    return { ...words, edge: 'end', status: statusOf(why), error, entry: { ...entry!, level: 'error' } };
  }
  const [, name, hookEdge, hookId] = hook.exec(text) ?? [];
  if (hookId !== undefined) {
    const words: LineWords = { request: { id: hookId, by: 'runtime' }, entry };
    if (name !== 'Initialize') return words;
    // It runs for the call that found no instance; what it prints is that call's.
    return {
      ...words,
      facts: { startKind: 'cold' },
      ...(hookEdge === 'Start' && { edge: 'begin' as const }),
    };
  }
  if (newInstance.test(text)) return { newInstance: true, entry };
  const [, durationMs, billedMs, memoryMB, maxMemoryMB] = figures.exec(text) ?? [];
  if (durationMs !== undefined) {
    const facts = {
      durationMs: Number(durationMs),
      billedMs: Number(billedMs),
      memoryMB: Number(memoryMB),
      maxMemoryMB: Number(maxMemoryMB),
    };
    return { ofLast: true, facts, entry };
  }
  return ended.test(text)
    ? {
        status: statusOf(text),
        error: { type: '', message: text.trim(), stack: [], weight: 2 },
        entry: { ...entry!, level: 'error' },
      }
    : undefined;
}

/** By the platform's own reason. */
function statusOf(why: string): NonNullable<LineWords['status']> {
  if (/time(d)? out/i.test(why)) return 'timeout';
  if (/cancel/i.test(why)) return 'interrupted';
  if (/out of memory|\bOOM\b|code 137/i.test(why)) return 'oom';
  return /^(Process exited|Function instance exited)/i.test(why) ? 'crashed' : 'error';
}

function functionLine(text: string): LineWords {
  const [, id, word, message = ''] = logged.exec(text) ?? [];
  const level = levelOf(word);
  if (id === undefined || !level) return { entry: printedEntry(text) };
  const error = level === 'error' ? errorIn(jsonObject(message.trim())) : undefined;
  return {
    request: { id, by: 'runtime' },
    ...(error && { error: { ...error, weight: 1 } }),
    entry: printedEntry(message, level),
  };
}

/** Log Service keeps every field as a text. */
const number = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((value) => (Number.isFinite(Number(value)) ? Number(value) : undefined)),
  ),
);
const flag = v.optional(
  v.pipe(
    v.unknown(),
    v.transform((value) => String(value) === 'true'),
  ),
);
const metrics = v.looseObject({
  requestId: v.pipe(v.string(), v.minLength(1)),
  durationMs: number,
  memoryMB: number,
  memoryUsageMB: number,
  isColdStart: flag,
  hasFunctionError: flag,
  errorType: v.optional(v.string()),
  versionId: v.optional(v.string()),
});

function readMetrics({ text }: RemoteLogLine): LineWords {
  const { success, output } = v.safeParse(metrics, jsonObject(text));
  if (!success) return { entry: undefined };
  const { requestId: id, durationMs, memoryMB, memoryUsageMB, isColdStart, errorType, versionId } = output;
  const failed = output.hasFunctionError === true || (errorType ?? '') !== '';
  const kinds: Record<string, LineWords['status']> = {
    FunctionTimeoutError: 'timeout',
    FunctionOOMError: 'oom',
  };
  return {
    request: { id, by: 'platform' },
    facts: {
      ...given('durationMs', durationMs),
      ...given('memoryMB', memoryMB),
      ...given('maxMemoryMB', memoryUsageMB),
      ...(isColdStart !== undefined && { startKind: isColdStart ? 'cold' : 'warm' }),
      ...(versionId && { version: versionId }),
    },
    status: failed ? (kinds[errorType ?? ''] ?? 'error') : 'ok',
    ...(failed && errorType && { error: { type: errorType, message: '', stack: [], weight: 0 } }),
    entry: undefined,
  };
}
