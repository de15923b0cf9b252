import { told } from './errors.ts';
import type { FunctionDefinition } from './functionDefinition.ts';
import type { Problem } from './project.ts';
import { oneByOneLanguages } from './languages.ts';
import { platformDefaults } from './platformDefaults.ts';
import { phrase } from '../support/l10n.ts';

/**
 * Functions as their platform would run them: where an instance handles one invocation at a time, so it does here, and
 * a setting that asks for more is told.
 */
export function allowedConcurrency(functions: FunctionDefinition[]): {
  functions: FunctionDefinition[];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const allowed = functions.map((definition) => {
    const { builtInConcurrency } = platformDefaults(definition.platform);
    const most = oneByOneLanguages.has(definition.language) ? 1 : builtInConcurrency;
    const { concurrency } = definition.process;
    if (definition.language === 'custom' || concurrency <= most) return definition;
    const onlyHere = most < builtInConcurrency;
    const detail = onlyHere
      ? phrase('instances of {language} functions handle one invocation at a time here, not {concurrency}.', {
          language: definition.language,
          concurrency,
        })
      : most === 1
        ? phrase(
            '{platform} hands instances of this runtime one invocation at a time, not {concurrency}; so it is here.',
            { platform: definition.platform, concurrency },
          )
        : phrase(
            '{platform} hands instances of this runtime {most} invocations at a time, not {concurrency}; so it is here.',
            { platform: definition.platform, most, concurrency },
          );
    problems.push({
      severity: 'warning',
      ...told('SETTING_INVALID', { path: `${definition.name}.concurrency`, detail }),
      ...definition.declaredAt,
      function: definition.name,
    });
    return { ...definition, process: { ...definition.process, concurrency: most } };
  });
  return { functions: allowed, problems };
}
