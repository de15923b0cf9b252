import type { InvocationError } from '../../model/invocationRecord.ts';
import type { PlatformFault } from '../../model/platform.ts';
import { endOf, startReason } from '../containerEnds.ts';

/** What became of an invocation that its function did not answer, by the type of its error. */
export const faultTypes = {
  timeout: 'ExecTimeout',
  exit: 'ProcessExited',
  oom: 'OOMKilled',
  tooLarge: 'ResponseTooLarge',
  start: 'FunctionNotReady',
} as const;

/** What is told of an invocation that the watchdog, not the code, ended. */
export function fault(fault: PlatformFault): InvocationError {
  return { type: faultTypes[fault.kind], message: messageOf(fault), stack: [] };
}

function messageOf(fault: PlatformFault): string {
  switch (fault.kind) {
    case 'timeout':
      return `The function did not answer within its ${fault.timeoutMs / 1000} s (exec_timeout).`;
    case 'oom':
      return `The function used more than its ${fault.memoryMB} MB of memory and was killed.`;
    case 'exit':
      return `The function's process ended (${endOf(fault)}) before it had answered.`;
    case 'tooLarge':
      return `The answer of ${fault.bytes} bytes exceeds the ${fault.limit} bytes that are kept here.`;
    case 'start':
      return `The function is not ready: ${startReason(fault.failure, 'upstream_url has to name the port of the server.')}`;
  }
}

/** The body an invoke caller gets: what failed, in words. */
export function errorBody({ message }: InvocationError): Uint8Array {
  return Buffer.from(message, 'utf8');
}
