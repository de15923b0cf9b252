import type { InvocationError } from '../../model/invocationRecord.ts';
import type { PlatformFault, StartFailure } from '../../model/platform.ts';
import type { LanguageId } from '../../model/words.ts';
import { phpErrorBody } from './phpErrors.ts';
import { pythonErrorBody } from './pythonErrors.ts';

/** Types of errors that the platform states in its metrics but not in the body (FC documentation "Request metrics"). */
const ofThePlatform = new Set([
  'FunctionTimeoutError',
  'FunctionOOMError',
  'FunctionUnhandledError',
  'BadResponse',
  'FunctionNotStarted',
  'CAExited',
]);

/** What a caller is told when the platform ended an invocation; texts as Function Compute writes them. */
export function fault(fault: PlatformFault): InvocationError {
  const memory = `maxMemoryUsage: ${Math.round(fault.maxMemoryMB)}MB`;
  if (fault.kind === 'timeout') {
    const message = `Function timed out after ${fault.timeoutMs / 1000} seconds (${memory})`;
    return { type: 'FunctionTimeoutError', message, stack: [] };
  }
  if (fault.kind === 'tooLarge') {
    // The code is that of the API's answer 502; the text is ours, as the cloud's is not published.
    const message = `The response of ${fault.bytes} bytes exceeds the limit of ${fault.limit} bytes (${memory})`;
    return { type: 'BadResponse', message, stack: [] };
  }
  if (fault.kind === 'start') return startFault(fault.failure);
  const type = fault.kind === 'oom' ? 'FunctionOOMError' : 'FunctionUnhandledError';
  const duration = `duration: ${Math.round(fault.durationMs)}ms`;
  const message = `Process exited unexpectedly before completing request (${duration}, ${memory})`;
  return { type, message, stack: [] };
}

/** What the cloud's system calls failures of a start (FC documentation "Custom runtime FAQ"). */
const systemWords: Partial<Record<number, string>> = {
  1: 'operation not permitted',
  2: 'no such file or directory',
  8: 'exec format error',
  13: 'permission denied',
};

/** Why the server of a custom runtime did not come to serve. */
function startFault({
  why,
  command,
  program,
  byDefault,
  port,
  waitedMs = 0,
  ...end
}: StartFailure): InvocationError {
  const logs = `Logs:${end.output}`;
  if (why === 'silent') {
    const message = `Function instance health check failed on port ${port} in ${waitedMs / 1000} seconds.\n${logs}`;
    return { type: 'FunctionNotStarted', message, stack: [] };
  }
  if (why === 'missing' && byDefault) {
    const message = `The function cannot be started. Failed to start function instance. Error: the file ${program} is not exist`;
    return { type: 'FunctionNotStarted', message, stack: [] };
  }
  const codes = {
    missing: 2,
    denied: 13,
    format: 8,
    // It has no extensions.
    extension: 0,
    exited: end.code ?? (end.signal === 'SIGKILL' ? 137 : 0),
  };
  const code = codes[why];
  const words = systemWords[code] ?? (end.signal === null ? 'exited' : `signal: ${end.signal}`);
  const message = `Function instance exited unexpectedly(code ${code}, message:${words}) with start command '${command} '. ${logs}`;
  return { type: 'CAExited', message, stack: [] };
}

/** What Function Compute calls faults that are found here before any code runs, and there while it loads. */
const foundEarlier: Partial<Record<string, string>> = { MODULE_MISSING: 'ImportModuleError' };

/** The body of an invoke answer: errors of the platform itself carry a message only. */
export function errorBody(error: InvocationError, language?: LanguageId): Uint8Array {
  if (language === 'python' && !ofThePlatform.has(error.type)) {
    return Buffer.from(pythonErrorBody(error), 'utf8');
  }
  if (language === 'php' && !ofThePlatform.has(error.type)) {
    return Buffer.from(phpErrorBody(error), 'utf8');
  }
  const body = ofThePlatform.has(error.type)
    ? { errorMessage: error.message }
    : {
        errorMessage: error.message,
        errorType: foundEarlier[error.type] ?? error.type,
        stackTrace: error.stack,
      };
  return Buffer.from(JSON.stringify(body), 'utf8');
}
