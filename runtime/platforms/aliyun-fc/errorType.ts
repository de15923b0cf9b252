import type { InvocationError } from '../../model/invocationRecord.ts';
import type { FailureCategory } from '../../model/platform.ts';

/** The API's word for a function error. Which callback errors count as handled is unverified; here all that were given to the callback. */
export function errorTypeOf({
  category,
  error,
}: {
  category: FailureCategory;
  error: InvocationError;
}): string {
  if (category === 'handled') return 'HandledInvocationError';
  if (category === 'initialization') return 'InitializationError';
  // The server of a custom runtime says by itself that it failed.
  return error.type === 'InvocationError' ? error.type : 'UnhandledInvocationError';
}
