import type { GatewayResponse } from '../../../model/platform.ts';
import { SqsError } from './sqsError.ts';
import type { SqsOutput } from './sqsContext.ts';

/*
 * The JSON protocol of today's SDKs: `X-Amz-Target: AmazonSQS.<action>`, bodies of `application/x-amz-json-1.0`. Clients
 * compare the query protocol's codes, which go along in a header.
 */

const contentType = 'application/x-amz-json-1.0';

/** The action a target header names. */
export function jsonAction(target: string): string | undefined {
  return /^AmazonSQS\.([A-Za-z]+)$/.exec(target)?.[1];
}

export function readJson(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw new SqsError('SerializationException', 'The body of the request is no JSON.');
  }
}

export function writeJson(output: SqsOutput, requestId: string): GatewayResponse {
  return response(200, output, requestId, []);
}

export function writeJsonError(error: SqsError, requestId: string): GatewayResponse {
  const headers: [string, string][] = [['x-amzn-query-error', `${error.queryCode};${error.fault}`]];
  return response(error.status, { __type: error.shape, message: error.message }, requestId, headers);
}

function response(
  status: number,
  body: object,
  requestId: string,
  headers: [string, string][],
): GatewayResponse {
  return {
    status,
    headers: [['Content-Type', contentType], ['x-amzn-RequestId', requestId], ...headers],
    body: Buffer.from(JSON.stringify(body)),
  };
}
