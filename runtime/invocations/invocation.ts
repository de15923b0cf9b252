import type { FunctionDefinition } from '../model/functionDefinition.ts';
import {
  addNote,
  type InvocationRecord,
  type InvocationSummary,
  type LogEntry,
  type StoredBody,
} from '../model/invocationRecord.ts';
import type { CallFacts } from '../model/platform.ts';
import type { ResultSink } from '../model/resultStream.ts';
import type { PhaseName, StartKind, TriggerKind } from '../model/words.ts';
import type { Observation } from '../protocol/instance/observations.ts';
import type { Clock } from '../support/clock.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';
import { Deferred } from '../support/deferred.ts';
import { CapturedLog } from './capturedLog.ts';
import { HeldTime } from './heldTime.ts';
import { storeBody } from './storedBody.ts';
import type { StreamedResult } from './streamedResult.ts';
import type { Phrase } from '../support/l10n.ts';

/** What a caller wants done. */
export interface InvokeRequest {
  event: Uint8Array;
  trigger: TriggerKind;
  /** Name of the function's trigger that brings it. */
  triggerName?: string;
  attempt?: InvocationSummary['attempt'];
  /** Chosen beforehand when the event itself names it. */
  id?: string;
  label?: string;
  /** The caller's invocation, and how many invocations its chain has with this one. */
  parent?: string;
  depth?: number;
  /** The invocation whose event this is. */
  replayOf?: string;
  /** The caller's, when it waits for the answer: it is held with this one. */
  callerHeld?: HeldTime;
  /** Of an attempt after the first: the request it repeats. */
  requestId?: string;
  /** Facts of the platform's invoke API. */
  call?: CallFacts;
  notes?: readonly (string | Phrase)[];
  /** Time its caller gives it, in milliseconds; the function's own counts when that is less. */
  timeoutMs?: number | undefined;
  startKind?: StartKind | undefined;
  /** Takes the result while it is made, if it is made bit by bit. */
  sink?: ResultSink;
  /** The load is to tell what its imports cost, by `FunctionRuntime.imports`. */
  profile?: 'light' | 'full';
  /** Aborting ends the invocation as `interrupted`. */
  signal?: AbortSignal;
}

interface InvocationOptions {
  id: string;
  definition: FunctionDefinition;
  /** Which deployed version the function is. */
  version?: string | undefined;
  request: InvokeRequest;
  receivedAt: number;
  startUs: number;
  clock: Pick<Clock, 'nowUs'>;
  maps: SourceMaps;
  redact: (text: string) => string;
  onEntry: (invocation: Invocation, entry: LogEntry) => void;
}

/** One event on its way: what is known of it so far, and its record in the end. */
export class Invocation {
  readonly summary: InvocationSummary;
  readonly log: CapturedLog;
  readonly startUs: number;
  /** What of its time a debugger took. */
  readonly held: HeldTime;
  /** Resolves with what the instance noticed, when its answer said that something would follow. */
  observed: Promise<Observation[]> | undefined;
  /** Its place in a chain of functions that call each other, from 1. */
  readonly depth: number;
  readonly call: CallFacts | undefined;
  /** Time its handler has, in milliseconds. */
  readonly timeoutMs: number;
  readonly sink: ResultSink | undefined;
  /** Its result, when that comes bit by bit. */
  streamed: StreamedResult | undefined;
  /** The platform's lines before the handler were written. */
  started = false;
  readonly profile: InvokeRequest['profile'];
  readonly #eventBytes: Uint8Array;
  #event: StoredBody | undefined;
  #resultBytes: Uint8Array | undefined;
  #resultSize: number | undefined;
  #result: StoredBody | undefined;
  readonly #redact: (text: string) => string;
  #marks: { name: PhaseName; atUs: number }[];
  #cancelled: { reason: unknown } | undefined;
  #recorded: Deferred<InvocationRecord> | undefined;
  #closed = false;
  /** Log entries in the record that was told last. */
  recordedEntries = 0;
  /** Work of its handler would go on after the answer. */
  leftOpen = false;
  /** What ends it where it is now: waiting, or on an instance. */
  onCancel: ((reason: unknown) => void) | undefined;

  constructor(options: InvocationOptions) {
    const { definition, request } = options;
    this.startUs = options.startUs;
    this.held = new HeldTime(options.clock, request.callerHeld);
    this.depth = request.depth ?? 1;
    this.call = request.call;
    this.timeoutMs = Math.max(1, Math.min(request.timeoutMs ?? Infinity, definition.timeoutMs));
    this.sink = request.sink;
    this.profile = request.profile;
    this.#redact = options.redact;
    this.#marks = [{ name: 'queue', atUs: options.startUs }];
    this.#eventBytes = request.event;
    this.log = new CapturedLog(options.startUs, options.maps, options.redact, (entry) =>
      options.onEntry(this, entry),
    );
    this.summary = {
      id: options.id,
      function: definition.name,
      platform: definition.platform,
      artifact: '',
      trigger: request.trigger,
      receivedAt: options.receivedAt,
      phases: [],
      durationMs: 0,
      wallMs: 0,
      billedMs: 0,
      pausedMs: 0,
      debugged: false,
      memoryMB: definition.memoryMB,
      maxMemoryMB: 0,
      status: 'running',
      notes: [],
      logCount: 0,
      ...(options.version === undefined ? {} : { version: options.version }),
      ...(request.triggerName === undefined ? {} : { triggerName: request.triggerName }),
      ...(request.attempt === undefined ? {} : { attempt: request.attempt }),
      ...(request.parent === undefined ? {} : { parent: request.parent }),
      ...(request.label === undefined ? {} : { label: request.label }),
      ...(request.replayOf === undefined ? {} : { replayOf: request.replayOf }),
      ...(request.requestId === undefined ? {} : { requestId: request.requestId }),
    };
    for (const note of request.notes ?? []) addNote(this.summary, note);
  }

  /** Its caller does not want it any more: it ends as `interrupted`. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return;
    this.#cancelled = { reason };
    this.onCancel?.(reason);
  }

  get cancelled(): boolean {
    return this.#cancelled !== undefined;
  }

  throwIfCancelled(): void {
    if (this.#cancelled) throw this.#cancelled.reason;
  }

  /** The complete record, late output included. */
  get recorded(): Promise<InvocationRecord> {
    if (this.#closed) return Promise.resolve(this.record());
    return (this.#recorded ??= new Deferred()).promise;
  }

  /** Nothing will be added to it any more. */
  close(): void {
    this.#closed = true;
    this.#recorded?.resolve(this.record());
  }

  /** A phase begins, and the one before it ends: together they cover the whole time. */
  mark(name: PhaseName, atUs: number): void {
    const last = this.#marks.at(-1)!;
    this.#marks.push({ name, atUs: Math.max(atUs, last.atUs) });
    this.#layPhases(undefined);
  }

  /** When a phase began for the last time, on the monotonic clock; of one that was not reached, the phase of now. */
  phaseStartUs(name: PhaseName): number {
    return (this.#marks.findLast((mark) => mark.name === name) ?? this.#marks.at(-1)!).atUs;
  }

  /** `size`: of the whole, when this is only its beginning. */
  setResult(body: Uint8Array, size?: number): void {
    this.#resultBytes = body;
    this.#resultSize = size;
    this.#result = undefined;
  }

  /** The caller has its answer. */
  answered(atUs: number): void {
    this.held.end();
    this.#layPhases(atUs);
    this.summary.pausedMs = this.held.withinUs(this.startUs, atUs) / 1000;
    this.summary.wallMs = (atUs - this.startUs) / 1000;
  }

  /** What is known so far. Bodies are taken in when somebody asks: many are never looked at. */
  record(): InvocationRecord {
    this.#event ??= storeBody(this.#eventBytes, this.#redact);
    if (this.#resultBytes)
      this.#result ??= storeBody(this.#resultBytes, this.#redact, { size: this.#resultSize });
    return {
      ...this.summary,
      logCount: this.log.entries.length,
      event: this.#event,
      ...(this.call?.clientContext === undefined ? {} : { clientContext: this.#clientContext() }),
      ...(this.#result ? { result: this.#result } : {}),
      logs: this.log.entries,
      logsDropped: this.log.dropped,
    };
  }

  /** Without the function's secrets; replacing them leaves JSON what it is. */
  #clientContext(): unknown {
    return JSON.parse(this.#redact(JSON.stringify(this.call?.clientContext)));
  }

  #layPhases(endUs: number | undefined): void {
    const { phases } = this.summary;
    // All but the last mark were laid before; what follows a mark ends its phase.
    for (let index = phases.length; index < this.#marks.length; index++) {
      const { name, atUs } = this.#marks[index]!;
      const until = this.#marks[index + 1]?.atUs ?? endUs;
      if (until === undefined) return;
      const durationUs = Math.max(0, Math.round(until - atUs));
      const pausedUs = Math.round(this.held.withinUs(atUs, until));
      phases.push({
        name,
        startUs: Math.round(atUs - this.startUs),
        durationUs,
        ...(pausedUs > 0 && { pausedUs }),
      });
    }
  }
}
