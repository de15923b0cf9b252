import { errorIn, jsonObject } from '../remoteLogs/errorObject.ts';
import { given, levelOf, platformEntry, printedEntry, type LineWords } from '../remoteLogs/logWords.ts';
import { statusOf } from './reportFacts.ts';

/*
 * Lambda's lines in its JSON format (developer guide, "Advanced logging controls"; Telemetry API schema): events of the
 * platform, and what code writes through the runtime's own logger.
 */

/** What a line in JSON says; undefined when it is neither an event of the platform nor a line with a level. */
export function readJsonLine(text: string): LineWords | undefined {
  const line = jsonObject(text);
  if (!line) return undefined;
  const { type, record } = line;
  if (typeof type === 'string' && type.startsWith('platform.') && isObject(record))
    return platformEvent(type, record, text);
  return loggedLine(line, text);
}

function platformEvent(type: string, record: Record<string, unknown>, text: string): LineWords {
  const entry = platformEntry(text);
  const id = record['requestId'];
  if (typeof id !== 'string') {
    const within = type === 'platform.initReport' && record['phase'] === 'invoke';
    return { ...(within && { facts: { startKind: 'cold' as const } }), entry };
  }
  const words: LineWords = { request: { id, by: 'platform' }, entry };
  const errorType = textIn(record, 'errorType');
  const error =
    errorType === undefined ? {} : { error: { type: errorType, message: '', stack: [], weight: 0 as const } };
  switch (type) {
    case 'platform.start':
      return { ...words, edge: 'begin', facts: given('version', textIn(record, 'version')) };
    case 'platform.runtimeDone':
      return { ...words, edge: 'end', ...error };
    case 'platform.report':
      return {
        ...words,
        ...error,
        facts: metricsIn(record['metrics']),
        status: statusOf(textIn(record, 'status'), errorType),
      };
    default:
      return words;
  }
}

function metricsIn(metrics: unknown): NonNullable<LineWords['facts']> {
  const number = (name: string): number | undefined => {
    const value = isObject(metrics) ? metrics[name] : undefined;
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  };
  const initMs = number('initDurationMs') ?? number('restoreDurationMs');
  return {
    startKind: initMs === undefined ? 'warm' : 'cold',
    ...given('durationMs', number('durationMs')),
    ...given('initMs', initMs),
    ...given('billedMs', number('billedDurationMs')),
    ...given('memoryMB', number('memorySizeMB')),
    ...given('maxMemoryMB', number('maxMemoryUsedMB')),
  };
}

/** A line of the runtime's logger, or of a library that writes alike. */
function loggedLine(line: Record<string, unknown>, text: string): LineWords | undefined {
  const level = levelOf(line['level'] ?? line['log_level']);
  if (level === undefined) return undefined;
  const { message } = line;
  const id = ['requestId', 'AWSRequestId', 'function_request_id'].flatMap(
    (name) => textIn(line, name) ?? [],
  )[0];
  const error = errorIn(line) ?? errorIn(message);
  const shown =
    typeof message === 'string' && message !== ''
      ? message
      : error
        ? `${error.type}: ${error.message}`
        : message === undefined
          ? text
          : JSON.stringify(message);
  return {
    ...(id !== undefined && { request: { id, by: 'code' as const } }),
    ...(error && level === 'error' && { error: { ...error, weight: 1 } }),
    entry: printedEntry(shown, level),
  };
}

function textIn(record: Record<string, unknown>, name: string): string | undefined {
  const value = record[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
