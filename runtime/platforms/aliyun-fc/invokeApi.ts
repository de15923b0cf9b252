import type {
  ApiCall,
  ApiEndpoint,
  ApiRequest,
  ApiResult,
  InvokeApi,
  Refusal,
} from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';
import { destinationRecord } from './asyncRecords.ts';
import { catalogAt } from './catalog.ts';
import { errorTypeOf } from './errorType.ts';
import { refusalOf, type ErrorKeys, type NamedAddress } from './invokeRefusals.ts';
import { tailLog } from './tailLog.ts';

/*
 * InvokeFunction of Function Compute 3.0 (2023-03-30) and 2.0 (2016-08-15, 2021-04-06). Signatures are not checked.
 * Sources: published SDKs, FC documentation "Asynchronous invocation".
 */

const version3 = /^\/2023-03-30\/functions\/([^/]+)\/invocations\/?$/;
const version2 = /^\/(?:2016-08-15|2021-04-06)\/services\/([^/]+)\/functions\/([^/]+)\/invocations\/?$/;

/** Bytes of an event. Asynchronous ones: the default quota. */
const limits = { sync: 32 * 1024 * 1024, async: 128 * 1024 };

/** Seconds an asynchronous call may be put off, both ends excluded. */
const delayBelow = 3600;

/** Form of a caller's own task id (API reference "StatefulAsyncInvocation"). */
const taskIdForm = /^[A-Za-z_][A-Za-z0-9_-]{0,127}$/;

/** The version that is called when nobody names one. */
const defaultQualifier = 'LATEST';

const badArgument = (message: string): Refusal => ({ kind: 'invalid', code: 'InvalidArgument', message });

/** The API as the gateway offers it. */
export const invokeApi: InvokeApi = {
  at(path) {
    const three = version3.exec(path);
    if (three) {
      const name = decoded(three[1]!);
      return endpoint({ named: name, names: [name], keys: 'fc3' });
    }
    const two = version2.exec(path);
    if (!two) return undefined;
    const [service, qualifier] = splitService(decoded(two[1]!));
    const name = decoded(two[2]!);
    // Functions of 2.0 are called `service$function` in 3.0; project files of 3.0 know no services at all.
    return endpoint({ named: name, names: [`${service}$${name}`, name], keys: 'fc2', service, qualifier });
  },
  catalogAt,
  retries: {
    attempts: 4,
    // Documented is "with back-off from 0.5 s" for errors of the platform; for those of the function no wait is stated.
    afterFailureMs: (attempt) => 500 * 2 ** (attempt - 1),
    afterThrottleMs: (times) => Math.min(300_000, 500 * 2 ** Math.min(times - 1, 16)),
    maxAgeMs: 24 * 3600_000,
  },
  destinationRecord,
  // "Invocation canceled by client": the instance restarts.
  endsWithCaller: true,
  // SDKs take their endpoint in code: `PORCHLIGHT_GATEWAY`, which every function gets, is the address to give them.
  environment: () => ({}),
};

interface Address extends NamedAddress {
  names: string[];
  qualifier?: string | undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No name has a stray percent sign, so it is not found as it stands.
    return segment;
  }
}

function splitService(text: string): [service: string, qualifier: string | undefined] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
}

function endpoint(address: Address): ApiEndpoint {
  const { names, keys } = address;
  return {
    names,
    // `s local start` of Serverless Devs.
    onlyOne: address.named === 'function',
    read: (request) => readCall(request, request.query.get('qualifier') ?? address.qualifier),
    refuse: (refusal, requestId) => refusalOf(refusal, requestId, address),
    accepted: acceptedCall,
    answer: (result) => answer(result, keys),
  };
}

/** The answer to an asynchronous call. */
export function acceptedCall({ taskId }: ApiCall, requestId: string): GatewayResponse {
  const headers: [string, string][] = [['x-fc-request-id', requestId]];
  if (taskId !== undefined) headers.push(['x-fc-async-task-id', taskId]);
  return { status: 202, headers, body: new Uint8Array() };
}

/** What the headers of a call say. `qualifier`: the version or alias that its address names. */
export function readCall(request: ApiRequest, qualifier = defaultQualifier): ApiCall | Refusal {
  const type = header(request, 'x-fc-invocation-type') ?? 'Sync';
  if (type !== 'Sync' && type !== 'Async')
    return badArgument(`x-fc-invocation-type is "${type}"; it has to be Sync or Async.`);
  const logType = header(request, 'x-fc-log-type') ?? 'None';
  if (logType !== 'None' && logType !== 'Tail')
    return badArgument(`x-fc-log-type is "${logType}"; it has to be None or Tail.`);
  const mode = type === 'Async' ? 'async' : 'sync';
  const delay = header(request, 'x-fc-async-delay');
  const seconds = Number(delay ?? 1);
  if (!(seconds > 0 && seconds < delayBelow))
    return badArgument(
      `x-fc-async-delay is "${delay}"; it has to be between 0 and ${delayBelow} seconds, both excluded.`,
    );
  const taskId =
    header(request, 'x-fc-async-task-id') ?? header(request, 'x-fc-stateful-async-invocation-id');
  if (taskId !== undefined && !taskIdForm.test(taskId))
    return badArgument(
      'x-fc-async-task-id has to begin with a letter or "_" and may hold 128 letters, digits, "_" and "-".',
    );
  const named = qualifier === '' ? defaultQualifier : qualifier;
  return {
    mode,
    limit: mode === 'async' ? limits.async : limits.sync,
    tail: logType === 'Tail' && mode === 'sync',
    facts: named === defaultQualifier ? {} : { qualifier: named },
    notes:
      named === defaultQualifier
        ? []
        : [`Asked for the version "${named}": here there is the code of now only.`],
    // Both are of no effect on synchronous calls.
    ...(mode === 'async' && delay !== undefined ? { delayMs: seconds * 1000 } : {}),
    ...(mode === 'async' && taskId !== undefined ? { taskId } : {}),
  };
}

function header({ headers }: ApiRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Function errors are answered with 200. */
function answer({ call, definition, outcome, record }: ApiResult, keys: ErrorKeys): GatewayResponse {
  const headers: [string, string][] = [
    ['Content-Type', 'application/octet-stream'],
    ['x-fc-request-id', record.id],
    ['x-fc-invocation-duration', String(Math.round(record.durationMs))],
    ['x-fc-max-memory-usage', record.maxMemoryMB.toFixed(2)],
    ['x-fc-instance-id', encodeURI(record.instance?.id ?? '')],
    // The cloud's is a CRC of the package; here it is the hash by which the code of now is known.
    ['x-fc-code-checksum', record.artifact],
    ['x-fc-invocation-code-version', 'LATEST'],
    keys === 'fc2'
      ? ['x-fc-invocation-service-version', 'LATEST']
      : ['x-fc-invocation-function-version', 'LATEST'],
  ];
  if (outcome.kind === 'error') headers.push(['x-fc-error-type', errorTypeOf(outcome)]);
  if (call.tail) headers.push(['x-fc-log-result', tailLog(record, definition)]);
  return { status: 200, headers, body: outcome.body };
}
