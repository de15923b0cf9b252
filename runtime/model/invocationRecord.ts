import type {
  InvocationStatus,
  LogLevel,
  PhaseName,
  PlatformId,
  SourcePosition,
  StartKind,
  TriggerKind,
} from './words.ts';
import { type Phrase, say, translated } from '../support/l10n.ts';

/** One measured stage. `startUs` counts from the acceptance of the invocation; microseconds on the monotonic clock. */
export interface Phase {
  name: PhaseName;
  startUs: number;
  durationUs: number;
  /** How much of it was spent stopped in a debugger; absent: nothing. */
  pausedUs?: number;
}

/** One line of output. `t` is microseconds since the acceptance of the invocation. */
export interface LogEntry {
  t: number;
  level: LogLevel;
  text: string;
  stream: 'stdout' | 'stderr' | 'platform';
  /** The source line that printed it, mapped to the user's file. */
  at?: SourcePosition;
}

/** A body kept for display: text when it is UTF-8, otherwise base64; `size` is the full size in bytes. */
export interface StoredBody {
  encoding: 'utf8' | 'base64';
  data: string;
  size: number;
  truncated: boolean;
}

/** Why an invocation failed. `stack` holds source positions; `at` is the first frame in the user's code. */
export interface InvocationError {
  type: string;
  message: string;
  stack: string[];
  at?: SourcePosition;
}

/** Something of an invocation that would surprise in the cloud: a fact, which may be intended. */
export interface InvocationWarning {
  kind: 'openWork' | 'carriedState';
  /** One or two sentences. */
  text: string;
  /** The source line it began at. */
  at?: SourcePosition;
  /** The earlier invocation it comes from. */
  from?: string;
}

/** What a start found done already. */
export interface StartFacts {
  /** Scripts whose compiled code came from an earlier start, and those that had to be compiled. */
  codeUsed: number;
  codeCompiled: number;
  /** Packages that a spare had loaded before the call came. */
  preloaded: number;
}

/** A result that was sent while it was made. `firstByteUs` counts from the acceptance of the invocation. */
export interface StreamFacts {
  firstByteUs: number;
  /** Bytes the code wrote; its status and headers left out. */
  bytes: number;
}

/** What views, CLI, store and tools read about one invocation, without its bodies and log. */
export interface InvocationSummary {
  id: string;
  function: string;
  platform: PlatformId;
  artifact: string;
  /** The deployed version that handled it; absent of code that is worked on. */
  version?: string;
  trigger: TriggerKind;
  /** Which of the function's triggers brought it, when one did. */
  triggerName?: string;
  /** Which attempt it is of an event that is repeated when it fails, from 1; `of`: how many there may be. */
  attempt?: { number: number; of?: number };
  /** Absent while it waits for an instance. */
  startKind?: StartKind;
  instance?: { id: string; pid: number; sequence: number };
  /** Milliseconds since the epoch. */
  receivedAt: number;
  phases: Phase[];
  /** Handler time in milliseconds, pauses in a debugger excluded. */
  durationMs: number;
  /** From acceptance to answer in milliseconds, pauses included. */
  wallMs: number;
  billedMs: number;
  /** Time spent stopped in a debugger, its own or that of a function it called and waited for, in milliseconds. */
  pausedMs: number;
  /** A debugger was attached: timings are kept out of the statistics. */
  debugged: boolean;
  memoryMB: number;
  maxMemoryMB: number;
  status: InvocationStatus;
  error?: InvocationError;
  /** Facts worth a line under the invocation, e.g. "new instance because the code changed". */
  notes: string[];
  /** How notes with values in them, our own errors and warnings are said in other languages, by their text; other notes are their own phrase. */
  said?: Record<string, Phrase>;
  /** Work left open after the answer, and state found as an earlier invocation left it. */
  warnings?: InvocationWarning[];
  /** What made the start faster; absent for warm ones. */
  start?: StartFacts;
  /** Absent when the result came in one piece. */
  stream?: StreamFacts;
  /** The caller's invocation id. */
  parent?: string;
  /** The invocation whose event was sent again. */
  replayOf?: string;
  /** What the platform calls the request, when an attempt before this one has that as its id. */
  requestId?: string;
  /** One-line label of what was called, e.g. `GET /hello?x=1`. */
  label?: string;
  logCount: number;
}

/** The whole record of one invocation (DESIGN §7). */
export interface InvocationRecord extends InvocationSummary {
  event: StoredBody;
  /** What the caller passed along for the context object, by the platform's own invoke API. */
  clientContext?: unknown;
  result?: StoredBody;
  logs: LogEntry[];
  /** Log lines that were left out because of the bound. */
  logsDropped: number;
}

/** The platform's id of the request: an attempt after the first has a record of its own, but repeats the same request. */
export function requestIdOf(summary: Pick<InvocationSummary, 'id' | 'requestId'>): string {
  return summary.requestId ?? summary.id;
}

/** How invocations end that failed in their function: not those that never began or were ended by somebody. */
export const failureStatuses = ['error', 'timeout', 'oom', 'crashed'] as const;

/** Whether the function failed. */
export function isFailure({ status }: Pick<InvocationSummary, 'status'>): boolean {
  return (failureStatuses as readonly InvocationStatus[]).includes(status);
}

/** What stands in the place of a secret value in records. */
export const hiddenSecret = '••••••';

/** Bounds of what is kept per record: of each body, and of the log as entries, characters of an entry, characters of all. */
export const recordLimits = {
  bodyBytes: 256 * 1024,
  logEntries: 5000,
  logTextBytes: 32 * 1024,
  logBytes: 16 * 1024 * 1024,
} as const;

/** Adds a note to an invocation, to be read in English or, by its phrase, in other languages. */
export function addNote(summary: Pick<InvocationSummary, 'notes' | 'said'>, note: string | Phrase): void {
  const text = say(note);
  summary.notes.push(text);
  if (typeof note === 'object' && note.values) keepSaid(summary, text, note);
}

/** Keeps how a text of an invocation's record is said in other languages: of its error, or of a warning. */
export function keepSaid(
  summary: Pick<InvocationSummary, 'said'>,
  text: string,
  said: Phrase | undefined,
): void {
  if (said) (summary.said ??= {})[text] = said;
}

/** A text in the language of this process's reader, by what is known of how it is said; otherwise as it is. */
export function saidIn({ said = {} }: { said?: Record<string, Phrase> }, text: string): string {
  return Object.hasOwn(said, text) ? translated(said[text]!) : text;
}

/** What an invocation failed of, in the reader's language where the words are ours. */
export function translatedError(
  summary: Pick<InvocationSummary, 'error' | 'said'>,
): InvocationError | undefined {
  const { error } = summary;
  return error && { ...error, message: saidIn(summary, error.message) };
}

/** The warnings of an invocation in the reader's language. */
export function translatedWarnings(
  summary: Pick<InvocationSummary, 'said' | 'warnings'>,
): InvocationWarning[] {
  return (summary.warnings ?? []).map((warning) => ({ ...warning, text: saidIn(summary, warning.text) }));
}

/** The notes of an invocation in the language of this process's reader. */
export function translatedNotes({ notes, said = {} }: Pick<InvocationSummary, 'notes' | 'said'>): string[] {
  return notes.map((note) => translated(Object.hasOwn(said, note) ? said[note]! : { phrase: note }));
}
