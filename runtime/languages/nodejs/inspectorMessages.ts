/*
 * What the relay has to know of the messages that pass: nearly all of them are recognised by their first bytes and go
 * by unparsed. V8 writes `method` or `id` first.
 */

/** A place in the code that ran, not in its source. Line and column count from 1. */
export interface GeneratedPosition {
  url: string;
  line: number;
  column: number;
}

/** Why an instance stopped. */
export interface PauseInfo {
  /** V8's word, e.g. `other`, `exception`, `Break on start`, `instrumentation`. */
  reason: string;
  hitBreakpoints: string[];
  /** The debugger stopped by itself to read a source map; it goes on by itself, too. */
  instrumentation: boolean;
  location?: GeneratedPosition;
}

const events = {
  paused: 'Debugger.paused',
  resumed: 'Debugger.resumed',
  contextCreated: 'Runtime.executionContextCreated',
  contextDestroyed: 'Runtime.executionContextDestroyed',
} as const;

export type WatchedEvent = keyof typeof events;

const prefixes = Object.entries(events).map(
  ([name, method]) => [name as WatchedEvent, `{"method":"${method}"`] as const,
);
const longestPrefix = Math.max(...prefixes.map(([, prefix]) => prefix.length));

/** Which event a message is, by its first bytes. */
export function eventOf(head: Buffer): WatchedEvent | undefined {
  const text = head.toString('latin1', 0, Math.min(longestPrefix, head.length));
  if (!text.startsWith('{"method":"')) return undefined;
  return prefixes.find(([, prefix]) => text.startsWith(prefix))?.[0];
}

const barrier = Buffer.from('"Runtime.runIfWaitingForDebugger"');

/** The id of a client's command to let the program run: it comes when all breakpoints are set. */
export function barrierCommandId(message: Buffer): number | undefined {
  if (message.length > 1000 || !message.includes(barrier)) return undefined;
  const command = parse(message);
  return command?.method === 'Runtime.runIfWaitingForDebugger' ? numberOr(command.id) : undefined;
}

const goesOn = /"Debugger\.(resume|step(Over|Into|Out))"/;

/** The id of a client's command that lets a stopped program go on. */
export function resumeCommandId(message: Buffer): number | undefined {
  if (message.length > 500 || !message.includes('"Debugger.')) return undefined;
  return goesOn.test(message.toString('utf8')) ? numberOr(parse(message)?.id) : undefined;
}

/** The id a reply answers; undefined for events and for replies too long to matter. */
export function replyId(message: Buffer): number | undefined {
  if (message.length > 1000 || !message.includes('"id":')) return undefined;
  const reply = parse(message);
  return reply && !('method' in reply) ? numberOr(reply.id) : undefined;
}

/** What a whole `Debugger.paused` message says; without details when it cannot be read. */
export function pauseInfo(message: Buffer): PauseInfo {
  const params = asRecord(parse(message)?.params);
  const reason = typeof params?.reason === 'string' ? params.reason : 'other';
  const hits = Array.isArray(params?.hitBreakpoints) ? params.hitBreakpoints : [];
  const top = Array.isArray(params?.callFrames) ? asRecord(params.callFrames[0]) : undefined;
  const at = asRecord(top?.location);
  return {
    reason,
    hitBreakpoints: hits.filter((hit): hit is string => typeof hit === 'string'),
    instrumentation: reason === 'instrumentation',
    ...(typeof top?.url === 'string' &&
      typeof at?.lineNumber === 'number' && {
        location: { url: top.url, line: at.lineNumber + 1, column: (numberOr(at.columnNumber) ?? 0) + 1 },
      }),
  };
}

/** The id of the main context, when this message tells that it was made. */
export function createdMainContext(message: Buffer): number | undefined {
  const context = asRecord(asRecord(parse(message)?.params)?.context);
  return asRecord(context?.auxData)?.isDefault === true ? numberOr(context?.id) : undefined;
}

export function destroyedContext(message: Buffer): number | undefined {
  return numberOr(asRecord(parse(message)?.params)?.executionContextId);
}

/** A message as a record; undefined when it is none. */
export function recordOf(message: Buffer): Record<string, unknown> | undefined {
  return parse(message);
}

/** The result of a reply; undefined when it is an error. */
export function readReply(message: Buffer): Record<string, unknown> | undefined {
  return asRecord(parse(message)?.result);
}

function parse(message: Buffer): Record<string, unknown> | undefined {
  try {
    return asRecord(JSON.parse(message.toString('utf8')));
  } catch {
    // The relay passes on what it does not understand; judging it is the receiver's part.
    return undefined;
  }
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

function numberOr(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
