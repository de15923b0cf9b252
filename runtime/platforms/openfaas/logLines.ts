import type { InvocationError } from '../../model/invocationRecord.ts';
import type { FailureFacts } from '../../model/platform.ts';

/** What a template writes for an error of its handler: the Node.js ones print it. */
export function failureLines(
  { stack, type, message }: InvocationError,
  { from, language }: FailureFacts,
): string[] {
  if (from !== 'handler' || (language !== undefined && language !== 'nodejs')) return [];
  return [stack.length > 0 ? stack.join('\n') : `${type}: ${message}`];
}
