import { randomUUID } from 'node:crypto';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';

/** Knative numbers no requests; whoever looks for one here needs an id nevertheless. */
export function newRequestId(): string {
  return randomUUID();
}

/** What contracts need to know of a function: contexts are made of requests alone. */
export function context({ name, codeRoot, signature }: FunctionDefinition): Record<string, unknown> {
  return { name, codeRoot, ...(signature && { signature }) };
}
