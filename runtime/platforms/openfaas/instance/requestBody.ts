import qs from 'qs';
import type { FunctionRequest } from './request.ts';

/** A body that the template's server refuses before the handler hears of it. */
export class BadBody extends Error {
  readonly status: number;

  constructor(status: number, name: string, message: string) {
    super(message);
    this.status = status;
    this.name = name;
  }
}

/** What the environment says of bodies. */
export interface BodySettings {
  RAW_BODY?: string | undefined;
  MAX_RAW_SIZE?: string | undefined;
  MAX_JSON_SIZE?: string | undefined;
}

/**
 * The body as the Node.js templates hand it over (openfaas/templates node20 and node22, which use `body-parser`): text,
 * JSON and form data by their content type, `{}` for what none of them reads, a Buffer with `RAW_BODY=true`.
 */
export function bodyOf({ headers, body }: FunctionRequest, settings: BodySettings): unknown {
  if (body.byteLength === 0) return {};
  // A request that does not say is text there.
  const header = String(headers['content-type'] ?? 'text/plain');
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (settings.RAW_BODY === 'true') return within(body, settings.MAX_RAW_SIZE);
  if (type.startsWith('text/')) return textOf(within(body, undefined), parameters);
  if (type === 'application/json') return jsonOf(within(body, settings.MAX_JSON_SIZE).toString('utf8'));
  if (type === 'application/x-www-form-urlencoded') {
    return qs.parse(within(body, undefined).toString('utf8'), { allowPrototypes: true, arrayLimit: 100 });
  }
  return {};
}

function textOf(body: Buffer, parameters: string[]): string {
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  return /^(iso-8859-1|latin1|windows-1252)$/.test(charset ?? '')
    ? body.toString('latin1')
    : body.toString('utf8');
}

/** As `body-parser` is strict: an object or a list; JSON of its own kind of blank is nothing. */
function jsonOf(text: string): unknown {
  const first = /^[\x20\x09\x0a\x0d]*([^\x20\x09\x0a\x0d])/.exec(text)?.[1];
  if (first === undefined) return {};
  if (first !== '{' && first !== '[') {
    throw new BadBody(
      400,
      'SyntaxError',
      `Unexpected token ${first} in JSON at position ${text.indexOf(first)}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadBody(400, 'SyntaxError', (error as Error).message);
  }
}

const units: Record<string, number> = { '': 1, b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };
const usualLimit = 100 * 1024;

function within(body: Buffer, stated: string | undefined): Buffer {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(b|kb|mb|gb)?\s*$/i.exec(stated ?? '') ?? [];
  const limit = number === undefined ? usualLimit : Number(number) * units[(unit ?? '').toLowerCase()]!;
  if (body.byteLength > limit) {
    throw new BadBody(413, 'PayloadTooLargeError', 'request entity too large');
  }
  return body;
}
