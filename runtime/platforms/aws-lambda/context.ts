import { createHash, randomUUID } from 'node:crypto';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { InvocationFacts } from '../../model/platform.ts';
import { traceHeader } from './trace.ts';

export const newRequestId = (): string => randomUUID();

/** Name of the function's log group, as Lambda makes it by itself. */
export function logGroupName(definition: FunctionDefinition): string {
  return `/aws/lambda/${definition.name}`;
}

/**
 * A log stream's name in Lambda's form. Nothing is written there: one name per function serves, so that environment and
 * context agree whatever the instance.
 */
export function logStreamName(definition: FunctionDefinition): string {
  const hash = createHash('sha256').update(definition.name).digest('hex').slice(0, 32);
  return `1970/01/01/[$LATEST]${hash}`;
}

/** The function's ARN in its region's partition. */
export function functionArn({ name, region, accountId }: FunctionDefinition): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws';
  return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
}

/** Data of the context object that all invocations share. */
export function context(definition: FunctionDefinition): Record<string, unknown> {
  return {
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(definition),
    memoryLimitInMB: String(definition.memoryMB),
    awsRequestId: '',
    logGroupName: logGroupName(definition),
    logStreamName: logStreamName(definition),
  };
}

/** What a context object has of one invocation and, as `traceHeader`, of `_X_AMZN_TRACE_ID`. */
export function callContext(facts: InvocationFacts): Record<string, unknown> {
  const clientContext = facts.call?.clientContext;
  return {
    awsRequestId: facts.requestId,
    traceHeader: traceHeader(facts),
    ...(clientContext === undefined ? {} : { clientContext }),
  };
}
