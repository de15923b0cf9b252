import { told } from './errors.ts';
import type { FunctionDefinition } from './functionDefinition.ts';
import { isOnPlatform } from './usualRuntimes.ts';
import type { Problem } from './project.ts';

/** Functions in a language that their platform has no runtime for, as problems of where they are declared. */
export function languagesNotOffered(functions: FunctionDefinition[]): Problem[] {
  return functions
    .filter(({ language, platform }) => !isOnPlatform(language, platform))
    .map(({ name, language, platform, declaredAt }) => ({
      severity: 'error',
      ...told('LANGUAGE_NOT_OFFERED', { function: name, language, platform }),
      ...declaredAt,
      function: name,
    }));
}
