import type { InvocationRecord, LogEntry, Phase, StoredBody } from './invocationRecord.ts';
import type { RemoteInvocation } from './remoteInvocation.ts';
import type { SourcePosition } from './words.ts';

/** One part of an invocation as a text to be compared with the same part of another one. */
export interface InvocationPart {
  name: 'overview' | 'event' | 'result' | 'log' | 'phases';
  /** Ending of a file with such a text. */
  ending: 'json' | 'txt' | 'log';
  text: string;
}

/** The parts of two invocations, pair by pair. */
export interface PartPair {
  name: InvocationPart['name'];
  before: InvocationPart;
  after: InvocationPart;
}

/** An invocation that can be compared: a record, or what a target told of one, of which less is known. */
export type Comparable = Pick<
  InvocationRecord,
  'id' | 'function' | 'status' | 'receivedAt' | 'logs' | 'logsDropped'
> &
  Partial<InvocationRecord> & {
    /** Where it happened, when that is not this machine. */
    target?: string;
  };

/** What a target told of an invocation, to be compared or shown like a record. */
export function comparable({ startedAt, instance: _instance, ...told }: RemoteInvocation): Comparable {
  return { ...told, receivedAt: startedAt };
}

/** What stands where either of two compared invocations names itself. */
const anyId = '<request id>';

/**
 * The parts of two invocations in the same form, so that only what matters differs: JSON is indented in its own order
 * of keys, log lines have no times, the platform's own lines are left out (they repeat ids and figures), and the ids of
 * both are the same word.
 */
export function partPairs(before: Comparable, after: Comparable): PartPair[] {
  const ids = [before, after].flatMap(({ id, requestId }) =>
    requestId === undefined ? [id] : [id, requestId],
  );
  const told = before.target !== undefined || after.target !== undefined;
  // What only one side knows is no difference.
  const leftOut = new Set(told ? [...missing(before), ...missing(after)] : []);
  const [first, second] = [partsOf(before, ids, leftOut), partsOf(after, ids, leftOut)];
  return first.map((part, index) => ({ name: part.name, before: part, after: second[index]! }));
}

/** Names of facts and parts that are not known of an invocation. */
function missing(record: Comparable): string[] {
  const facts = factsOf(record).flatMap(([name, value]) => (value === undefined ? [name] : []));
  const parts = (['event', 'result', 'phases'] as const).filter((name) => record[name] === undefined);
  return [...facts, ...parts];
}

/** Whether a pair says something different. */
export const differs = ({ before, after }: PartPair): boolean => before.text !== after.text;

function partsOf(record: Comparable, ids: readonly string[], leftOut: ReadonlySet<string>): InvocationPart[] {
  const known = <T>(name: string, value: T | undefined): T | undefined =>
    leftOut.has(name) ? undefined : value;
  const same = (text: string): string => ids.reduce((result, id) => result.replaceAll(id, anyId), text);
  return [
    { name: 'overview', ending: 'txt', text: same(overview(record, leftOut)) },
    bodyPart('event', known('event', record.event), same),
    bodyPart('result', known('result', record.result), same),
    { name: 'log', ending: 'log', text: same(logText(record)) },
    { name: 'phases', ending: 'txt', text: phaseTable(known('phases', record.phases) ?? []) },
  ];
}

function factsOf(record: Comparable): [name: string, value: string | undefined][] {
  const { clientContext, memoryMB } = record;
  return [
    ['function', record.function],
    ['status', record.status],
    ['start', record.startKind],
    ['code', record.artifact || undefined],
    ['trigger', record.trigger],
    ['called', record.label],
    ['result', record.stream ? 'streamed' : undefined],
    ['debugged', record.debugged ? 'yes' : undefined],
    ['memory limit', memoryMB === undefined ? undefined : `${memoryMB} MB`],
    ['client context', clientContext === undefined ? undefined : JSON.stringify(clientContext)],
  ];
}

function overview(record: Comparable, leftOut: ReadonlySet<string>): string {
  const { error, target, warnings = [], notes = [] } = record;
  const lines = factsOf(record).flatMap(([name, value]) =>
    value === undefined || leftOut.has(name) ? [] : [`${name}: ${value}`],
  );
  if (target !== undefined) lines.push(`on: ${target}`);
  if (error) {
    lines.push('', `error: ${error.type}: ${error.message}`, ...placeLine(error.at));
    // The first line of a stack repeats type and message.
    lines.push(...error.stack.filter((line) => /^\s*at /.test(line)).map((line) => `  ${line.trim()}`));
  }
  for (const { text, at } of warnings) lines.push('', `warning: ${text}`, ...placeLine(at));
  if (notes.length > 0) lines.push('', ...notes.map((note) => `note: ${note}`));
  return `${lines.join('\n')}\n`;
}

function placeLine(at: SourcePosition | undefined): string[] {
  return at ? [`  at ${at.file}:${at.line}:${at.column}`] : [];
}

function bodyPart(
  name: 'event' | 'result',
  body: StoredBody | undefined,
  same: (text: string) => string,
): InvocationPart {
  if (!body) return { name, ending: 'json', text: '' };
  const cut = body.truncated ? `\n(cut: ${body.size} bytes in all)\n` : '';
  const indented = body.encoding === 'utf8' && !body.truncated ? indentJson(body.data) : undefined;
  if (indented !== undefined) return { name, ending: 'json', text: same(`${indented}\n`) };
  const text = body.encoding === 'utf8' ? body.data : base64Lines(body.data);
  return { name, ending: 'txt', text: same(text && !text.endsWith('\n') ? `${text}\n${cut}` : text + cut) };
}

/** A JSON text indented, its keys in the order in which they came; undefined when it is none. */
export function indentJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return undefined;
  }
}

/** In lines, so that a difference has a place. */
function base64Lines(data: string): string {
  return data.replace(/.{76}/g, '$&\n');
}

function logText(record: Comparable): string {
  const lines = record.logs.filter(({ stream }) => stream !== 'platform').map(logLine);
  if (record.logsDropped > 0) lines.push(`(${record.logsDropped} more lines were not recorded)`);
  return lines.length > 0 ? `${lines.join('\n')}\n` : '';
}

function logLine({ level, text, at }: LogEntry): string {
  const place = at ? `  (${at.file.split(/[\\/]/).at(-1)}:${at.line})` : '';
  return `${level.toUpperCase().padEnd(5)} ${text}${place}`;
}

/** Milliseconds in columns. */
function phaseTable(phases: readonly Phase[]): string {
  if (phases.length === 0) return '';
  const row = (name: string, start: string, lasted: string): string =>
    `${name.padEnd(10)}${start.padStart(12)}${lasted.padStart(12)}`;
  const ms = (us: number): string => (us / 1000).toFixed(1);
  const totalUs = Math.max(...phases.map(({ startUs, durationUs }) => startUs + durationUs));
  return `${[
    row('phase', 'begins, ms', 'lasts, ms'),
    ...phases.map(({ name, startUs, durationUs }) => row(name, ms(startUs), ms(durationUs))),
    row('in all', '', ms(totalUs)),
  ].join('\n')}\n`;
}
