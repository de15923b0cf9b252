import type { ProblemList } from '../problemList.ts';
import type { ParsedFunction } from '../projectFile.ts';
import type { Route } from './fc2Props.ts';
import { routeTrigger } from './triggers.ts';
import { phrase } from '../../../support/l10n.ts';

/* What services of Function Compute 2.0 have to do with each other. */

/** A route, and the function whose domain states it. */
export type PlacedRoute = Route & { from: ParsedFunction };

/** Gives each route to the function it names, which may be another one of the file. */
export function addRoutes(functions: ParsedFunction[], routes: PlacedRoute[], problems: ProblemList): void {
  for (const { path, methods, functionName, serviceName, from, at } of routes) {
    const name = functionName ?? from.definition.name;
    const service = serviceName ?? from.definition.service;
    const target = functions.find(
      ({ definition }) => definition.name === name && definition.service === service,
    );
    if (target) {
      target.definition.triggers.push(routeTrigger(path, methods));
      continue;
    }
    const facts = {
      path: `${from.key}.customDomains`,
      detail: phrase('the route {path} goes to {service}/{name}, which is not in this file.', {
        path,
        service,
        name,
      }),
    };
    problems.add('info', 'SETTING_INVALID', facts, at, { function: from.definition.name });
  }
}

/** Services may have functions of the same name: these are called `service$function`, as 3.0 calls them. */
export function nameApart(functions: ParsedFunction[]): void {
  const times = new Map<string, number>();
  for (const { definition } of functions) times.set(definition.name, (times.get(definition.name) ?? 0) + 1);
  for (const { definition } of functions) {
    const { name, service } = definition;
    if (service === undefined || times.get(name) === 1) continue;
    definition.name = `${service}$${name}`;
    for (const trigger of definition.triggers) {
      if (trigger.kind !== 'http' || trigger.mount !== `/${encodeURIComponent(name)}`) continue;
      trigger.mount = `/${encodeURIComponent(service)}/${encodeURIComponent(name)}`;
      trigger.path = `${trigger.mount}/*`;
    }
  }
}
