import { mediaType } from '../../../support/httpText.ts';
import { Refusal, serverError } from './answer.ts';
import { parseForm } from './formFields.ts';
import { headerText } from '../../../support/httpHeaders.ts';
import type { FunctionRequest } from './request.ts';

/** What is taken of a body unless `FUNC_BODY_LIMIT` says otherwise, in bytes. */
const usualLimit = 1024 * 1024;

/**
 * The body as the function gets it: JSON and forms as values, plain text and events as text, everything else as bytes,
 * and undefined where there is none. A `Refusal` when it cannot be read.
 */
export function bodyOf(request: FunctionRequest, limitText: string | undefined): unknown {
  const { method, headers, body } = request;
  if (method === 'GET' || method === 'HEAD') return undefined;
  const limit = limitOf(limitText);
  if (body.byteLength > limit) {
    throw refusal(413, 'Payload Too Large', 'Request body is too large', 'FST_ERR_CTP_BODY_TOO_LARGE');
  }
  const contentType = headerText(headers, 'content-type');
  if (contentType === undefined && body.byteLength === 0) return undefined;
  switch (mediaType(contentType)) {
    case 'application/json':
      return jsonOf(body);
    case 'application/x-www-form-urlencoded':
      return parseForm(body.toString('utf8'));
    case 'text/plain':
    case 'application/cloudevents+json':
      return body.toString('utf8');
    default:
      return body;
  }
}

function limitOf(text: string | undefined): number {
  const stated = Number(text);
  return text !== undefined && Number.isInteger(stated) && stated > 0 ? stated : usualLimit;
}

function jsonOf(body: Buffer): unknown {
  if (body.byteLength === 0) {
    const message = "Body cannot be empty when content-type is set to 'application/json'";
    throw refusal(400, 'Bad Request', message, 'FST_ERR_CTP_EMPTY_JSON_BODY');
  }
  const text = body.toString('utf8').replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refusal(400, 'Bad Request', (error as Error).message);
  }
  if (/"(?:_|\\u005f){2}proto|"constructor"|\\u00/i.test(text) && isPoisoned(value)) {
    throw refusal(400, 'Bad Request', 'Object contains forbidden prototype property');
  }
  return value;
}

/** Whether a value would change prototypes when somebody copies it. */
function isPoisoned(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  const constructor = Object.hasOwn(value, 'constructor')
    ? (value as { constructor: unknown }).constructor
    : undefined;
  if (typeof constructor === 'object' && constructor !== null && Object.hasOwn(constructor, 'prototype'))
    return true;
  return Object.values(value).some(isPoisoned);
}

function refusal(status: number, title: string, message: string, code?: string): Refusal {
  return new Refusal(serverError(status, title, message, code), 'BadRequest', message);
}
