import type { ApiCall, ApiEndpoint, InvokeApi, Refusal } from '../../model/invokeApi.ts';
import type { GatewayResponse } from '../../model/platform.ts';
import { callerTimeoutMs, durationSeconds, headerOf, startTime } from './callHeaders.ts';
import { httpEvent } from './httpEvent.ts';
import { answered } from './httpResponse.ts';

const pattern = /^\/async-function\/([^/]+)(\/.*)?$/;

/**
 * `/async-function/{name}`: the gateway takes a request, answers at once, and the function runs on (OpenFaaS documentation
 * "Asynchronous Functions").
 */
export const asyncApi: InvokeApi = {
  at(path) {
    const [, name, below = '/'] = pattern.exec(path) ?? [];
    return name === undefined ? undefined : endpoint(decode(name), below);
  },
  // Retries take OpenFaaS Pro; the community edition's queue worker calls once.
  retries: { attempts: 1, afterFailureMs: () => 0, afterThrottleMs: () => 1000, maxAgeMs: 3_600_000 },
  gatewayNames: ['gateway', 'gateway.openfaas', 'gateway.openfaas.svc', 'gateway.openfaas.svc.cluster.local'],
  endsWithCaller: false,
  environment: () => ({}),
};

/** Headers of one connection, and what the next one works out itself (RFC 9110, section 7.6.1). */
const ofConnection = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function endpoint(name: string, path: string): ApiEndpoint {
  return {
    // `name.namespace` names the same function of another namespace; there is one here.
    names: [name, name.replace(/\.[^.]*$/, '')],
    read({ query, headers }): ApiCall | Refusal {
      const rawHeaders = Object.entries(headers).flatMap(([header, value]) =>
        [value ?? []].flat().map((each): [string, string] => [header, each]),
      );
      const callbackUrl = headerOf(rawHeaders, 'x-callback-url');
      const callId = headerOf(rawHeaders, 'x-call-id');
      const timeoutMs = callerTimeoutMs(rawHeaders);
      // The function gets the request itself, only later.
      const eventOf = (body: Uint8Array, facts: { requestId: string; at: Date }) =>
        httpEvent(
          {
            method: 'POST',
            url: query.size > 0 ? `${path}?${query.toString()}` : path,
            rawHeaders,
            body,
            remoteAddress: '127.0.0.1',
            pathParameters: {},
          },
          undefined,
          { ...facts, trigger: 'event' },
        );
      return {
        mode: 'async',
        limit: 32 * 1024 * 1024,
        tail: false,
        facts: {},
        notes: [],
        eventOf,
        ...(callbackUrl !== undefined && { callbackUrl }),
        ...(callId !== undefined && { callId }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      };
    },
    refuse: (refusal) => refused(refusal),
    accepted: ({ callId }, requestId) => ({
      status: 202,
      headers: [
        ['X-Call-Id', callId ?? requestId],
        ['X-Start-Time', startTime(new Date())],
      ],
      body: new Uint8Array(),
    }),
    // As the queue worker posts it: the function's own headers, and its own of the call.
    callback({ call: { callId }, outcome, record }, requestId) {
      const { status, headers, body } = answered(outcome);
      const own: [string, string][] = [
        ['X-Call-Id', callId ?? requestId],
        ['X-Duration-Seconds', durationSeconds(record.durationMs)],
        ['X-Function-Status', String(status)],
        ['X-Function-Name', record.function],
        ['User-Agent', 'queue-worker'],
      ];
      const replaced = new Set([...own.map(([header]) => header.toLowerCase()), ...ofConnection]);
      return {
        headers: [...headers.filter(([header]) => !replaced.has(header.toLowerCase())), ...own],
        body,
      };
    },
    answer: ({ outcome }) => ({ status: 200, headers: [], body: outcome.body }),
  };
}

function refused(refusal: Refusal): GatewayResponse {
  const [status, text] = wordsOf(refusal);
  return { status, headers: [['Content-Type', 'text/plain; charset=utf-8']], body: Buffer.from(text) };
}

function wordsOf(refusal: Refusal): [status: number, text: string] {
  switch (refusal.kind) {
    case 'method':
      return [405, `${refusal.method} is not taken here; POST the request.`];
    case 'forbidden':
      return [403, refusal.detail];
    case 'unknownFunction':
      return [404, `There is no such function. Known: ${refusal.known.join(', ') || 'none'}.`];
    case 'tooLarge':
      return [413, `${refusal.bytes} bytes exceed the limit of ${refusal.limit}.`];
    case 'throttled':
      return [429, 'The queue is full.'];
    case 'recursion':
      return [508, refusal.detail];
    case 'invalid':
      return [400, refusal.message];
    case 'taskExists':
      return [409, `${refusal.taskId} exists.`];
    case 'notJson':
    case 'internal':
      return [500, refusal.detail];
  }
}
