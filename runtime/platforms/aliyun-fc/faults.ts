import type { InvocationError } from '../../model/invocationRecord.ts';
import type { PlatformFault } from '../../model/platform.ts';

/** Types of errors that the platform states in its metrics but not in the body (FC documentation "Request metrics"). */
const ofThePlatform = new Set(['FunctionTimeoutError', 'FunctionOOMError', 'FunctionUnhandledError']);

/** What a caller is told when the platform ended an invocation; texts as Function Compute writes them. */
export function fault(fault: PlatformFault): InvocationError {
  const memory = `maxMemoryUsage: ${Math.round(fault.maxMemoryMB)}MB`;
  if (fault.kind === 'timeout') {
    const message = `Function timed out after ${fault.timeoutMs / 1000} seconds (${memory})`;
    return { type: 'FunctionTimeoutError', message, stack: [] };
  }
  const type = fault.kind === 'oom' ? 'FunctionOOMError' : 'FunctionUnhandledError';
  const duration = `duration: ${Math.round(fault.durationMs)}ms`;
  const message = `Process exited unexpectedly before completing request (${duration}, ${memory})`;
  return { type, message, stack: [] };
}

/** The body of an invoke answer: errors of the platform itself carry a message only. */
export function errorBody(error: InvocationError): Uint8Array {
  const body = ofThePlatform.has(error.type)
    ? { errorMessage: error.message }
    : { errorMessage: error.message, errorType: error.type, stackTrace: error.stack };
  return Buffer.from(JSON.stringify(body), 'utf8');
}
