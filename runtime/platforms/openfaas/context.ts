import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { InvocationFacts } from '../../model/platform.ts';

/** The gateway's call id. */
export function newRequestId(): string {
  return randomUUID();
}

/** What contracts need to know of a function: which template calls it. */
export function context({ name, runtime, codeRoot }: FunctionDefinition): Record<string, unknown> {
  return { name, template: runtime ?? '', codeRoot };
}

/** What a call has of its own: handlers see requests alone. */
export function callContext({ requestId }: InvocationFacts): Record<string, unknown> {
  return { requestId };
}
