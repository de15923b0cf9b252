import { webResult } from '../../model/webMessage.ts';
import {
  ContractError,
  describeThrown,
  type HandlerCall,
  type HandlerContract,
} from '../../protocol/instance/contract.ts';
import { answerOf, type Answer } from './instance/answer.ts';
import { BadBody, bodyOf } from './instance/requestBody.ts';
import { requestOf, type FunctionRequest } from './instance/request.ts';

/*
 * How the classic Node.js templates of OpenFaaS call a handler: `async (event, context, callback)` (openfaas/templates,
 * node20 and node22: their `index.js`).
 */

type Callback = (error: unknown, result?: unknown) => void;

/** `event` of a handler. */
class FunctionEvent {
  body: unknown;
  headers: unknown;
  method: string;
  query: unknown;
  path: string;

  constructor({ headers, method, query, path }: FunctionRequest, body: unknown) {
    this.body = body;
    this.headers = headers;
    this.method = method;
    this.query = query;
    this.path = path;
  }
}

/** `context` of a handler: what is answered, and when. */
class FunctionContext {
  statusCode = 200;
  cb: Callback;
  headerValues: Record<string, unknown> = {};
  cbCalled = 0;

  constructor(cb: Callback) {
    this.cb = cb;
  }

  status(statusCode?: number): this | number {
    if (!statusCode) return this.statusCode;
    this.statusCode = statusCode;
    return this;
  }

  headers(value?: Record<string, unknown>): this | Record<string, unknown> {
    if (!value) return this.headerValues;
    this.headerValues = value;
    return this;
  }

  succeed(value: unknown): void {
    this.cbCalled++;
    this.cb(undefined, value);
  }

  fail(value: unknown): void {
    if (String(this.statusCode) === '200') this.statusCode = 500;
    this.cbCalled++;
    this.cb(value);
  }
}

interface Served {
  request: FunctionRequest;
  context: FunctionContext | undefined;
}

const served = new WeakMap<HandlerCall, Served>();

function send(call: HandlerCall, { request }: Served, answer: Answer): void {
  if (request.isHttp) return call.succeed(Buffer.from(webResult(answer)));
  if (answer.status < 400) return call.succeed(answer.body);
  const said = answer.body.toString('utf8').slice(0, 1000).trim();
  call.fail(new Answered(answer, said), true);
}

/** An answer that people who gave an event by hand see as a failure. */
class Answered extends ContractError {
  readonly answer: Answer;

  constructor(answer: Answer, said: string) {
    super('HttpError', `The function answered ${answer.status}${said ? `: ${said}` : '.'}`);
    this.stack = '';
    this.answer = answer;
  }
}

/** What is thrown as text; of what cannot be read, whatever tells of it. */
function textOf(error: unknown): unknown {
  try {
    return (error as { toString?: () => string } | null)?.toString?.() ?? error;
  } catch {
    return describeThrown(error).message;
  }
}

/** The template answers errors with their text and whatever status has been set. */
function failureAnswer(error: unknown, context: FunctionContext | undefined): Answer {
  if (error instanceof Answered) return error.answer;
  if (error instanceof BadBody) {
    const page = `<pre>${error.name}: ${error.message}</pre>\n`;
    return {
      status: error.status,
      headers: [['Content-Type', 'text/html; charset=utf-8']],
      body: Buffer.from(page, 'utf8'),
    };
  }
  return answerOf(textOf(error), context?.statusCode ?? 200, {});
}

/** The contract of OpenFaaS's Node.js templates. */
export const contract: HandlerContract = {
  resolve({ exports, exportName, handler }) {
    const named = exports as Record<string, unknown> | null | undefined;
    // The template requires the module and calls what it gets; compilers put a default export beside it.
    const found = [exports, named?.['default'], named?.[exportName]].find(
      (each) => typeof each === 'function',
    );
    if (!found) {
      const message = `handler is not a function: ${handler.replace(/\.[^.]*$/, '')} has to export one by "module.exports = async (event, context) => …".`;
      throw new ContractError('TypeError', message);
    }
    return found as (...args: never[]) => unknown;
  },
  loadError: (error) => describeThrown(error),
  start(handler, call) {
    const request = requestOf(call.event);
    const now: Served = { request, context: undefined };
    served.set(call, now);
    let body: unknown;
    try {
      body = bodyOf(request, process.env);
    } catch (error) {
      return call.fail(error, true);
    }
    const respond: Callback = (error, result) => {
      if (error) return call.fail(error, true);
      try {
        send(call, now, answerOf(result, context.statusCode, context.headerValues));
      } catch (failure) {
        call.fail(failure, false);
      }
    };
    const context = new FunctionContext(respond);
    now.context = context;
    call.run(
      () => (handler as (...args: unknown[]) => unknown)(new FunctionEvent(request, body), context, respond),
      (value) => {
        // A handler without a promise answers here as well: with nothing, unless it has called back.
        if (context.cbCalled === 0) context.succeed(value);
      },
    );
  },
  describe: (error) =>
    error instanceof Answered ? { ...describeThrown(error), type: error.type } : describeThrown(error),
  errorBody(error, _handled, call) {
    const now = served.get(call);
    const answer = failureAnswer(error, now?.context);
    return now?.request.isHttp ? Buffer.from(webResult(answer)) : answer.body;
  },
  uncaught: (_kind, error) => ({ report: error, exitCode: 1 }),
};
