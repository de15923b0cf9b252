import { describe } from '../../model/errors.ts';
import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { Problem } from '../../model/project.ts';
import { comparePatterns, matchPattern, parsePattern, type PathPattern } from './pathPattern.ts';

/*
 * Which function a path of the gateway belongs to. A trigger that has no path of its own because the cloud gives it a
 * domain (Function Compute HTTP trigger, Lambda function URL) is found below `/<function name>`; the function sees the
 * path behind that, as it would below its domain (`HttpTrigger.mount`).
 */

/** Paths of the gateway's own interfaces: no trigger gets them. */
const ownPrefixes = ['/_porchlight', '/2015-03-31', '/2021-11-15', '/2023-03-30'];

export interface Route {
  definition: FunctionDefinition;
  trigger: HttpTrigger;
}

/** What a request finds: a trigger with its path parameters, a path that has other methods only, or nothing. */
export type RouteResult =
  | (Route & { kind: 'found'; pathParameters: Record<string, string> })
  | { kind: 'methodNotAllowed'; allowed: string[] }
  | { kind: 'notFound' };

/** Finds functions by method and path; `problems` are triggers that can never be reached. */
export interface Router {
  /** `path` as sent, without the query. */
  match(method: string, path: string): RouteResult;
  routes: Route[];
  problems: Problem[];
}

interface Entry extends Route {
  pattern: PathPattern;
}

/** Makes a router of every HTTP trigger; the most specific path wins, then a named method over any, then the first. */
export function createRouter(functions: FunctionDefinition[]): Router {
  const problems: Problem[] = [];
  const entries: Entry[] = [];
  for (const definition of functions) {
    for (const trigger of definition.triggers.filter((candidate) => candidate.kind === 'http')) {
      const pattern = parsePattern(trigger.path);
      const obstacle = obstacleOf(trigger, pattern, entries);
      if (obstacle === undefined) {
        entries.push({ definition, trigger, pattern });
      } else {
        problems.push(unreachable(definition, trigger, obstacle));
      }
    }
  }
  // Sorting is stable: of equals the one declared first stays first.
  entries.sort(
    (a, b) =>
      comparePatterns(a.pattern, b.pattern) ||
      Number(a.trigger.methods.length === 0) - Number(b.trigger.methods.length === 0),
  );
  return { match: (method, path) => match(entries, method, path), routes: entries, problems };
}

function match(entries: Entry[], method: string, path: string): RouteResult {
  const allowed = new Set<string>();
  for (const { pattern, definition, trigger } of entries) {
    const pathParameters = matchPattern(pattern, path);
    if (!pathParameters) {
      continue;
    }
    if (trigger.methods.length === 0 || trigger.methods.includes(method)) {
      return { kind: 'found', definition, trigger, pathParameters };
    }
    trigger.methods.forEach((name) => allowed.add(name));
  }
  return allowed.size > 0 ? { kind: 'methodNotAllowed', allowed: [...allowed].sort() } : { kind: 'notFound' };
}

function obstacleOf(trigger: HttpTrigger, pattern: PathPattern, entries: Entry[]): string | undefined {
  const own = ownPrefixes.find((prefix) => trigger.path === prefix || trigger.path.startsWith(`${prefix}/`));
  if (own !== undefined) {
    return `${own} belongs to the gateway itself. Choose another path.`;
  }
  if (pattern.invalid !== undefined) {
    return pattern.invalid;
  }
  const rival = entries.find(
    (entry) =>
      comparePatterns(entry.pattern, pattern) === 0 &&
      entry.pattern.shape === pattern.shape &&
      overlap(entry.trigger.methods, trigger.methods),
  );
  return (
    rival && `${rival.definition.name} has the same path. Give one of them another path or other methods.`
  );
}

/** Whether every request of the later one goes to the earlier one. */
function overlap(earlier: string[], later: string[]): boolean {
  return earlier.length === 0
    ? later.length === 0
    : later.length > 0 && later.every((name) => earlier.includes(name));
}

function unreachable(definition: FunctionDefinition, trigger: HttpTrigger, detail: string): Problem {
  const route = `${trigger.methods.join(', ') || 'any method'} ${trigger.path}`;
  return {
    severity: 'warning',
    code: 'ROUTE_CONFLICT',
    message: describe('ROUTE_CONFLICT', { function: definition.name, route, detail }),
    ...definition.declaredAt,
    function: definition.name,
  };
}
