import type { InvocationRecord, LogEntry } from '../invocationRecord.ts';
import { parseSize } from '../units.ts';
import { inLines, inWords, match, type FindsPattern, type Mismatch } from './match.ts';
import type { Expectation } from './savedEvent.ts';

/** What came of an invocation, as far as expectations look at it. */
export interface Observed {
  record: Pick<InvocationRecord, 'status' | 'error' | 'logs' | 'logsDropped' | 'maxMemoryMB'>;
  /** The result or, after a failure, what a caller gets for it; uncut. */
  body: Uint8Array;
  /** The HTTP answer, when the event was a request. */
  answer?: { status: number; headers: [name: string, value: string][]; body: Uint8Array };
}

/** An expectation that did not hold, and the steps to where it stands. */
export interface Unfulfilled {
  what: string;
  path: (string | number)[];
  message: string;
  expected?: string;
  actual?: string;
}

/** Compares what came of an invocation with everything but time budgets. */
export function checkOutcome(
  expectation: Expectation,
  observed: Observed,
  finds: FindsPattern,
): Unfulfilled[] {
  const wrongStatus = checkStatus(expectation, observed);
  // A failure nobody expected explains whatever else is not as expected.
  if (wrongStatus && !observed.answer) return [wrongStatus, ...checkLog(expectation, observed, finds)];
  return [
    ...(wrongStatus ? [wrongStatus] : []),
    ...checkError(expectation, observed, finds),
    ...checkStatusCode(expectation, observed),
    ...checkHeaders(expectation, observed, finds),
    ...checkResult(expectation, observed, finds),
    ...checkLog(expectation, observed, finds),
    ...checkMemory(expectation, observed),
  ];
}

function checkStatus(expectation: Expectation, { record, answer }: Observed): Unfulfilled | undefined {
  const { status, error } = record;
  const wanted = expectation.status ?? (expectation.error === undefined ? 'ok' : 'a failure');
  // Whoever expects a 502 of the trigger says by it that the function fails.
  const failureImplied = answer && expectation.status === undefined && (expectation.statusCode ?? 0) >= 500;
  if (failureImplied || (wanted === 'a failure' ? status !== 'ok' : status === wanted)) return undefined;
  const why = error ? `, ${error.type}: ${error.message}` : '';
  const path = expectation.status === undefined && expectation.error !== undefined ? ['error'] : ['status'];
  return { what: 'status', path, message: `status: expected ${wanted}, but it ended with ${status}${why}` };
}

function checkError({ error }: Expectation, { record }: Observed, finds: FindsPattern): Unfulfilled[] {
  if (error === undefined || !record.error) return [];
  const { type, message } = typeof error === 'string' ? { message: error } : error;
  const found: Unfulfilled[] = [];
  const at = (key: string) => (typeof error === 'string' ? ['error'] : ['error', key]);
  if (type !== undefined && type !== record.error.type) {
    const text = `error.type: expected ${type}, but it is ${record.error.type}`;
    found.push({ what: 'error', path: at('type'), message: text });
  }
  if (message !== undefined && !hasPart(message, record.error.message, finds)) {
    const text = `error.message: expected ${partInWords(message)}, but it is ${inWords(record.error.message)}`;
    found.push({ what: 'error', path: at('message'), message: text });
  }
  return found;
}

type Part = string | { $matches: string };

function hasPart(part: Part, text: string, finds: FindsPattern): boolean {
  return typeof part === 'string' ? text.includes(part) : finds(part.$matches, text);
}

function partInWords(part: Part): string {
  return typeof part === 'string' ? `a part ${inWords(part)}` : `a text that matches /${part.$matches}/`;
}

function checkStatusCode({ statusCode }: Expectation, observed: Observed): Unfulfilled[] {
  if (statusCode === undefined) return [];
  const actual = observed.answer ? observed.answer.status : codeOf(valueOf(observed.body));
  if (actual === statusCode) return [];
  const seen = actual === undefined ? 'the result has none' : `it is ${inWords(actual)}`;
  const message = `statusCode: expected ${statusCode}, but ${seen}`;
  return [{ what: 'statusCode', path: ['statusCode'], message }];
}

function codeOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'statusCode' in result
    ? result.statusCode
    : undefined;
}

function checkHeaders({ headers }: Expectation, { answer }: Observed, finds: FindsPattern): Unfulfilled[] {
  if (headers === undefined) return [];
  if (!answer) {
    const message =
      'headers: only an HTTP answer has headers; send the event as http, or expect them of the result';
    return [{ what: 'headers', path: ['headers'], message }];
  }
  const values = new Map<string, string>();
  for (const [name, value] of answer.headers) {
    const known = values.get(name.toLowerCase());
    values.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`);
  }
  const wanted = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { mismatches, expected, actual } = match(wanted, Object.fromEntries(values), finds);
  return differences('headers', mismatches, expected, actual);
}

function checkResult({ result }: Expectation, observed: Observed, finds: FindsPattern): Unfulfilled[] {
  if (result === undefined) return [];
  const { body } = observed.answer ?? observed;
  const value = valueOf(body);
  // Text that happens to be JSON, e.g. a number, is compared as text with text.
  const asText = typeof result === 'string' && typeof value !== 'string' ? textOf(body) : value;
  const { mismatches, expected, actual } = match(result, asText, finds);
  return differences('result', mismatches, expected, actual);
}

const mostTold = 10;

function differences(
  what: string,
  mismatches: Mismatch[],
  expected: unknown,
  actual: unknown,
): Unfulfilled[] {
  const [first] = mismatches;
  if (!first) return [];
  const told = mismatches
    .slice(0, mostTold)
    .map((each) => `${[what, ...each.path].join('.')}: expected ${each.expected}, got ${each.actual}`);
  if (mismatches.length > mostTold) told.push(`and ${mismatches.length - mostTold} more`);
  return [
    {
      what,
      path: [what, ...first.patternPath],
      message: told.join('\n'),
      expected: inLines(expected),
      actual: inLines(actual),
    },
  ];
}

function checkLog({ log }: Expectation, { record }: Observed, finds: FindsPattern): Unfulfilled[] {
  if (log === undefined) return [];
  const own = record.logs.filter((entry: LogEntry) => entry.stream !== 'platform');
  const lines = own.map((entry) => entry.text);
  return (Array.isArray(log) ? log : [log]).flatMap((part: Part, i): Unfulfilled[] => {
    if (lines.some((line) => hasPart(part, line, finds))) return [];
    const wanted = typeof part === 'string' ? `contains ${inWords(part)}` : `matches /${part.$matches}/`;
    const more = record.logsDropped > 0 ? ` (${record.logsDropped} more were not kept)` : '';
    const message =
      lines.length === 0
        ? `log: expected a line that ${wanted}, but nothing was logged`
        : `log: no line ${wanted}; there ${lines.length === 1 ? 'is 1 line' : `are ${lines.length} lines`}${more}`;
    return [{ what: 'log', path: Array.isArray(log) ? ['log', i] : ['log'], message }];
  });
}

function checkMemory({ maxMemory }: Expectation, { record }: Observed): Unfulfilled[] {
  const limit = maxMemory === undefined ? undefined : parseSize(maxMemory);
  if (limit === undefined || record.maxMemoryMB <= limit) return [];
  const message = `maxMemory: expected at most ${maxMemory}, but it used ${Math.ceil(record.maxMemoryMB)} MB`;
  return [{ what: 'maxMemory', path: ['maxMemory'], message }];
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return Buffer.from(body).toString('base64');
  }
}

/** A body as a value: what its JSON says, otherwise its text; base64 of anything that is no text. */
export function valueOf(body: Uint8Array): unknown {
  const text = textOf(body);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
