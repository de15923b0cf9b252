import type { InvocationError } from '../../model/invocationRecord.ts';
import type { PlatformFault, StartFailure } from '../../model/platform.ts';

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
      return startMessage(fault.failure);
  }
}

const endOf = ({ code, signal }: { code: number | null; signal: string | null }): string =>
  signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`;

function startMessage({ why, command, port, waitedMs = 0, output, ...end }: StartFailure): string {
  const said = output ? ` It printed:\n${output}` : '';
  const reasons: Record<StartFailure['why'], string> = {
    missing: `there is no "${command}".`,
    denied: `"${command}" may not be run.`,
    format: `"${command}" is no program for this machine.`,
    exited: `"${command}" ended (${endOf(end)}) before it listened.`,
    silent: `nothing answers on port ${port} after ${waitedMs / 1000} s; upstream_url has to name the port of the server.`,
  };
  return `The function is not ready: ${reasons[why]}${said}`;
}

/** The body an invoke caller gets: what failed, in words. */
export function errorBody({ message }: InvocationError): Uint8Array {
  return Buffer.from(message, 'utf8');
}
