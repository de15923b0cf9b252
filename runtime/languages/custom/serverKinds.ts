import { contentTypeByHand } from '../../model/cloudEvents/byHand.ts';
import type { WebRequest } from '../../model/webMessage.ts';
import type { RawError } from '../../protocol/instance/messages.ts';
import type { Listener } from './conversation.ts';
import type { CallAnswer, CallHead } from './httpCall.ts';
import { readRuntimeError } from './runtimeError.ts';
import type { ServerKind } from './webServer.ts';

type Context = Record<string, unknown>;

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
const partOf = (context: Context, name: string): Context => (context[name] as Context | undefined) ?? {};
const noBytes = Buffer.alloc(0);

/** A custom runtime of Function Compute (FC documentation "Custom runtime", "HTTP request headers"). */
export function fcServer({ env, definition }: Listener): ServerKind {
  const headers = (context: Context, path: string): [string, string][] => fcHeaders(context, env, path);
  const own = (method: string, url: string, context: Context, body: Buffer): WebRequest => ({
    method,
    url,
    headers: [['Content-Type', 'application/octet-stream'], ...headers(context, url)],
    body,
  });
  return {
    portVariables: ['FC_SERVER_PORT', 'FC_CUSTOM_LISTEN_PORT', 'PORT'],
    eventRequest: (event, context) => own('POST', '/invoke', context, event),
    forward: (request, context) => ({
      ...request,
      // What a caller claims to be of the platform is not passed on.
      headers: [
        ...request.headers.filter(([name]) => !/^x-fc-/i.test(name)),
        ...headers(context, '/http-invoke'),
      ],
    }),
    hookRequest: (hook, context) =>
      hook === 'initializer'
        ? own('POST', '/initialize', context, noBytes)
        : own('GET', hook === 'preFreeze' ? '/pre-freeze' : '/pre-stop', context, noBytes),
    failureOf: (answer) => reportedFailure(answer, definition.codeRoot),
    webFailureOf: (answer) => reportedFailure(answer, definition.codeRoot),
  };
}

/** An answer that says of itself that it is a failure; what of it is an error object is told as one. */
function reportedFailure(
  { headers, body }: CallHead & Partial<CallAnswer>,
  codeRoot: string,
): RawError | undefined {
  if (headers['x-fc-status'] !== '404') return undefined;
  const { error } = readRuntimeError(body ?? noBytes, undefined, codeRoot);
  return { ...error, type: 'InvocationError', message: error.message || 'The function reported a failure.' };
}

function fcHeaders(
  context: Context,
  env: Readonly<Record<string, string>>,
  path: string,
): [string, string][] {
  const fn = partOf(context, 'function');
  const service = partOf(context, 'service');
  const tracing = partOf(context, 'tracing');
  const all: [string, string][] = [
    ['x-fc-request-id', textOf(context['requestId'])],
    ['x-fc-access-key-id', env['ALIBABA_CLOUD_ACCESS_KEY_ID'] ?? ''],
    ['x-fc-access-key-secret', env['ALIBABA_CLOUD_ACCESS_KEY_SECRET'] ?? ''],
    ['x-fc-security-token', env['ALIBABA_CLOUD_SECURITY_TOKEN'] ?? ''],
    ['x-fc-function-name', textOf(fn['name'])],
    ['x-fc-function-handler', textOf(fn['handler'])],
    ['x-fc-function-memory', textOf(fn['memory'])],
    ['x-fc-function-timeout', textOf(fn['timeout'])],
    ['x-fc-function-initializer', textOf(fn['initializer'])],
    ['x-fc-initialization-timeout', textOf(fn['initializationTimeout'])],
    ['x-fc-region', textOf(context['region'])],
    ['x-fc-account-id', textOf(context['accountId'])],
    ['x-fc-qualifier', textOf(service['qualifier'])],
    ['x-fc-version-id', textOf(service['versionId'])],
    ['x-fc-service-logproject', textOf(service['logProject'])],
    ['x-fc-service-logstore', textOf(service['logStore'])],
    ['x-fc-retry-count', textOf(context['retryCount'])],
    ['x-fc-tracing-opentracing-span-context', textOf(tracing['openTracingSpanContext'])],
  ];
  // A name from a project file may hold what a header cannot.
  const sendable = all.filter(([, value]) => value !== '' && /^[\x20-\x7e]*$/.test(value));
  return [...sendable, ['x-fc-control-path', path]];
}

/**
 * Any web application: it gets requests as they are. Events that are none go where AWS's web adapter sends them,
 * `POST /events`.
 */
export function plainServer(): ServerKind {
  return {
    portVariables: ['PORT'],
    eventRequest: (event) => ({
      method: 'POST',
      url: '/events',
      headers: [['Content-Type', 'application/json']],
      body: event,
    }),
    forward: (request) => request,
    failureOf: failureByStatus,
    webFailureOf: () => undefined,
  };
}

/**
 * A container of Knative: a web application to whose root events are posted, CloudEvents as such and everything else as a
 * body of its own.
 */
export function eventServer(): ServerKind {
  return {
    portVariables: ['PORT'],
    eventRequest: (event) => {
      const contentType = contentTypeByHand(event);
      return {
        method: 'POST',
        url: '/',
        headers: contentType === undefined ? [] : [['Content-Type', contentType]],
        body: event,
      };
    },
    forward: (request) => request,
    failureOf: failureByStatus,
    webFailureOf: () => undefined,
  };
}

function failureByStatus({ status, body }: CallAnswer, path: string): RawError | undefined {
  if (status < 400) return undefined;
  const said = (body ?? noBytes).toString('utf8').slice(0, 1000).trim();
  const hint = status === 404 ? ` Events that are no HTTP requests arrive at POST ${path}.` : '';
  const message = `The application answered ${status}${said ? `: ${said}` : '.'}${hint}`;
  return { type: 'HttpError', message, stack: [] };
}

/** A server behind OpenFaaS's watchdog in its mode `http`: events given by hand are posted to its root. */
export function watchdogServer(): ServerKind {
  return {
    // What the classic templates' own servers read; others listen on the port of `upstream_url`.
    portVariables: ['http_port', 'PORT'],
    eventRequest: (event) => ({
      method: 'POST',
      url: '/',
      headers: [['Content-Type', isJson(event) ? 'application/json' : 'text/plain']],
      body: event,
    }),
    forward: (request) => request,
    failureOf: ({ status, body }) => {
      if (status < 400) return undefined;
      const said = (body ?? noBytes).toString('utf8').slice(0, 1000).trim();
      return {
        type: 'HttpError',
        message: `The function answered ${status}${said ? `: ${said}` : '.'}`,
        stack: [],
      };
    },
    webFailureOf: () => undefined,
  };
}

function isJson(event: Buffer): boolean {
  try {
    return typeof JSON.parse(event.toString('utf8')) === 'object';
  } catch {
    return false;
  }
}
