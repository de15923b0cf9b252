import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { ApiCall, ApiResult } from '../../model/invokeApi.ts';
import type { InvocationRecord } from '../../model/invocationRecord.ts';
import type { GatewayResponse, Outcome } from '../../model/platform.ts';
import type { StreamForm } from '../../model/resultStream.ts';
import { encodeEvent } from './eventStream.ts';
import { tailLog } from './tailLog.ts';

/* Answers of InvokeWithResponseStream: events that carry the result, and one that says how the invocation ended. */

/** Most bytes of a result in one event of a stream; ours, the API states none. */
const chunkBytes = 64 * 1024;

/** Headers of every answer of the Invoke API. */
export function commonHeaders(requestId: string): [string, string][] {
  return [['x-amzn-RequestId', requestId]];
}

export const executedVersion: [string, string] = ['X-Amz-Executed-Version', '$LATEST'];

function headOf(requestId: string): Omit<GatewayResponse, 'body'> {
  const type: [string, string] = ['Content-Type', 'application/vnd.amazon.eventstream'];
  return { status: 200, headers: [type, ...commonHeaders(requestId), executedVersion] };
}

function payload(bytes: Uint8Array): Uint8Array {
  const events: Uint8Array[] = [];
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    const chunk = bytes.subarray(start, start + chunkBytes);
    events.push(encodeEvent('PayloadChunk', 'application/octet-stream', chunk));
  }
  return events.length === 1 ? events[0]! : Buffer.concat(events);
}

function complete(
  { tail }: ApiCall,
  definition: FunctionDefinition,
  outcome: Outcome,
  record: InvocationRecord | undefined,
): Uint8Array {
  const said = {
    ...(outcome.kind === 'error' && {
      ErrorCode: outcome.error.type,
      ErrorDetails: Buffer.from(outcome.body).toString('utf8'),
    }),
    ...(tail && record && { LogResult: tailLog(record, definition) }),
  };
  return encodeEvent('InvokeComplete', 'application/json', Buffer.from(JSON.stringify(said)));
}

/** A result as events while it is made. An error ends it in good order: the last event says it. */
export function streamForm(call: ApiCall, requestId: string, definition: FunctionDefinition): StreamForm {
  let head: Omit<GatewayResponse, 'body'> | undefined = headOf(requestId);
  const withHead = (body: Uint8Array) => {
    const first = head;
    head = undefined;
    return { ...(first && { head: first }), body };
  };
  return {
    begin: () => ({}),
    take: (bytes) => withHead(payload(bytes)),
    end: (outcome, record) => withHead(complete(call, definition, outcome, record)),
  };
}

/**
 * One that came in one piece. An error stands in the last event alone: that the cloud sends no chunk before it when
 * nothing was written is unverified.
 */
export function streamedWhole({ call, definition, outcome, record }: ApiResult): GatewayResponse {
  const result = outcome.kind === 'result' ? payload(outcome.body) : new Uint8Array();
  return { ...headOf(record.id), body: Buffer.concat([result, complete(call, definition, outcome, record)]) };
}
