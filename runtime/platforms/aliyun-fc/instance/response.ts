import type * as Stream from 'node:stream';
import { builtin } from '../../../languages/nodejs/bootstrap.builtins.ts';

/** What a handler sends. */
export interface Sent {
  status: number;
  headers: [name: string, value: string][];
  body: Buffer | Stream.Readable;
}

/** `resp` of a handler (published Node.js runtime; its texts are those of the cloud). */
export class Response {
  statusCode = 200;
  headers: Record<string, string> = {};
  headersMap: Record<string, string[]> = {};
  #sent = false;
  readonly #send: (sent: Sent) => void;

  constructor(send: (sent: Sent) => void) {
    this.#send = send;
  }

  setStatusCode(statusCode: unknown): void {
    if (this.#sent) throw new Error('can not set statusCode after it is sent');
    if (!Number.isInteger(statusCode)) throw new TypeError('statusCode should be a `integer`');
    this.statusCode = statusCode as number;
  }

  /** `value`: a string, or several of them. */
  setHeader(name: unknown, value: unknown): this {
    const key = this.#nameOf(name);
    const values: unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((each) => typeof each === 'string')) {
      throw new TypeError('headerValue should be a `string` or a object with `string` type key-value pair');
    }
    this.headersMap[key] = [...values];
    if (typeof value === 'string') this.headers[key] = value;
    return this;
  }

  deleteHeader(name: unknown): void {
    const key = this.#nameOf(name);
    delete this.headers[key];
    delete this.headersMap[key];
  }

  hasHeader(name: string): boolean {
    return this.headersMap[name] !== undefined;
  }

  /** Answers: once. */
  send(body: unknown): void {
    if (this.#sent) throw new Error('can not send multi times');
    const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
    if (!Buffer.isBuffer(bytes) && !isReadable(bytes)) {
      throw new TypeError('buffer should be a `Buffer` or a `string` or a `stream.Readable`');
    }
    this.#sent = true;
    const headers = Object.entries(this.headersMap).flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    );
    this.#send({ status: this.statusCode, headers, body: bytes });
  }

  #nameOf(name: unknown): string {
    if (this.#sent) throw new Error('can not set headers after they are sent');
    if (typeof name !== 'string') throw new TypeError('headerKey should be a `string`');
    return name;
  }
}

function isReadable(value: unknown): value is Stream.Readable {
  return value instanceof builtin<typeof Stream>('node:stream').Readable;
}
