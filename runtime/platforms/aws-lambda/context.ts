import { createHash, randomUUID } from 'node:crypto';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { InstanceFacts, InvocationFacts } from '../../model/platform.ts';
import { traceHeader } from './trace.ts';

export const newRequestId = (): string => randomUUID();

/** Name of the function's log group, as Lambda makes it by itself. */
export function logGroupName(definition: FunctionDefinition): string {
  return `/aws/lambda/${definition.name}`;
}

/** An instance's log stream in Lambda's form, by which people tell instances apart. Nothing is written there. */
export function logStreamName({ instanceId, startedAt }: InstanceFacts): string {
  const at = startedAt.toISOString();
  const hash = createHash('sha256').update(`${instanceId} ${at}`).digest('hex').slice(0, 32);
  return `${at.slice(0, 10).replaceAll('-', '/')}/[$LATEST]${hash}`;
}

/** The function's ARN in its region's partition. */
export function functionArn({ name, region, accountId }: FunctionDefinition): string {
  const partition = region.startsWith('cn-') ? 'aws-cn' : 'aws';
  return `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
}

/** Data of the context object that all invocations share; the name of the log stream is in each instance's environment. */
export function context(definition: FunctionDefinition): Record<string, unknown> {
  return {
    functionName: definition.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn(definition),
    memoryLimitInMB: String(definition.memoryMB),
    awsRequestId: '',
    logGroupName: logGroupName(definition),
  };
}

/** What a context object has of one invocation and, as `traceHeader`, of `_X_AMZN_TRACE_ID`. */
export function callContext(definition: FunctionDefinition, facts: InvocationFacts): Record<string, unknown> {
  const { clientContext, qualifier, tenantId } = facts.call ?? {};
  return {
    awsRequestId: facts.requestId,
    traceHeader: traceHeader(facts),
    // By which name it was called: code tells the stages that are aliases apart by this.
    ...(qualifier !== undefined && { invokedFunctionArn: `${functionArn(definition)}:${qualifier}` }),
    ...(clientContext === undefined ? {} : { clientContext }),
    ...(tenantId !== undefined && { tenantId }),
  };
}
