import { ContractError, type NamedExport } from '../../../protocol/instance/contract.ts';
import type { HealthCheck } from './healthCheck.ts';

/** What a function's module may export (`faas-js-runtime`, interface `Function`). */
export interface FunctionModule {
  handle(context: unknown, input: unknown): unknown;
  init?: () => unknown;
  shutdown?: () => unknown;
  cors?: () => string[];
  liveness?: HealthCheck;
  readiness?: HealthCheck;
  logLevel?: unknown;
}

/** The export that is the function, unless a project file names another. */
const usualExport = 'handle';

type Exports = Record<string, unknown> | null | undefined;

/**
 * The function of a module: what it exports as a whole, `handle` and what stands beside it, or another export that is one
 * of both.
 */
export function functionModuleOf({ exports, exportName }: NamedExport): FunctionModule {
  const whole = exports as Exports | ((...args: unknown[]) => unknown);
  if (exportName === usualExport) {
    if (typeof whole === 'function') return { handle: whole };
    if (typeof whole?.['handle'] === 'function') return modulesOwn(whole);
    throw new ContractError('TypeError', 'Function must export a handle function');
  }
  const found = (exports as Exports)?.[exportName];
  if (typeof found === 'function') return { handle: found as FunctionModule['handle'] };
  if (typeof (found as Exports)?.['handle'] === 'function') return modulesOwn(found as object);
  throw new ContractError('TypeError', `Function must export a function ${exportName}`);
}

/** Only functions count, and they are called as methods of what exports them. */
function modulesOwn(exports: object): FunctionModule {
  const given = exports as Record<string, unknown>;
  const named = ['init', 'shutdown', 'cors'].flatMap((name) => {
    const value = given[name];
    return typeof value === 'function' ? [[name, (value as () => unknown).bind(given)] as const] : [];
  });
  const checks = ['liveness', 'readiness'].flatMap((name) =>
    typeof given[name] === 'function' ? [[name, given[name]] as const] : [],
  );
  return {
    handle: given['handle'] as FunctionModule['handle'],
    ...Object.fromEntries([...named, ...checks]),
    logLevel: given['logLevel'],
  };
}
