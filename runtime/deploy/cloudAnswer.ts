import { jsonIn } from '../support/jsonValue.ts';
import type { CallFacts, Verification } from './target.ts';

/** Longer results are neither shown nor compared. */
const shownBytes = 6 * 1024 * 1024;
const shownCharacters = 1000;

/** What came back from a cloud that calls functions itself. */
export interface CloudAnswer {
  body: Buffer;
  durationMs: number;
  startKind?: string;
  /** What the cloud calls the error; absent of results. */
  errorKind?: string | undefined;
  /** What it said of the call itself. */
  call?: CallFacts;
}

export interface ErrorRules {
  /** Whether the handler was reached: otherwise the code could not be loaded, or its process ended. */
  reached(type: string, message: string): boolean;
  /** In messages of calls that took too long. */
  timedOut: RegExp;
}

/** What a call came to. Bodies of errors are JSON with type and message, or whatever a runtime or a proxy makes of them. */
export function verificationOf(
  { body, errorKind, ...times }: CloudAnswer,
  { reached, timedOut }: ErrorRules,
): Verification {
  if (errorKind === undefined) {
    const isShown = body.length <= shownBytes;
    return {
      answered: true,
      status: 'ok',
      ...times,
      body,
      ...(isShown && { result: body.toString('utf8') }),
    };
  }
  const told = toldIn(body.toString('utf8', 0, shownBytes));
  const type = textOf(told.errorType) ?? errorKind;
  const words = textOf(told.errorMessage) ?? body.toString('utf8', 0, shownCharacters * 4);
  const message = words.slice(0, shownCharacters);
  const isLate = timedOut.test(message);
  return {
    answered: !isLate && reached(type, message),
    status: isLate ? 'timeout' : 'error',
    ...times,
    body,
    error: { type, message },
    message: `${type}: ${message}`,
  };
}

/** What a runtime's own form says; nothing of any other. */
function toldIn(text: string): { errorType?: unknown; errorMessage?: unknown } {
  const value = jsonIn(text);
  return typeof value === 'object' && value !== null ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
