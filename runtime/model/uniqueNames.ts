import { dirname, relative, sep } from 'node:path';
import { told } from './errors.ts';
import type { FunctionDefinition, TriggerDefinition } from './functionDefinition.ts';
import type { Problem } from './project.ts';

/**
 * Gives functions of the same name different ones: the first keeps its name, the others get their folder in front
 * (`shop/api-hello`), and each of those is told.
 */
export function makeNamesUnique(
  root: string,
  definitions: FunctionDefinition[],
): { functions: FunctionDefinition[]; problems: Problem[] } {
  const taken = new Set(definitions.map((definition) => definition.name));
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const functions = definitions.map((definition) => {
    if (!seen.has(definition.name)) {
      seen.add(definition.name);
      return definition;
    }
    const folder = relative(root, dirname(definition.declaredAt.file)).split(sep).filter(Boolean).join('-');
    const base = folder ? `${folder}-${definition.name}` : definition.name;
    let listed = base;
    for (let count = 2; taken.has(listed); count++) {
      listed = `${base}-${count}`;
    }
    taken.add(listed);
    problems.push({
      severity: 'warning',
      ...told('FUNCTION_DUPLICATE', { name: definition.name, listed }),
      ...definition.declaredAt,
      function: listed,
    });
    return {
      ...definition,
      name: listed,
      triggers: definition.triggers.map((trigger) => remount(trigger, listed)),
    };
  });
  return { functions, problems };
}

/** A trigger's own place on the gateway follows the function's name. */
function remount(trigger: TriggerDefinition, name: string): TriggerDefinition {
  if (trigger.kind !== 'http' || trigger.mount === undefined) {
    return trigger;
  }
  // The last part of it is the name, e.g. of `/function/hello`.
  const mount = trigger.mount.replace(/[^/]*$/, encodeURIComponent(name));
  return { ...trigger, mount, path: mount + trigger.path.slice(trigger.mount.length) };
}
