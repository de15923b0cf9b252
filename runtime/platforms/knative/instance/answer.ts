import { ContractError } from '../../../protocol/instance/contract.ts';

/** What is sent back. */
export interface Answer {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer;
}

const titles: Record<number, string> = {
  400: 'Bad Request',
  404: 'Not Found',
  406: 'Not Acceptable',
  413: 'Payload Too Large',
  500: 'Internal Server Error',
};

/** An error in the words of the function's server (`faas-js-runtime` is built on fastify, which answers so). */
export function serverError(status: number, title: string, message: string, code?: string): Answer {
  return jsonAnswer(status, { statusCode: status, ...(code && { code }), error: title, message });
}

/** An error of the server that is none of the request's. */
export function internalError(message: string, code?: string): Answer {
  return serverError(500, titles[500]!, message, code);
}

/** What an event is answered that is none, or a wrong one. */
export function notAcceptable(message: string): Answer {
  return serverError(406, titles[406]!, message);
}

/** No route of the server's. */
export function notFound(method: string, url: string): Answer {
  const message = `Route ${method}:${url} not found`;
  return jsonAnswer(404, { message, error: titles[404], statusCode: 404 });
}

/** A JSON answer. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: [['content-type', 'application/json; charset=utf-8']],
    body: Buffer.from(JSON.stringify(value), 'utf8'),
  };
}

/** A text answer. */
export function textAnswer(status: number, text: string): Answer {
  return {
    status,
    headers: [['content-type', 'text/plain; charset=utf-8']],
    body: Buffer.from(text, 'utf8'),
  };
}

/** A failure that is answered in its own way, whatever the code threw. `reason`: what is told of it instead. */
export class Refusal extends ContractError {
  readonly answer: Answer;
  readonly reason: { error: unknown } | undefined;

  constructor(answer: Answer, type: string, message: string, reason?: { error: unknown }) {
    super(type, message);
    // Where we made it says nothing to anybody.
    this.stack = '';
    this.answer = answer;
    this.reason = reason;
  }
}
