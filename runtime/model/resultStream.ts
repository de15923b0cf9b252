import type { InvocationRecord } from './invocationRecord.ts';
import type { GatewayResponse, Outcome } from './platform.ts';

/* Results that are passed on while they are made. */

/** How such a result begins. */
export interface StreamStart {
  /** Media type that the code states for it. */
  contentType?: string;
  /** Status and headers, when the function is an HTTP server: what follows is the body alone. */
  web?: { status: number; headers: [name: string, value: string][] };
}

/** Where a result goes while it is made. */
export interface ResultSink {
  /** One begins to come. False: it is wanted in one piece, when it is complete. */
  begin(start: StreamStart): boolean;
  /** `taken` has to be called once the bytes have left: only so much is made ahead of that. */
  write(bytes: Uint8Array, taken: () => void): void;
}

/** The next part of an answer: its head when that is known, and bytes of its body. */
export interface AnswerPart {
  head?: Omit<GatewayResponse, 'body'>;
  body?: Uint8Array;
}

/** The form in which a platform passes a result on. Pure, of one answer. */
export interface StreamForm {
  begin(): AnswerPart;
  take(bytes: Uint8Array): AnswerPart;
  /**
   * What ends the answer. Undefined: it does not end in good order. One whose head is not out yet is then given as if
   * nothing had been passed on, any other is cut off.
   */
  end(outcome: Outcome, record: InvocationRecord | undefined): AnswerPart | undefined;
}

/**
 * The form of bytes that are passed on as they are. Their head goes with the first of them, or `atOnce`; whoever has it
 * has an answer that can only be cut off.
 */
export function asItComes(head: Omit<GatewayResponse, 'body'>, atOnce = false): StreamForm {
  let sent = false;
  const once = (): AnswerPart => {
    if (sent) return {};
    sent = true;
    return { head };
  };
  return {
    begin: () => (atOnce ? once() : {}),
    take: (body) => ({ ...once(), body }),
    end: ({ kind }) => (kind === 'result' ? once() : undefined),
  };
}
