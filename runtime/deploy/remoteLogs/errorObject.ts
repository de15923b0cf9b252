import type { InvocationError } from '../../model/invocationRecord.ts';
import { jsonIn } from '../../support/jsonValue.ts';

/** The object a text is in JSON; undefined when it is none. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  // Most lines are none.
  const value = text.startsWith('{') ? jsonIn(text) : undefined;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}

/** Frames that are kept of a stack. */
const mostFrames = 100;

/** An error as runtimes of both clouds write it (`errorType`, `errorMessage`, `stack` or `stackTrace`). */
export function errorIn(value: unknown): InvocationError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { errorType, errorMessage, stack, stackTrace } = value as Record<string, unknown>;
  if (typeof errorType !== 'string' && typeof errorMessage !== 'string') return undefined;
  return {
    type: typeof errorType === 'string' ? errorType : '',
    message: typeof errorMessage === 'string' ? errorMessage : '',
    stack: framesIn(stack ?? stackTrace),
  };
}

/** Lines of a stack: of texts, of lists of texts, and of Go's objects. */
function framesIn(stack: unknown): string[] {
  if (typeof stack === 'string') return stackLines(stack);
  if (!Array.isArray(stack)) return [];
  return stack
    .slice(0, mostFrames)
    .flatMap((frame: unknown): string[] => {
      if (typeof frame === 'string') return stackLines(frame);
      const { path, line, label } = (frame ?? {}) as Record<string, unknown>;
      if (typeof path !== 'string' || typeof line !== 'number') return [];
      return [`    at ${typeof label === 'string' ? label : '<anonymous>'} (${path}:${line}:1)`];
    })
    .slice(0, mostFrames);
}

/** A stack line by line, with the blanks back that a runtime replaced so that a log keeps them. */
export function stackLines(text: string): string[] {
  return text
    .replaceAll('\u00a0', ' ')
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== '')
    .slice(0, mostFrames);
}
