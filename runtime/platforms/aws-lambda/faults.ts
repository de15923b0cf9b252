import { constants } from 'node:os';
import type { InvocationError } from '../../model/invocationRecord.ts';
import type { PlatformFault, StartFailure } from '../../model/platform.ts';
import type { LanguageId } from '../../model/words.ts';
import { pythonErrorBody } from './pythonErrors.ts';

/** What a caller is told when the platform ended an invocation; types and texts as Lambda and its emulator write them. */
export function fault(fault: PlatformFault): InvocationError {
  const subject = `RequestId: ${fault.requestId} Error:`;
  if (fault.kind === 'timeout') {
    const message = `${subject} Task timed out after ${(fault.timeoutMs / 1000).toFixed(2)} seconds`;
    return { type: 'Sandbox.Timedout', message, stack: [] };
  }
  if (fault.kind === 'tooLarge') {
    const message = `Response payload size exceeded maximum allowed payload size (${fault.limit} bytes).`;
    return { type: 'Function.ResponseSizeTooLarge', message, stack: [] };
  }
  if (fault.kind === 'start') return startFault(fault.failure, subject);
  return exitFault(fault, subject);
}

function exitFault(
  fault: Extract<PlatformFault, { kind: 'exit' | 'oom' }> | (StartFailure & { kind: 'exit' }),
  subject: string,
): InvocationError {
  const reason = fault.kind === 'oom' ? 'signal: killed' : exitReason(fault.code, fault.signal);
  const message = reason === undefined ? 'exited without providing a reason' : `exited with error: ${reason}`;
  return { type: 'Runtime.ExitError', message: `${subject} Runtime ${message}`, stack: [] };
}

/** Why a program did not come to serve. Lambda knows no servers: what is said of one that does not listen is ours. */
function startFault(failure: StartFailure, subject: string): InvocationError {
  const { why, command, program, byDefault, port, waitedMs = 0 } = failure;
  const invalid = (detail: string) => ({
    type: 'Runtime.InvalidEntrypoint',
    message: `${subject} ${detail}`,
    stack: [],
  });
  switch (why) {
    case 'missing':
      return invalid(
        byDefault
          ? `Couldn't find valid bootstrap(s): [${program}]`
          : `fork/exec ${program}: no such file or directory`,
      );
    case 'denied':
      return invalid(`fork/exec ${program}: permission denied`);
    case 'format':
      return invalid(`fork/exec ${program}: exec format error`);
    case 'extension': {
      const { type = 'Extension.Crash', message = '' } = failure.extension ?? {};
      return { type, message: `${subject} ${message}`, stack: [] };
    }
    case 'exited':
      return exitFault({ ...failure, kind: 'exit' }, subject);
    case 'silent': {
      const message = `${command} did not listen on port ${port} within ${waitedMs / 1000} s. Its server has to use the port that the variable PORT names.`;
      return { type: 'Runtime.NotListening', message, stack: [] };
    }
  }
}

/** Signals as Go, in which the platform is written, spells them; others by number. */
const signalWords: Record<string, string> = {
  SIGABRT: 'aborted',
  SIGBUS: 'bus error',
  SIGFPE: 'floating point exception',
  SIGHUP: 'hangup',
  SIGILL: 'illegal instruction',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGTRAP: 'trace/breakpoint trap',
};

function exitReason(code: number | null, signal: string | null): string | undefined {
  if (signal !== null) {
    const number = constants.signals[signal as NodeJS.Signals] as number | undefined;
    return `signal: ${signalWords[signal] ?? number ?? signal}`;
  }
  return code === 0 || code === null ? undefined : `exit status ${code}`;
}

/** What Lambda calls faults that are found here before any code runs, and there while it loads. */
const foundEarlier: Partial<Record<string, string>> = {
  HANDLER_INVALID: 'Runtime.MalformedHandlerName',
  MODULE_MISSING: 'Runtime.ImportModuleError',
};

/** The body of an invoke answer. */
export function errorBody(error: InvocationError, language?: LanguageId): Uint8Array {
  const ofPython = language === 'python' ? pythonErrorBody(error) : undefined;
  const body = ofPython ?? {
    errorType: foundEarlier[error.type] ?? error.type,
    errorMessage: error.message,
    // The key of each runtime's own client.
    ...(error.stack.length > 0 && { [language === 'custom' ? 'stackTrace' : 'trace']: error.stack }),
  };
  return Buffer.from(JSON.stringify(body), 'utf8');
}
