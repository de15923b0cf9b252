import { baseEnvironment, markVariable } from '../instances/environment.ts';
import type { InstanceFacts } from '../model/platform.ts';
import type { FunctionRuntimeOptions } from './functionRuntimeOptions.ts';

/**
 * The variables of a new instance: what a program needs at all, then those that lead to its temporary folder and to the
 * gateway, then the platform's, and the user's over all but reserved ones.
 */
export function instanceEnvironment(
  { platform, definition, environment, mark, clock, gatewayEnvironment, localized }: FunctionRuntimeOptions,
  facts: Omit<InstanceFacts, 'startedAt'>,
  temporary: Record<string, string>,
): Record<string, string> {
  const allowed = Object.entries(environment)
    .filter(([name]) => !platform.isReservedVariable(name))
    .map(([name, value]) => [name, localized?.(value) ?? value]);
  return {
    ...baseEnvironment(),
    ...temporary,
    ...gatewayEnvironment(),
    ...platform.environment(definition, { ...facts, startedAt: new Date(clock.epochMs()) }),
    ...(Object.fromEntries(allowed) as Record<string, string>),
    [markVariable]: mark,
  };
}
