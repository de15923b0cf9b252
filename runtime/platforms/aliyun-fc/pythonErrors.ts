import type { InvocationError } from '../../model/invocationRecord.ts';
import { pythonFrames } from '../pythonTrace.ts';

/** What the runtime says of code that it cannot load: the last words of the traceback alone. */
const whileLoading = new Set([
  'ImportModuleError',
  'UserCodeSyntaxError',
  'UserCodeError',
  'InvalidHandleName',
  'HandlerNotFound',
]);

/** The body for an error of Python code, as its runtime writes it: sorted, and indented by four. */
export function pythonErrorBody(error: InvocationError): string {
  const loading = whileLoading.has(error.type);
  const frames = pythonFrames(error.stack);
  const stackTrace = loading ? lastWords(frames) : frames.map(frameParts);
  const body = {
    errorMessage: error.message,
    errorType: error.type,
    ...(stackTrace.length > 0 && { stackTrace }),
  };
  return JSON.stringify(body, undefined, 4);
}

/** File, line, function, and the line's text. */
function frameParts(frame: string): string[] {
  const [head = '', text = ''] = frame.trim().split('\n');
  return [...head.split(',').map((part) => part.trim()), ...(text.trim() ? [text.trim()] : [])];
}

function lastWords(frames: string[]): string[] {
  const [first = '', ...rest] = (frames.at(-1) ?? '').split('\n');
  const lines = rest.map((line) => line.replaceAll('^', '').trim()).filter((line) => line !== '');
  return [...first.split(',').map((part) => part.trim()), ...lines].filter((part) => part !== '');
}
