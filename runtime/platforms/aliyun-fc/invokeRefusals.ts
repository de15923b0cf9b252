import type { Refusal } from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';

/** How error bodies spell their keys: 3.0 `Code`, `Message`, `RequestId`; 2.0 `ErrorCode`, `ErrorMessage`. */
export type ErrorKeys = 'fc3' | 'fc2';

/** The function as its caller wrote it; `service`: of 2.0. */
export interface NamedAddress {
  named: string;
  service?: string | undefined;
  keys: ErrorKeys;
}

interface ApiError {
  status: number;
  code: string;
  message: string;
}

/** What Function Compute answers to a call that it does not carry out. */
export function refusalOf(refusal: Refusal, requestId: string, address: NamedAddress): GatewayResponse {
  const { keys } = address;
  const { status, code, message } = errorOf(refusal, address);
  const body =
    keys === 'fc2'
      ? { ErrorCode: code, ErrorMessage: message }
      : { Code: code, Message: message, RequestId: requestId };
  return {
    status,
    headers: [
      ['Content-Type', 'application/json'],
      ['x-fc-request-id', requestId],
      // Clients look here to tell an error of the platform from one of the function.
      ['x-fc-error-type', 'FcCommonError'],
    ],
    body: Buffer.from(JSON.stringify(body), 'utf8'),
  };
}

/** The service of 2.0 that is not there: no function of a project that has services is of it. */
function missingService(known: string[], service: string | undefined): string | undefined {
  if (service === undefined || !known.some((name) => name.includes('$'))) return undefined;
  return known.some((name) => name.startsWith(`${service}$`)) ? undefined : service;
}

function errorOf(refusal: Refusal, address: NamedAddress): ApiError {
  const { named } = address;
  switch (refusal.kind) {
    case 'method': {
      const message = `'${refusal.method}' against this path is not supported; use POST.`;
      return { status: 400, code: 'PathNotSupported', message };
    }
    case 'forbidden':
      return { status: 403, code: 'AccessDenied', message: refusal.detail };
    case 'unknownFunction': {
      const service = missingService(refusal.known, address.service);
      const known = refusal.known.length > 0 ? refusal.known.join(', ') : 'none';
      const message =
        `${service === undefined ? `function '${named}'` : `service '${service}'`} does not exist. Porchlight at ${refusal.gateway} was asked, not the cloud; its functions: ${known}. ` +
        'To call the one in the cloud, give the client the endpoint of your account.';
      return { status: 404, code: service === undefined ? 'FunctionNotFound' : 'ServiceNotFound', message };
    }
    case 'invalid':
      return { status: 400, code: refusal.code, message: refusal.message };
    case 'notJson':
      return { status: 400, code: 'InvalidArgument', message: refusal.detail };
    case 'tooLarge': {
      const message = `payload size exceeds maximum allowed size (${refusal.limit} bytes)`;
      return { status: 400, code: 'EntityTooLarge', message };
    }
    case 'throttled': {
      const message = 'The number of concurrent requests exceeds the limit of this function.';
      return { status: 429, code: 'ResourceExhausted', message };
    }
    case 'recursion':
      // Function Compute documents no such check; not one of the codes that clients repeat by themselves.
      return { status: 400, code: 'LimitExceededError', message: refusal.detail };
    case 'taskExists': {
      // The status is documented, the code's exact spelling unverified.
      const message = `async task '${refusal.taskId}' already exists`;
      return { status: 409, code: 'AsyncTaskAlreadyExists', message };
    }
    case 'internal':
      return { status: 500, code: 'InternalServerError', message: refusal.detail };
  }
}
