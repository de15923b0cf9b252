import type { Refusal } from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';

/** Exceptions whose body spells `message` small alone; others have both, as SDKs read either (service model of Lambda). */
const small = new Set([
  'InvalidParameterValueException',
  'InvalidRequestContentException',
  'RequestTooLargeException',
  'TooManyRequestsException',
  'ValidationException',
]);

interface Exception {
  status: number;
  type: string;
  message: string;
  reason?: string;
}

/** What Lambda answers to a call that it does not carry out; `named` is the function as the caller wrote it. */
export function refusalOf(refusal: Refusal, requestId: string, named: string): GatewayResponse {
  const { status, type, message, reason } = exceptionOf(refusal, named);
  const body = {
    ...(reason === undefined ? {} : { Reason: reason }),
    Type: status >= 500 ? 'Service' : 'User',
    ...(small.has(type) ? {} : { Message: message }),
    message,
  };
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-amzn-RequestId', requestId],
      ['x-amzn-ErrorType', type],
    ],
    body: Buffer.from(JSON.stringify(body), 'utf8'),
  };
}

function exceptionOf(refusal: Refusal, named: string): Exception {
  switch (refusal.kind) {
    case 'method':
      return { status: 405, type: 'MethodNotAllowedException', message: `Use POST, not ${refusal.method}.` };
    case 'forbidden':
      return { status: 403, type: 'AccessDeniedException', message: refusal.detail };
    case 'unknownFunction':
      return { status: 404, type: 'ResourceNotFoundException', message: notFound(refusal, named) };
    case 'invalid':
      return { status: 400, type: refusal.code, message: refusal.message };
    case 'notJson': {
      const message = `Could not parse request body into json: ${refusal.detail}`;
      return { status: 400, type: 'InvalidRequestContentException', message };
    }
    case 'tooLarge':
      return { status: 413, type: 'RequestTooLargeException', message: tooLarge(refusal) };
    case 'throttled':
      return {
        status: 429,
        type: 'TooManyRequestsException',
        message: 'Rate Exceeded.',
        reason: 'ConcurrentInvocationLimitExceeded',
      };
    case 'recursion': {
      const message =
        "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.";
      const detail = `${message} (Porchlight: ${refusal.detail})`;
      return { status: 400, type: 'RecursiveInvocationException', message: detail };
    }
    case 'taskExists':
    case 'internal': {
      const message = refusal.kind === 'internal' ? refusal.detail : `The id ${refusal.taskId} is taken.`;
      return { status: 500, type: 'ServiceException', message };
    }
  }
}

/** In Lambda's words first; then who was asked, as a caller may well have meant the real cloud. */
function notFound({ known, gateway }: Extract<Refusal, { kind: 'unknownFunction' }>, named: string): string {
  const functions = known.length > 0 ? known.join(', ') : 'none';
  return (
    `Function not found: ${named}. Porchlight at ${gateway} was asked, not AWS; its Lambda functions: ${functions}. ` +
    'To call the one in the cloud, put AWS_ENDPOINT_URL_LAMBDA= (empty) and your credentials into .env.'
  );
}

function tooLarge({ bytes, limit, mode }: Extract<Refusal, { kind: 'tooLarge' }>): string {
  return mode === 'async'
    ? `${bytes} byte payload is too large for the Event invocation type (limit ${limit} bytes)`
    : `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
}
