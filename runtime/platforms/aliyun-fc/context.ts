import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { cloudName } from './cloudName.ts';
import { takesRequests } from './http2.ts';
import type { InvocationFacts } from '../../model/platform.ts';
import { randomHex } from '../../support/randomHex.ts';

/** A request id as Function Compute 3.0 writes it: `1-` and the time, then chance. */
export function newRequestId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  const chance = randomHex(20);
  return `1-${seconds}-${chance.slice(0, 8)}-${chance.slice(8)}`;
}

/**
 * Data of the context object (FC documentation "Context"). Credentials are empty, as for a function without a role:
 * keys a function needs here stand in its `.env`.
 */
export function context(definition: FunctionDefinition): Record<string, unknown> {
  const { initializer } = definition;
  return {
    requestId: '',
    credentials: { accessKeyId: '', accessKeySecret: '', securityToken: '' },
    function: {
      name: cloudName(definition),
      handler: definition.handler,
      memory: definition.memoryMB,
      timeout: definition.timeoutMs / 1000,
      ...(initializer && {
        initializer: initializer.handler,
        initializationTimeout: initializer.timeoutMs / 1000,
      }),
    },
    service: serviceOf(definition),
    region: definition.region,
    accountId: definition.accountId,
    retryCount: 0,
    tracing: { openTracingSpanContext: '', openTracingSpanBaggages: {}, jaegerEndpoint: '' },
    // Taken out by the contracts, which are told by it how to call the handler.
    ...(takesRequests(definition) && { takesRequests: true }),
  };
}

/** What a context object has of one invocation. */
export function callContext(definition: FunctionDefinition, facts: InvocationFacts): Record<string, unknown> {
  const { requestId, call: { retryCount, qualifier } = {} } = facts;
  return {
    requestId,
    ...(retryCount !== undefined && { retryCount }),
    ...(qualifier !== undefined && { service: { ...serviceOf(definition), qualifier } }),
  };
}

function serviceOf({ service = '' }: FunctionDefinition): Record<string, string> {
  return { name: service, logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' };
}
