import { randomUUID } from 'node:crypto';
import type { GatewayResponse } from '../../../model/platform.ts';
import { isQueueName } from '../../../model/queues/queueDefinition.ts';
import { jsonAction, readJson, writeJson, writeJsonError } from './jsonProtocol.ts';
import { messageActions } from './messageActions.ts';
import { queueActions } from './queueActions.ts';
import { readForm, writeXml, writeXmlError } from './queryProtocol.ts';
import type { SqsContext } from './sqsContext.ts';
import { SqsError } from './sqsError.ts';
import { SqsInput } from './sqsInput.ts';

/** Most bytes of a request: ten messages of a full batch, as base64 and percent signs blow them up. */
export const sqsRequestBytes = 8 * 1024 * 1024;

/** What a gateway has to know of a request to tell whether it is for queues. Header names lower case. */
export interface SqsRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** A request for queues, in one of the protocols. */
export type SqsAddress =
  | { protocol: 'json'; action: string; pathQueue?: string }
  | { protocol: 'query'; query: URLSearchParams; pathQueue?: string };

/**
 * Whether a request is for queues. Other things of a project may live at the same paths: what is taken says so, by its
 * target, by the service in its signature or by the queue in its path.
 */
export function sqsAddressOf(
  { method, url, headers }: SqsRequest,
  hasQueue: (name: string) => boolean,
): SqsAddress | undefined {
  const target = headers['x-amz-target'];
  if (typeof target === 'string' && target.startsWith('AmazonSQS.')) {
    return { protocol: 'json', action: jsonAction(target) ?? target, ...pathQueueOf(url) };
  }
  if (method !== 'POST' && method !== 'GET') return undefined;
  const path = url.split('?', 1)[0]!;
  const pathQueue = pathQueueOf(url);
  if (path !== '/' && pathQueue.pathQueue === undefined && !path.startsWith('/queue/')) return undefined;
  const query = new URLSearchParams(url.slice(path.length));
  const signature = String(headers['authorization'] ?? query.get('X-Amz-Credential') ?? '');
  const signed = /\/sqs\/aws4_request/.test(signature);
  const named = pathQueue.pathQueue !== undefined && hasQueue(pathQueue.pathQueue);
  const isForm = /^application\/x-www-form-urlencoded/i.test(String(headers['content-type'] ?? ''));
  if (!signed && !(named && (isForm || query.has('Action')))) return undefined;
  return { protocol: 'query', query, ...pathQueue };
}

/** `/<account>/<queue>`, as queues' addresses end. */
function pathQueueOf(url: string): { pathQueue?: string } {
  const match = /^\/(?:\d{1,20}|queue)\/([^/?#]+)\/?(?:\?|$)/.exec(url);
  return match && isQueueName(match[1]!) ? { pathQueue: match[1]! } : {};
}

/** Carries out a request for queues and answers it in its own protocol. Never rejects; unforeseen errors are told. */
export async function answerSqs(
  address: SqsAddress,
  body: Uint8Array,
  context: Omit<SqsContext, 'pathQueue'>,
  onInternalError: (error: unknown) => void,
): Promise<GatewayResponse> {
  const requestId = randomUUID();
  let action = address.protocol === 'json' ? address.action : '';
  const refuse = address.protocol === 'json' ? writeJsonError : writeXmlError;
  try {
    const values = address.protocol === 'json' ? readJson(body) : readForm(formOf(address.query, body));
    if (address.protocol === 'query') action = String((values as Record<string, unknown>)['Action'] ?? '');
    const carryOut = actionOf(action);
    const { pathQueue } = address;
    const output = await carryOut(new SqsInput(values), { ...context, ...(pathQueue && { pathQueue }) });
    return address.protocol === 'json' ? writeJson(output, requestId) : writeXml(action, output, requestId);
  } catch (error) {
    if (error instanceof SqsError) return refuse(error, requestId);
    onInternalError(error);
    return refuse(
      new SqsError('InternalFailure', 'The request failed on this machine; the log of the host says why.'),
      requestId,
    );
  }
}

/** An answer to a request that is not read at all. */
export function refuseSqs(address: SqsAddress, error: SqsError): GatewayResponse {
  const refuse = address.protocol === 'json' ? writeJsonError : writeXmlError;
  return refuse(error, randomUUID());
}

function actionOf(name: string) {
  for (const actions of [messageActions, queueActions]) {
    if (Object.hasOwn(actions, name)) return actions[name]!;
  }
  throw new SqsError(
    'UnknownOperationException',
    `The action ${name.slice(0, 100)} is not valid for this endpoint.`,
  );
}

/** Parameters stand in the body, in the address or in both. */
function formOf(query: URLSearchParams, body: Uint8Array): URLSearchParams {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  const form = new URLSearchParams(text);
  for (const [name, value] of query) if (!form.has(name)) form.append(name, value);
  return form;
}
