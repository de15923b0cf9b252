import type { Instance } from '../instances/instance.ts';
import type { StreamListener } from '../instances/pendingCalls.ts';
import { recordLimits, addNote } from '../model/invocationRecord.ts';
import type { Outcome } from '../model/platform.ts';
import type { ResultSink, StreamStart } from '../model/resultStream.ts';
import { webResult } from '../model/webMessage.ts';
import { exitReasons } from './exitReasons.ts';
import type { FunctionRuntime } from './functionRuntime.ts';
import type { Invocation } from './invocation.ts';
import { phrase } from '../support/l10n.ts';

/** A result that comes while it is made: passed on to who takes it so, and collected for others. */
export class StreamedResult {
  readonly start: StreamStart;
  /** Its caller has what came so far; otherwise nobody has seen anything of it yet. */
  readonly passedOn: boolean;
  readonly #sink: ResultSink;
  readonly #keep: number;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #bytes = 0;

  /** `mostCollected`: bytes of a result that is not passed on, and could be given in one piece. */
  constructor(start: StreamStart, sink: ResultSink | undefined, mostCollected: number) {
    this.start = start;
    this.passedOn = sink?.begin(start) === true;
    this.#sink = this.passedOn ? sink! : collecting;
    this.#keep = this.passedOn ? recordLimits.bodyBytes : mostCollected;
  }

  /** Of what the code wrote, headers left out. */
  get bytes(): number {
    return this.#bytes;
  }

  take(bytes: Buffer, taken: () => void): void {
    this.#bytes += bytes.byteLength;
    const kept = bytes.subarray(0, this.#keep - this.#keptBytes);
    if (kept.byteLength > 0) this.#kept.push(kept);
    this.#keptBytes += kept.byteLength;
    this.#sink.write(bytes, taken);
  }

  /** All of a result that was collected, and what is recorded of one that was passed on; `size`: of the whole. */
  result(): { body: Uint8Array; size: number } {
    const kept = Buffer.concat(this.#kept, this.#keptBytes);
    this.#kept = [kept];
    const { web } = this.start;
    const body = web ? webResult({ ...web, body: kept }) : kept;
    return { body, size: body.byteLength + this.#bytes - this.#keptBytes };
  }
}

const collecting: ResultSink = { begin: () => false, write: (_bytes, taken) => taken() };

/** Hears what an instance sends of one invocation's result. */
export class StreamListening implements StreamListener {
  readonly #fn: FunctionRuntime;
  readonly #invocation: Invocation;
  readonly #instance: Instance;

  constructor(fn: FunctionRuntime, invocation: Invocation, instance: Instance) {
    this.#fn = fn;
    this.#invocation = invocation;
    this.#instance = instance;
  }

  streamBegins(start: StreamStart): void {
    const invocation = this.#invocation;
    // Only one of our own making sends two.
    if (invocation.streamed) return this.#instance.kill('The instance broke its protocol: a second result.');
    const { responseBytes } = this.#fn.platform.limits;
    invocation.streamed = new StreamedResult(start, invocation.sink, responseBytes);
  }

  streamGoesOn(bytes: Buffer, taken: () => void): void {
    const { summary, streamed, startUs } = this.#invocation;
    if (!streamed)
      return this.#instance.kill('The instance broke its protocol: a result without a beginning.');
    const first = summary.stream === undefined;
    summary.stream ??= { firstByteUs: Math.round(this.#fn.clock.nowUs() - startUs), bytes: 0 };
    streamed.take(bytes, taken);
    summary.stream.bytes = streamed.bytes;
    if (first) this.#fn.changed(this.#invocation);
    const { streamedBytes } = this.#fn.platform.limits;
    if (streamed.passedOn && streamedBytes !== undefined && streamed.bytes > streamedBytes)
      this.#instance.kill(exitReasons.responseSize);
  }
}

/** What came bit by bit and is complete. */
export function streamedOutcome(
  fn: FunctionRuntime,
  invocation: Invocation,
  streamed: StreamedResult,
): Outcome {
  const { body, size } = streamed.result();
  invocation.setResult(body, size);
  const { streamPace } = fn.platform.limits;
  const paced = streamed.bytes - (streamPace?.freeBytes ?? Infinity);
  if (streamPace && streamed.passedOn && paced > 0) {
    const megabytes = (bytes: number) => bytes / 1024 / 1024;
    const seconds = Math.ceil(paced / streamPace.bytesPerSecond);
    const note = phrase(
      '{platform} sends what follows the first {free} MB of a streamed result at {pace} MB per second at most: the rest takes it {seconds} s or more.',
      {
        platform: fn.platform.displayName,
        free: megabytes(streamPace.freeBytes),
        pace: megabytes(streamPace.bytesPerSecond),
        seconds,
      },
    );
    addNote(invocation.summary, note);
  }
  return { kind: 'result', body, streamed: streamed.start };
}

/** Records what the caller of an invocation that failed has got of its result all the same; false: nothing. */
export function keepPassedOn(invocation: Invocation): boolean {
  const { streamed } = invocation;
  if (!streamed?.passedOn) return false;
  const { body, size } = streamed.result();
  invocation.setResult(body, size);
  return true;
}
