import type { IncomingMessage } from 'node:http';
import type { RawError } from '../../protocol/instance/messages.ts';
import { readRuntimeError } from './runtimeError.ts';

const webType = /^application\/vnd\.awslambda\.http-integration-response\b/;

/** What ends the part of a streamed answer that says status and headers. */
const separator = Buffer.alloc(8);

/**
 * A response with what its form says of it: trailers that report a failure on the way, and status and headers in front
 * of an HTTP answer, which become the object that HTTP triggers understand.
 */
export function readStreamed(
  request: IncomingMessage,
  body: Buffer,
): { body: Buffer } | { error: RawError; body: Buffer } {
  const type = request.trailers['lambda-runtime-function-error-type'];
  if (type) {
    const encoded = request.trailers['lambda-runtime-function-error-body'] ?? '';
    const { error, told } = readRuntimeError(Buffer.from(encoded, 'base64'), type, '');
    return { error, body: told };
  }
  return { body: webType.test(request.headers['content-type'] ?? '') ? webAnswer(body) : body };
}

function webAnswer(body: Buffer): Buffer {
  const end = body.indexOf(separator);
  if (end < 0) return body;
  let prelude: unknown;
  try {
    prelude = JSON.parse(body.toString('utf8', 0, end));
  } catch {
    // No prelude: the trigger will say that it is no answer.
    return body;
  }
  const content = body.subarray(end + separator.length).toString('base64');
  const answer = { statusCode: 200, ...(prelude as object), body: content, isBase64Encoded: true };
  return Buffer.from(JSON.stringify(answer));
}
