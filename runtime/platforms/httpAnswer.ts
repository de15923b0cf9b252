import type { GatewayResponse } from '../model/platform.ts';
import { isBase64, isSendableHeader, utf8Text } from '../support/httpText.ts';

/* What HTTP answers of the platforms have in common. It knows none of them. */

/** What a handler returned for an HTTP trigger, as far as it has the form of an answer. */
export interface HandlerAnswer {
  statusCode?: unknown;
  headers?: unknown;
  multiValueHeaders?: unknown;
  cookies?: unknown;
  body?: unknown;
  isBase64Encoded?: unknown;
}

/** A result as a JSON object; undefined for anything else. */
export function answerObject(body: Uint8Array): HandlerAnswer | undefined {
  const text = utf8Text(body);
  if (text === undefined || !/^\s*\{/.test(text)) {
    return undefined;
  }
  try {
    return JSON.parse(text) as HandlerAnswer;
  } catch {
    return undefined;
  }
}

/** A status an HTTP server can send; clouds accept it as number or text. */
export function statusOf(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 999
    ? status
    : undefined;
}

/** Headers of an object whose values are text, numbers, truth values or lists of these. */
export function headersOf(given: unknown): [string, string][] {
  if (typeof given !== 'object' || given === null) {
    return [];
  }
  return Object.entries(given).flatMap(([name, value]) => {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    return values
      .filter((item) => ['string', 'number', 'boolean'].includes(typeof item))
      .map((item) => [name, String(item)] as [string, string])
      .filter(([header, text]) => isSendableHeader(header, text));
  });
}

/** Bytes of an answer's body: base64 when it says so, objects as JSON. */
export function bodyOf(body: unknown, isBase64Encoded: unknown): Uint8Array {
  if (body === undefined || body === null) {
    return new Uint8Array();
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  // What does not decode is sent as it is.
  return isBase64Encoded === true && isBase64(text) ? Buffer.from(text, 'base64') : Buffer.from(text, 'utf8');
}

/** Whether a header is among others, whatever its spelling. */
export function hasHeader(headers: [string, string][], name: string): boolean {
  return headers.some(([other]) => other.toLowerCase() === name.toLowerCase());
}

/** A short answer with a content type. */
export function answer(
  status: number,
  contentType: string,
  body: string,
  more: [string, string][] = [],
): GatewayResponse {
  return { status, headers: [['Content-Type', contentType], ...more], body: Buffer.from(body, 'utf8') };
}
