import type { RemoteLogLine } from '../../model/deploy.ts';
import { errorIn, jsonObject, stackLines } from '../remoteLogs/errorObject.ts';
import {
  levelOf,
  platformEntry,
  printedEntry,
  type LineWords,
  type LogWords,
} from '../remoteLogs/logWords.ts';
import { readJsonLine } from './jsonLogWords.ts';
import { readReport } from './reportFacts.ts';

/*
 * Lambda's lines in its text format (developer guide, "Logging" and "Execution environment lifecycle"; runtime interface
 * clients of Node.js and Python). A stream is one environment, which does one request after the other.
 */

const start = /^START RequestId: (\S+)(?:\s+Version: (\S+))?/;
const end = /^END RequestId: (\S+)/;
const report = /^REPORT RequestId: (\S+)/;
const timedOut = /^\S+ (\S+) (Task timed out after [\d.]+ seconds)/;
const ended = /^RequestId: (\S+) (?:Error: )?((?:Runtime exited|Process exited|Task timed out)[\s\S]*)/;
const bareType = /^(Runtime|Function|Sandbox|Extension)\.[A-Z]\w+$/;
const aboutInstance = /^(INIT_START|RESTORE_START|RESTORE_REPORT|EXTENSION|LOGS|TELEMETRY|XRAY TraceId:)\b/;
const nodejs = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t(\S+)\t([A-Z]+)\t([\s\S]*)$/;
const nodejsFailure = /^(?:Invoke Error|Uncaught Exception|Unhandled Promise Rejection) ?\t([\s\S]*)$/;
const python = /^\[([A-Z]+)\]\t\S+\t(\S*)\t([\s\S]*)$/;
const pythonFailure = /^\[ERROR\] ([\w.]+)(?:: ([\s\S]*?))?\s+Traceback \(most recent call last\):([\s\S]*)$/;

/** How lines of CloudWatch Logs are read, in either of Lambda's formats. */
export const lambdaWords: LogWords = {
  idsAreUnique: false,
  warmByOrder: false,
  read: ({ text }: RemoteLogLine) => readJsonLine(text) ?? platformLine(text) ?? functionLine(text),
};

function platformLine(text: string): LineWords | undefined {
  const entry = platformEntry(text);
  const of = (id: string): LineWords => ({ request: { id, by: 'platform' }, entry });
  const [, startId, version] = start.exec(text) ?? [];
  if (startId !== undefined)
    return { ...of(startId), edge: 'begin', ...(version !== undefined && { facts: { version } }) };
  const [, endId] = end.exec(text) ?? [];
  if (endId !== undefined) return { ...of(endId), edge: 'end' };
  const [, reportId] = report.exec(text) ?? [];
  if (reportId !== undefined) return { ...of(reportId), ...readReport(text) };
  const [, lateId, tooLate] = timedOut.exec(text) ?? [];
  if (lateId !== undefined)
    return {
      ...of(lateId),
      status: 'timeout',
      error: said('', tooLate!),
      entry: { ...entry!, level: 'error' },
    };
  const [, endedId, why = ''] = ended.exec(text) ?? [];
  if (endedId !== undefined) {
    const status = why.startsWith('Task timed out') ? 'timeout' : 'crashed';
    return { ...of(endedId), status, error: said('', why), entry: { ...entry!, level: 'error' } };
  }
  if (bareType.test(text.trim()))
    return { ofLast: true, error: said(text.trim(), ''), entry: { ...entry!, level: 'error' } };
  if (text.startsWith('INIT_REPORT ')) {
    // Repeated within the invocation, it is part of its duration: there is no `Init Duration` then.
    const within = /\bPhase: invoke\b/.test(text);
    return { ...(within && { facts: { startKind: 'cold' as const } }), entry };
  }
  return aboutInstance.test(text) ? { entry } : undefined;
}

const said = (type: string, message: string): NonNullable<LineWords['error']> => ({
  ...{ type, message },
  stack: [],
  weight: 2,
});

/** What code or its runtime interface client wrote. */
function functionLine(raw: string): LineWords {
  // Ends of lines within an entry are carriage returns.
  const text = raw.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const [, nodejsId, word, message = ''] = nodejs.exec(text) ?? [];
  const level = levelOf(word);
  if (nodejsId !== undefined && level) {
    const body = nodejsFailure.exec(message)?.[1];
    const error = body === undefined ? undefined : errorIn(jsonObject(body.trim()));
    return {
      // Before an event is there, the client knows no request.
      ...(nodejsId !== 'undefined' && { request: { id: nodejsId, by: 'runtime' as const } }),
      ...(body !== undefined && { status: 'error' as const }),
      ...(error && { error: { ...error, weight: 2 } }),
      entry: printedEntry(message, level),
    };
  }
  const [, loggerWord, loggerId, logged = ''] = python.exec(text) ?? [];
  const loggerLevel = levelOf(loggerWord);
  if (loggerId !== undefined && loggerLevel) {
    const request = loggerId === '' ? {} : { request: { id: loggerId, by: 'runtime' as const } };
    return { ...request, entry: printedEntry(logged, loggerLevel) };
  }
  const [, type, reason = '', trace = ''] = pythonFailure.exec(text.replaceAll('\u00a0', ' ')) ?? [];
  if (type !== undefined) {
    const error = { type, message: reason.trim(), stack: stackLines(trace), weight: 2 as const };
    return { status: 'error', error, entry: printedEntry(text.replaceAll('\u00a0', ' '), 'error') };
  }
  // Go's client and those like it write the answer of a failed call as one line.
  const object = jsonObject(text);
  const error = object && 'errorType' in object && 'errorMessage' in object ? errorIn(object) : undefined;
  if (error) {
    return { status: 'error', error: { ...error, weight: 1 }, entry: printedEntry(text, 'error') };
  }
  return { entry: printedEntry(text) };
}
