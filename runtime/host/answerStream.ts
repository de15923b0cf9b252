import type { ServerResponse } from 'node:http';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { GatewayResponse, Outcome } from '../model/platform.ts';
import type { AnswerPart, ResultSink, StreamForm, StreamStart } from '../model/resultStream.ts';

type Head = Omit<GatewayResponse, 'body'>;

/** An HTTP answer as the place where a result goes while it is made. */
export class AnswerStream implements ResultSink {
  readonly #response: ServerResponse;
  readonly #formOf: (start: StreamStart) => StreamForm | undefined;
  readonly #withHeaders: (head: Head) => Head;
  #form: StreamForm | undefined;
  /** What waits for the caller to read on. */
  #waiting: (() => void)[] = [];

  /**
   * `formOf`: the form in which the caller gets a result while it is made; undefined: it gets it in one piece.
   * `withHeaders`: what the trigger makes of its head.
   */
  constructor(
    response: ServerResponse,
    formOf: (start: StreamStart) => StreamForm | undefined,
    withHeaders: (head: Head) => Head = (head) => head,
  ) {
    this.#response = response;
    this.#formOf = formOf;
    this.#withHeaders = withHeaders;
  }

  /** A result is being passed on. */
  get begun(): boolean {
    return this.#form !== undefined;
  }

  begin(start: StreamStart): boolean {
    this.#form = this.#formOf(start);
    if (!this.#form) return false;
    const release = () => {
      for (const taken of this.#waiting.splice(0)) taken();
    };
    this.#response.on('drain', release);
    // A caller that is gone holds nobody up.
    this.#response.once('close', release);
    this.#put(this.#form.begin());
    return true;
  }

  write(bytes: Uint8Array, taken: () => void): void {
    const goesOn = this.#put(this.#form!.take(bytes));
    if (goesOn || this.#response.destroyed) taken();
    else this.#waiting.push(taken);
  }

  /** Ends the answer. False: nothing has been sent, and the outcome is answered like any other. */
  end(outcome: Outcome, record?: InvocationRecord): boolean {
    if (!this.#form) return false;
    const last = this.#form.end(outcome, record);
    if (last) {
      this.#put(last);
      this.#response.end();
      return true;
    }
    if (!this.#response.headersSent) return false;
    // The caller gets what came so far, and has to notice that it is no whole answer.
    this.#response.socket?.destroySoon();
    return true;
  }

  /** Whether more may follow at once. */
  #put({ head, body }: AnswerPart): boolean {
    const response = this.#response;
    if (response.destroyed) return true;
    if (head) {
      writeHead(response, this.#withHeaders(head));
      response.flushHeaders();
    }
    return body && body.byteLength > 0 ? response.write(body) : true;
  }
}

/** Status and headers of an answer whose body follows in parts. */
function writeHead(response: ServerResponse, { status, headers }: Head): void {
  // As a list, so that several of a name stay several. The length is not known, and Node says so by itself.
  const kept = headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  response.writeHead(status, kept.flat());
}
