import type { InvocationError } from '../../model/invocationRecord.ts';

/** The body for an error of PHP code that no contract in an instance could write: it did not come to run. */
export function phpErrorBody(error: InvocationError): string {
  const { type, message, stack, at } = error;
  const frames = stack.filter((line) => /^#\d+ /.test(line));
  return JSON.stringify({
    errorMessage: message,
    errorType: type,
    ...(at && { stackTrace: { file: at.file, line: at.line, traceString: frames.join('\n') } }),
  });
}
