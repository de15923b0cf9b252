import { webResult } from '../../model/webMessage.ts';
import { describeThrown, type HandlerCall, type HandlerContract } from '../../protocol/instance/contract.ts';
import { internalError, jsonAnswer, notFound, Refusal, textAnswer, type Answer } from './instance/answer.ts';
import { CloudEvent, eventClassFor, type EventClass } from './instance/cloudEvent.ts';
import { Context, useEventClass } from './instance/functionContext.ts';
import { functionLog, type FunctionLog } from './instance/functionLog.ts';
import { functionModuleOf, type FunctionModule } from './instance/functionModule.ts';
import { checkedRequest, healthCheckAt, healthyAnswer, HealthReply } from './instance/healthCheck.ts';
import { eventOf } from './instance/readEvent.ts';
import { metricsAnswer } from './instance/metrics.ts';
import { bodyOf } from './instance/requestBody.ts';
import { requestOf, type FunctionRequest } from './instance/request.ts';
import { answerOf, optionsAnswer, statusOf, usualHeaders } from './instance/returned.ts';

/*
 * How Knative's `func` calls a Node.js function: `handle(context, body)`, or `handle(context, event)` for a CloudEvent.
 * Source: the published `faas-js-runtime` 3.0.2 and 4.0.1, which do the same.
 */

/** The function of this instance, and what its contexts share. */
let fn: FunctionModule | undefined;
let log: FunctionLog | undefined;
let eventClass: EventClass = CloudEvent;

const requests = new WeakMap<HandlerCall, FunctionRequest>();

/** Known once user code is loaded: it may set variables, and load the SDK. */
function settle(entry: string, lifetime: Record<string, unknown>): void {
  const { codeRoot } = lifetime;
  eventClass = eventClassFor([entry, ...(typeof codeRoot === 'string' ? [`${codeRoot}/index.js`] : [])]);
  useEventClass(eventClass);
  const stated = process.env['FUNC_LOG_LEVEL'] || fn?.logLevel || 'warn';
  log = functionLog(typeof stated === 'string' ? stated : 'warn');
}

function send(call: HandlerCall, request: FunctionRequest, answer: Answer): void {
  if (request.isHttp) return call.succeed(Buffer.from(webResult(answer)));
  if (answer.status < 400) return call.succeed(answer.body);
  const said = answer.body.toString('utf8').slice(0, 1000).trim();
  const message = `The function answered ${answer.status}${said ? `: ${said}` : '.'}`;
  call.fail(new Refusal(answer, 'HttpError', message), true);
}

/** Whom the function lets in: everybody, or those of its list. */
function originOf({ cors }: FunctionModule, { headers }: FunctionRequest): string {
  if (!cors) return '*';
  const { origin } = headers;
  return typeof origin === 'string' && cors().includes(origin) ? origin : 'null';
}

/** Runs the function on a request that is for it. */
function invoke(call: HandlerCall, request: FunctionRequest, module: FunctionModule): void {
  const { env } = process;
  const body = bodyOf(request, env['FUNC_BODY_LIMIT']);
  const rawBody = env['FUNC_INCLUDE_RAW'] && body !== undefined ? request.body.toString('utf8') : undefined;
  const context = new Context({ request, body, rawBody, log: log! });
  const event = eventOf(request, body, eventClass);
  if (event) Object.assign(context, { cloudevent: event });
  const origin = originOf(module, request);
  const { handle } = module;
  const scope = Object.freeze({});
  call.run(
    () => Reflect.apply(handle, scope, [context, event ?? inputOf(context)]) as unknown,
    (returned) => {
      const answered = (answer: Answer) => send(call, request, answer);
      const failed = (error: unknown) => call.fail(replyFailure(error, origin), false);
      try {
        const answer = answerOf(returned, origin, event !== undefined);
        if (answer instanceof Promise) answer.then(answered, failed);
        else answered(answer);
      } catch (error) {
        failed(error);
      }
    },
  );
}

/** The body as the context has it, which a value of the query may stand for. JSON that is a text may hold more of it. */
function inputOf({ body, contentType }: Context): unknown {
  if (contentType !== 'application/json' || typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** An answer that cannot be sent: what the server says of it. */
function replyFailure(error: unknown, origin: string): Refusal {
  if (error instanceof Refusal) return error;
  const { type, message } = describeThrown(error);
  const answer = internalError(message);
  // The answer's headers were set before it turned out that it has no body.
  const headers = Object.entries({ ...usualHeaders(origin), ...Object.fromEntries(answer.headers) });
  return new Refusal({ ...answer, headers: headers as Answer['headers'] }, type, message, { error });
}

function checkHealth(call: HandlerCall, request: FunctionRequest, module: FunctionModule): boolean {
  const isGet = request.method === 'GET' || request.method === 'HEAD';
  const check = isGet ? healthCheckAt(request.path, module, process.env) : undefined;
  if (check === undefined) return false;
  if (check === 'usual') send(call, request, healthyAnswer());
  else {
    const reply = new HealthReply();
    void reply.answered.then((answer) => send(call, request, answer));
    call.run(
      () => check(checkedRequest(request), reply),
      (value) => value !== undefined && value !== reply && reply.send(value),
    );
  }
  return true;
}

function route(call: HandlerCall, request: FunctionRequest, module: FunctionModule): void {
  const { method, path, url } = request;
  if (checkHealth(call, request, module)) return;
  if (method === 'GET' && path === (process.env['METRICS_URL'] || '/metrics'))
    return send(call, request, metricsAnswer());
  const isKnown = path === '/' && ['GET', 'HEAD', 'POST', 'OPTIONS'].includes(method);
  if (!isKnown) return send(call, request, notFound(method, url));
  if (method === 'OPTIONS') return send(call, request, optionsAnswer());
  invoke(call, request, module);
}

/** The answer to a request whose function failed. */
function failureAnswer(error: unknown): Answer {
  if (error instanceof Refusal) return error.answer;
  if (error === null || error === undefined) {
    return internalError(`Cannot read properties of ${String(error)} (reading 'code')`);
  }
  try {
    // Reading a hostile value may throw.
    const { code, message } = error as { code?: unknown; message?: unknown };
    const status = statusOf(code || 500);
    if (message === undefined) return { status, headers: [], body: Buffer.alloc(0) };
    return typeof message === 'string' ? textAnswer(status, message) : jsonAnswer(status, message);
  } catch (refused) {
    return refused instanceof Refusal ? refused.answer : internalError('Internal Server Error');
  }
}

/** The contract of Knative functions in Node.js. */
export const contract: HandlerContract = {
  resolve(named, lifetime) {
    const found = functionModuleOf(named);
    // Hooks of `porchlight.yaml` are resolved behind the function.
    if (fn) return found.handle as (...args: never[]) => unknown;
    fn = found;
    settle(named.entry, lifetime);
    const { shutdown } = found;
    if (shutdown) {
      const end = () => void Promise.resolve(shutdown()).finally(() => process.exit(0));
      process.once('SIGTERM', end);
    }
    return found.handle as (...args: never[]) => unknown;
  },
  initializer: () => fn?.init,
  loadError: (error) => describeThrown(error),
  start(_handler, call) {
    const request = requestOf(call.event);
    requests.set(call, request);
    route(call, request, fn!);
  },
  async hook(hook) {
    await hook();
  },
  describe(error) {
    if (!(error instanceof Refusal)) return describeThrown(error);
    return error.reason ? describeThrown(error.reason.error) : { ...describeThrown(error), type: error.type };
  },
  errorBody(error, _handled, call) {
    const answer = failureAnswer(error);
    const isHttp = requests.get(call)?.isHttp === true;
    return isHttp ? Buffer.from(webResult(answer)) : answer.body;
  },
  uncaught(_kind, error) {
    // The server's process ends; who waits for an answer sees the connection break off.
    const { type, message } = describeThrown(error);
    return { report: new Refusal(textAnswer(502, 'EOF\n'), type, message, { error }), exitCode: 1 };
  },
};
