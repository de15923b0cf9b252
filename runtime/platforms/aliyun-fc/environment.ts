import { sep } from 'node:path';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { versionsOffered } from '../../model/runtimes.ts';
import { shownRuntime } from '../../model/usualRuntimes.ts';
import { cloudName } from './cloudName.ts';
import type { InstanceFacts } from '../../model/platform.ts';
import type { LanguageId } from '../../model/words.ts';

/** Versions of a language that it offers. The oldest of Node.js run functions that are there, and make no new ones. */
export const offers: Record<LanguageId, readonly string[]> = {
  nodejs: versionsOffered('aliyun-fc', 'nodejs'),
  python: versionsOffered('aliyun-fc', 'python'),
  php: versionsOffered('aliyun-fc', 'php'),
};

/**
 * Variables of a Function Compute instance (FC documentation "Environment variables"; the emulator of the fc3 component
 * for the local ones). Credentials are not among them: a function here has those of its `.env`, if any.
 */
export function environment(definition: FunctionDefinition, facts: InstanceFacts): Record<string, string> {
  return {
    FC_FUNC_CODE_PATH: /[\\/]$/.test(facts.codeRoot) ? facts.codeRoot : facts.codeRoot + sep,
    FC_ACCOUNT_ID: definition.accountId,
    FC_REGION: definition.region,
    FC_FUNCTION_NAME: cloudName(definition),
    ...(definition.service !== undefined && { FC_SERVICE_NAME: definition.service }),
    FC_FUNCTION_HANDLER: definition.handler,
    FC_FUNCTION_MEMORY_SIZE: String(definition.memoryMB),
    FC_INSTANCE_ID: facts.instanceId,
    FC_FUNCTION_VERSION: 'LATEST',
    FC_QUALIFIER: 'LATEST',
    FC_RUNTIME: shownRuntime(definition, { version: facts.version, offers: offers[definition.language] }),
    FC_TIMEOUT: String(definition.timeoutMs / 1000),
    ...(definition.initializer && {
      FC_INITIALIZER_HANDLER: definition.initializer.handler,
      FC_INITIALIZATION_TIMEOUT: String(definition.initializer.timeoutMs / 1000),
    }),
    TZ: 'UTC',
  };
}

/** Names beginning with `FC_` are the platform's. */
export function isReservedVariable(name: string): boolean {
  return /^FC_/i.test(name);
}
