import type { InvocationError } from '../../model/invocationRecord.ts';
import type { FailureFacts } from '../../model/platform.ts';

/** What the function's server writes for an error; the platform itself writes nothing about requests. */
export function failureLines({ type, message }: InvocationError, { from, language }: FailureFacts): string[] {
  if (language !== undefined && language !== 'nodejs') return [];
  return from === 'handler' ? [`Error processing user function: "${type}: ${message}"`] : [];
}
