import type { InvocationError } from '../../model/invocationRecord.ts';
import { pythonFrames } from '../pythonTrace.ts';

/** Errors of the platform itself look alike whatever the language. */
const ofThePlatform = /^(Sandbox\.|Function\.|Runtime\.ExitError$)/;

/** The body of an invoke answer for an error of Python code; undefined when it is the platform's own. */
export function pythonErrorBody(error: InvocationError): object | undefined {
  if (ofThePlatform.test(error.type)) return undefined;
  return {
    errorMessage: error.message,
    errorType: error.type,
    requestId: '',
    stackTrace: pythonFrames(error.stack),
  };
}

/** What the Python runtime interface client writes for an error: one entry, its lines ended by carriage returns. */
export function pythonFailureLine(error: InvocationError): string {
  const lines = pythonFrames(error.stack).flatMap((frame) => frame.trimEnd().split('\n'));
  const indented = lines.map((line) => line.replace(/^ +/, (spaces) => '\u00a0'.repeat(spaces.length)));
  return [`[ERROR] ${error.type}: ${error.message}`, 'Traceback (most recent call last):', ...indented].join(
    '\r',
  );
}
