import type { FunctionDefinition, TriggerDefinition } from '../../runtime/model/functionDefinition.ts';
import type { Problem } from '../../runtime/model/project.ts';

/** Functions as short text, for comparing with literals: defaults of the process model are left out. */
export function functionText(definition: FunctionDefinition): string {
  const { name, platform, language, handler, memoryMB, timeoutMs, env, unresolvedEnv, triggers } = definition;
  return [
    `${name} (${platform} ${definition.runtime ?? language}) ${handler || '-'} in ${definition.codeRoot}`,
    `  ${memoryMB} MB, ${timeoutMs / 1000} s, ${definition.region}`,
    ...Object.entries(env).map(([key, value]) => `  ${key}=${value}`),
    ...Object.entries(unresolvedEnv ?? {}).map(([key, { expression }]) => `  ${key}=? ${expression}`),
    ...triggers.map((trigger) => `  ${triggerText(trigger)}`),
  ].join('\n');
}

function triggerText(trigger: TriggerDefinition): string {
  if (trigger.kind !== 'http') {
    return `${trigger.kind} ${trigger.name} ${JSON.stringify(trigger.config)}`;
  }
  const mount = trigger.mount === undefined ? '' : ` mounted at ${trigger.mount}`;
  return `http ${trigger.name} ${trigger.methods.join(',') || 'ANY'} ${trigger.path}${mount} as ${trigger.shape}`;
}

/** Problems as `severity line:column-endColumn CODE message`. */
export function problemText(problem: Problem): string {
  const place =
    problem.line === undefined ? '' : `${problem.line}:${problem.column}-${problem.endColumn ?? ''} `;
  return `${problem.severity} ${place}${problem.code} ${problem.message}`;
}
