import type { BuildState, FunctionState } from '../protocol/control/state.ts';
import type { FunctionRuntime } from './functionRuntime.ts';

/** What only the function itself knows of its state. */
export interface StateParts {
  /** Its variables: their names are shown, their values may be secret. */
  environment: Record<string, string>;
  urls: FunctionState['urls'];
  build: BuildState;
  entryFile: string | undefined;
  interpreter: string | undefined;
}

/** A function as clients see it. */
export function stateOf(fn: FunctionRuntime, parts: StateParts): FunctionState {
  const { definition, platform } = fn;
  const preload = fn.starts.state;
  return {
    name: definition.name,
    platform: definition.platform,
    platformName: platform.displayName,
    language: definition.language,
    handler: definition.handler,
    codeRoot: definition.codeRoot,
    declaredAt: definition.declaredAt,
    process: fn.pool.settings,
    configuredModel: definition.process.model,
    memoryMB: definition.memoryMB,
    timeoutMs: definition.timeoutMs,
    environmentNames: Object.keys(parts.environment).sort(),
    triggers: definition.triggers,
    urls: parts.urls,
    build: parts.build,
    instances: fn.pool.states(),
    queued: fn.pool.waiting,
    statistics: fn.statistics.toJSON(),
    ...(preload ? { preload } : {}),
    ...(parts.interpreter === undefined ? {} : { interpreter: parts.interpreter }),
    ...(definition.runtime === undefined ? {} : { runtime: definition.runtime }),
    ...(definition.handlerAt === undefined ? {} : { handlerAt: definition.handlerAt }),
    ...(parts.entryFile === undefined ? {} : { entryFile: parts.entryFile }),
  };
}
