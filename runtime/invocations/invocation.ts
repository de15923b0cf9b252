import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { InvocationRecord, InvocationSummary, LogEntry, StoredBody } from '../model/invocationRecord.ts';
import type { PhaseName, StartKind, TriggerKind } from '../model/words.ts';
import type { SourceMaps } from '../support/sourceMaps.ts';
import { CapturedLog } from './capturedLog.ts';
import { storeBody } from './storedBody.ts';

/** What a caller wants done. */
export interface InvokeRequest {
  event: Uint8Array;
  trigger: TriggerKind;
  /** Chosen beforehand when the event itself names it. */
  id?: string;
  label?: string;
  parent?: string;
  startKind?: StartKind;
  /** Aborting ends the invocation as `interrupted`. */
  signal?: AbortSignal;
}

interface InvocationOptions {
  id: string;
  definition: FunctionDefinition;
  request: InvokeRequest;
  receivedAt: number;
  startUs: number;
  maps: SourceMaps;
  redact: (text: string) => string;
  onEntry: (invocation: Invocation, entry: LogEntry) => void;
}

/** One event on its way: what is known of it so far, and its record in the end. */
export class Invocation {
  readonly summary: InvocationSummary;
  readonly log: CapturedLog;
  readonly startUs: number;
  readonly #event: StoredBody;
  #result: StoredBody | undefined;
  readonly #redact: (text: string) => string;
  #marks: { name: PhaseName; atUs: number }[];

  constructor(options: InvocationOptions) {
    const { definition, request } = options;
    this.startUs = options.startUs;
    this.#redact = options.redact;
    this.#marks = [{ name: 'queue', atUs: options.startUs }];
    this.#event = storeBody(request.event, options.redact);
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
      ...(request.parent === undefined ? {} : { parent: request.parent }),
      ...(request.label === undefined ? {} : { label: request.label }),
    };
  }

  /** A phase begins, and the one before it ends: together they cover the whole time. */
  mark(name: PhaseName, atUs: number): void {
    const last = this.#marks.at(-1)!;
    this.#marks.push({ name, atUs: Math.max(atUs, last.atUs) });
    this.#layPhases(undefined);
  }

  setResult(body: Uint8Array): void {
    this.#result = storeBody(body, this.#redact);
  }

  /** The caller has its answer. */
  answered(atUs: number): void {
    this.#layPhases(atUs);
    this.summary.wallMs = (atUs - this.startUs) / 1000;
  }

  record(): InvocationRecord {
    return {
      ...this.summary,
      logCount: this.log.entries.length,
      event: this.#event,
      ...(this.#result ? { result: this.#result } : {}),
      logs: this.log.entries,
      logsDropped: this.log.dropped,
    };
  }

  #layPhases(endUs: number | undefined): void {
    const marks = this.#marks;
    this.summary.phases = marks.flatMap(({ name, atUs }, index) => {
      const until = marks[index + 1]?.atUs ?? endUs;
      if (until === undefined) return [];
      return [
        { name, startUs: Math.round(atUs - this.startUs), durationUs: Math.max(0, Math.round(until - atUs)) },
      ];
    });
  }
}
