import { jsonAnswer, textAnswer, type Answer } from './answer.ts';
import type { FunctionRequest } from './request.ts';

/** A check of the function's own: it answers with `reply`, or returns its answer. `path`: where it answers. */
export interface HealthCheck {
  (request: unknown, reply: unknown): unknown;
  path?: string;
}

interface Checks {
  liveness?: HealthCheck;
  readiness?: HealthCheck;
}

/** The check that answers at a path; `usual` when the function has none of its own there. */
export function healthCheckAt(
  path: string,
  { liveness, readiness }: Checks,
  env: NodeJS.ProcessEnv,
): HealthCheck | 'usual' | undefined {
  if (path === (readiness?.path || env['READINESS_URL'] || '/health/readiness')) return readiness ?? 'usual';
  if (path === (liveness?.path || env['LIVENESS_URL'] || '/health/liveness')) return liveness ?? 'usual';
  return undefined;
}

/** What the server answers of itself. */
export function healthyAnswer(): Answer {
  return textAnswer(200, 'OK');
}

/** The part of the server's reply that checks use, and the answer that is made of it. */
export class HealthReply {
  #status = 200;
  readonly #headers: [string, string][] = [];
  #send: ((answer: Answer) => void) | undefined;
  readonly answered: Promise<Answer>;

  constructor() {
    this.answered = new Promise((resolve) => (this.#send = resolve));
  }

  code(status: number): this {
    this.#status = status;
    return this;
  }

  status(status: number): this {
    return this.code(status);
  }

  header(name: string, value: unknown): this {
    this.#headers.push([name.toLowerCase(), String(value)]);
    return this;
  }

  headers(values: Record<string, unknown>): this {
    for (const [name, value] of Object.entries(values)) this.header(name, value);
    return this;
  }

  type(contentType: string): this {
    return this.header('content-type', contentType);
  }

  send(value?: unknown): this {
    const plain = typeof value === 'string' || value === undefined;
    const made = plain ? textAnswer(this.#status, value ?? '') : jsonAnswer(this.#status, value);
    const given = new Set(this.#headers.map(([name]) => name));
    const headers = made.headers.filter(([name]) => !given.has(name) && value !== undefined);
    this.#send?.({ ...made, headers: [...headers, ...this.#headers] });
    return this;
  }
}

/** What a check gets of its request. */
export function checkedRequest({ method, url, headers }: FunctionRequest): Record<string, unknown> {
  return { method, url, headers, raw: { method, url, headers } };
}
