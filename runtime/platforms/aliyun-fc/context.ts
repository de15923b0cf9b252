import { randomBytes } from 'node:crypto';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { InvocationFacts } from '../../model/platform.ts';

/** A request id as Function Compute 3.0 writes it: `1-` and the time, then chance. */
export function newRequestId(): string {
  const seconds = Math.floor(Date.now() / 1000)
    .toString(16)
    .padStart(8, '0');
  const chance = randomBytes(10).toString('hex');
  return `1-${seconds}-${chance.slice(0, 8)}-${chance.slice(8)}`;
}

/**
 * Data of the context object (FC documentation "Context"). Credentials are empty, as for a function without a role:
 * keys a function needs here stand in its `.env`.
 */
export function context(definition: FunctionDefinition, facts: InvocationFacts): Record<string, unknown> {
  const { initializer } = definition;
  return {
    requestId: facts.requestId,
    credentials: { accessKeyId: '', accessKeySecret: '', securityToken: '' },
    function: {
      name: definition.name,
      handler: definition.handler,
      memory: definition.memoryMB,
      timeout: definition.timeoutMs / 1000,
      ...(initializer && {
        initializer: initializer.handler,
        initializationTimeout: initializer.timeoutMs / 1000,
      }),
    },
    service: { name: '', logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
    region: definition.region,
    accountId: definition.accountId,
    retryCount: 0,
    tracing: { openTracingSpanContext: '', openTracingSpanBaggages: {}, jaegerEndpoint: '' },
  };
}
