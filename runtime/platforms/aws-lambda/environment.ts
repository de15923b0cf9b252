import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { versionsOffered } from '../../model/runtimes.ts';
import { shownRuntime } from '../../model/usualRuntimes.ts';
import type { InstanceFacts } from '../../model/platform.ts';
import type { LanguageId } from '../../model/words.ts';
import { logGroupName, logStreamName } from './context.ts';

/**
 * Names Lambda refuses in a function's configuration (developer guide "Environment variables"). Credentials are refused
 * there as well, but here only the user can give them, in `.env`.
 */
const reserved = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_LAMBDA_MAX_CONCURRENCY',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
]);

/** Versions of a language that it offers. */
export const offers: Record<LanguageId, readonly string[]> = {
  nodejs: versionsOffered('aws-lambda', 'nodejs'),
  python: versionsOffered('aws-lambda', 'python'),
};

/** Variables of a Lambda execution environment, without credentials. */
export function environment(definition: FunctionDefinition, facts: InstanceFacts): Record<string, string> {
  const runtime = shownRuntime(definition, { version: facts.version, offers: offers[definition.language] });
  return {
    _HANDLER: definition.handler,
    AWS_REGION: definition.region,
    AWS_DEFAULT_REGION: definition.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMB),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: facts.provisioned ? 'provisioned-concurrency' : 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroupName(definition),
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(facts),
    LAMBDA_TASK_ROOT: facts.codeRoot,
    // As in the cloud, where code only looks whether it is there; on this machine it is no folder.
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    ...(definition.process.concurrency > 1 && {
      AWS_LAMBDA_MAX_CONCURRENCY: String(definition.process.concurrency),
    }),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
  };
}

/** Whether a user's variable of this name is left out. */
export function isReservedVariable(name: string): boolean {
  return reserved.has(name);
}
