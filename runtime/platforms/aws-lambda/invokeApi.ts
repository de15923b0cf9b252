import type {
  ApiCall,
  ApiEndpoint,
  ApiRequest,
  ApiResult,
  InvokeApi,
  Refusal,
} from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';
import { catalogAt } from './catalog.ts';
import { deadLetter, destinationRecord } from './asyncRecords.ts';
import { commonHeaders, executedVersion, streamedWhole, streamForm } from './invokeStream.ts';
import { isQualifier, readFunctionName, type NamedFunction } from './functionName.ts';
import { refusalOf } from './invokeRefusals.ts';
import { callerPrefix } from './trace.ts';
import { tailLog } from './tailLog.ts';

/* The Invoke API of AWS Lambda (API reference "Invoke", "InvokeWithResponseStream"). Signatures are not checked. */

const paths = [
  { form: /^\/2015-03-31\/functions\/([^/]+)\/invocations\/?$/, streams: false },
  { form: /^\/2021-11-15\/functions\/([^/]+)\/response-streaming-invocations\/?$/, streams: true },
];

/** Bytes of an event: 6 MB, which results may exceed by a hundred; of asynchronous ones a megabyte since 2025. */
const limits = { sync: 6_291_456, async: 1_048_576 };

/** Bytes of the client context as sent. */
const clientContextBytes = 3583;

const invalid = (code: string, message: string): Refusal => ({ kind: 'invalid', code, message });
const badParameter = (message: string): Refusal => invalid('InvalidParameterValueException', message);

/** The API as the gateway offers it. */
export const invokeApi: InvokeApi = {
  at(path) {
    for (const { form, streams } of paths) {
      const match = form.exec(path);
      if (match) return endpoint(decoded(match[1]!), streams);
    }
    return undefined;
  },
  catalogAt,
  retries: {
    attempts: 3,
    // The cloud waits one minute, then two (developer guide "Asynchronous invocation"): a sixtieth of it here.
    afterFailureMs: (attempt) => attempt * 1000,
    // From one second, doubled up to five minutes, for six hours.
    afterThrottleMs: (times) => Math.min(300_000, 1000 * 2 ** Math.min(times - 1, 16)),
    maxAgeMs: 6 * 3600_000,
  },
  destinationRecord,
  deadLetter,
  // Lambda does not notice that a caller hung up.
  endsWithCaller: false,
  environment({ gateway, user, hasHomeFile, hasQueues }) {
    const directed = 'AWS_ENDPOINT_URL_LAMBDA' in user || 'AWS_ENDPOINT_URL' in user;
    const queuesDirected = 'AWS_ENDPOINT_URL_SQS' in user || 'AWS_ENDPOINT_URL' in user;
    const credentials =
      Object.keys(user).some((name) => credentialVariables.has(name)) ||
      hasHomeFile('.aws/credentials') ||
      hasHomeFile('.aws/config');
    return {
      ...(directed ? {} : { AWS_ENDPOINT_URL_LAMBDA: gateway }),
      ...(hasQueues && !queuesDirected ? { AWS_ENDPOINT_URL_SQS: gateway } : {}),
      ...(credentials ? {} : placeholderCredentials),
    };
  },
  callerPrefix,
};

/** Any of these means that the user has said where credentials come from. */
const credentialVariables = new Set([
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
]);

/** SDKs refuse to send an unsigned request even to a gateway that does not look; to AWS itself these are worth nothing. */
const placeholderCredentials = {
  AWS_ACCESS_KEY_ID: 'PORCHLIGHTPLACEHOLDER',
  AWS_SECRET_ACCESS_KEY: 'porchlight-placeholder-no-secret',
  // Those of a role have one, and code passes it on.
  AWS_SESSION_TOKEN: 'porchlight-placeholder-no-token',
};

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No name has a stray percent sign, so this one is refused as it stands.
    return segment;
  }
}

function endpoint(text: string, streams: boolean): ApiEndpoint {
  const named = readFunctionName(text);
  return {
    names: named ? [named.name] : [],
    // AWS's runtime interface emulator.
    onlyOne: text === 'function',
    read: (request) => read(request, text, named, streams),
    refuse: (refusal, requestId) => refusalOf(refusal, requestId, text),
    accepted: ({ mode }, requestId) => ({
      status: mode === 'dryRun' ? 204 : 202,
      headers: commonHeaders(requestId),
      body: new Uint8Array(),
    }),
    answer: (result) => (streams ? streamedWhole(result) : buffered(result)),
    ...(streams && { stream: streamForm }),
  };
}

function read(
  request: ApiRequest,
  text: string,
  named: NamedFunction | undefined,
  streams: boolean,
): ApiCall | Refusal {
  if (!named) {
    const detail = 'Member must be a function name, an ARN or a partial ARN';
    return invalid(
      'ValidationException',
      `1 validation error detected: '${text}' at 'functionName': ${detail}`,
    );
  }
  const qualifier = request.query.get('Qualifier') ?? named.qualifier;
  if (qualifier !== undefined && !isQualifier(qualifier)) {
    return invalid(
      'ValidationException',
      `1 validation error detected: '${qualifier}' at 'qualifier' is no version or alias`,
    );
  }
  if (named.qualifier !== undefined && qualifier !== named.qualifier) {
    return badParameter(
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  }
  const type = single(request, 'x-amz-invocation-type') ?? 'RequestResponse';
  const mode = modes[type];
  if (mode === undefined || (streams && mode === 'async')) {
    return badParameter(
      `The invocation type '${type}' is not supported${streams ? ' for response streaming' : ''}.`,
    );
  }
  const logType = single(request, 'x-amz-log-type') ?? 'None';
  if (logType !== 'None' && logType !== 'Tail')
    return badParameter(`The log type '${logType}' is not supported.`);
  const clientContext = readClientContext(single(request, 'x-amz-client-context'));
  if (typeof clientContext === 'object' && 'kind' in clientContext) return clientContext;
  const trace = single(request, 'x-amzn-trace-id');
  const tenantId = single(request, 'x-amz-tenant-id');
  const latest = qualifier === undefined || qualifier === '$LATEST';
  return {
    mode,
    limit: mode === 'async' ? limits.async : limits.sync,
    tail: logType === 'Tail',
    facts: {
      // Asynchronous calls lose it in the cloud as well.
      ...(clientContext && mode === 'sync' ? { clientContext: clientContext.value } : {}),
      ...(trace === undefined ? {} : { trace }),
      ...(latest ? {} : { qualifier }),
      ...(tenantId === undefined ? {} : { tenantId }),
    },
    notes: latest ? [] : [`Asked for the version "${qualifier}": here there is the code of now only.`],
  };
}

const modes: Partial<Record<string, ApiCall['mode']>> = {
  RequestResponse: 'sync',
  Event: 'async',
  DryRun: 'dryRun',
};

function readClientContext(text: string | undefined): { value: unknown } | Refusal | undefined {
  if (text === undefined) return undefined;
  if (text.length > clientContextBytes) {
    return invalid(
      'InvalidRequestContentException',
      `Client context must be no more than ${clientContextBytes} bytes.`,
    );
  }
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
    if (typeof value === 'object' && value !== null) return { value };
  } catch {
    // Said below, as for any other text that is no object.
  }
  return invalid(
    'InvalidRequestContentException',
    'Client context must be a valid Base64-encoded JSON object.',
  );
}

function single({ headers }: ApiRequest, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** Function errors are answered with 200; runtimes of today report all of them as unhandled. */
function buffered({ call, definition, outcome, record }: ApiResult): GatewayResponse {
  const headers: [string, string][] = [
    ['Content-Type', 'application/json'],
    ...commonHeaders(record.id),
    executedVersion,
  ];
  if (outcome.kind === 'error') headers.push(['X-Amz-Function-Error', 'Unhandled']);
  if (call.tail) headers.push(['X-Amz-Log-Result', tailLog(record, definition)]);
  return { status: 200, headers, body: outcome.body };
}
