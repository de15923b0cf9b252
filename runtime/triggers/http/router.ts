import { told } from '../../model/errors.ts';
import type { FunctionDefinition, HttpTrigger } from '../../model/functionDefinition.ts';
import type { Problem } from '../../model/project.ts';
import { comparePatterns, matchPattern, parsePattern, type PathPattern } from './pathPattern.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/*
 * Which function a path of the gateway belongs to. A trigger that has no path of its own because the cloud gives it a
 * domain (Function Compute HTTP trigger, Lambda function URL) is found below `/<function name>`; the function sees the
 * path behind that, as it would below its domain (`HttpTrigger.mount`).
 */

/** Paths of the gateway's own interfaces: no trigger gets them. */
const ownPrefixes = ['/_porchlight', '/2015-03-31', '/2021-11-15', '/2023-03-30', '/async-function'];

/** A trigger that a request leads to. */
export interface RouteMatch {
  function: string;
  trigger: HttpTrigger;
  pathParameters: Record<string, string>;
}

interface Entry {
  definition: FunctionDefinition;
  trigger: HttpTrigger;
  pattern: PathPattern;
}

/** Finds functions by method and path: the most specific path wins, then a named method over any, then the first declared. */
export class Router {
  #entries: Entry[] = [];

  /** Replaces the routes. The answer names triggers that can never be reached. */
  setFunctions(definitions: FunctionDefinition[]): Problem[] {
    const problems: Problem[] = [];
    const entries: Entry[] = [];
    for (const definition of definitions) {
      for (const trigger of httpTriggers(definition)) {
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
    this.#entries = entries.sort(
      (a, b) => comparePatterns(a.pattern, b.pattern) || Number(anyMethod(a)) - Number(anyMethod(b)),
    );
    return problems;
  }

  /** The trigger for a request; `path` as sent, without the query. */
  match(method: string, path: string): RouteMatch | undefined {
    for (const { pattern, definition, trigger } of this.#entries) {
      const accepts = trigger.methods.length === 0 || trigger.methods.includes(method);
      const pathParameters = accepts ? matchPattern(pattern, path) : undefined;
      if (pathParameters) {
        return { function: definition.name, trigger, pathParameters };
      }
    }
    return undefined;
  }

  /** Methods with which a path would be answered; none when no trigger has the path. */
  allowedMethods(path: string): string[] {
    const fitting = this.#entries.filter(({ pattern }) => matchPattern(pattern, path));
    return [...new Set(fitting.flatMap(({ trigger }) => trigger.methods))].sort();
  }

  /** Paths a function is called at, without the final `*`; patterns keep their `{name}`. */
  pathsOf(definition: FunctionDefinition): string[] {
    return httpTriggers(definition).map((trigger) => trigger.path.replace(/\/\*$/, '') || '/');
  }

  /** A line for each route, for people. */
  describe(): string[] {
    return this.#entries.map(
      ({ trigger, definition }) =>
        `${trigger.methods.join(',') || 'ANY'} ${trigger.path}  (${definition.name})`,
    );
  }
}

/** A router without routes. */
export function createRouter(): Router {
  return new Router();
}

function httpTriggers(definition: FunctionDefinition): HttpTrigger[] {
  return definition.triggers.filter((trigger) => trigger.kind === 'http');
}

function anyMethod({ trigger }: Entry): boolean {
  return trigger.methods.length === 0;
}

function obstacleOf(trigger: HttpTrigger, pattern: PathPattern, entries: Entry[]): Phrase | undefined {
  const own = ownPrefixes.find((prefix) => trigger.path === prefix || trigger.path.startsWith(`${prefix}/`));
  if (own !== undefined) {
    return phrase('{own} belongs to the gateway itself. Choose another path.', { own });
  }
  if (pattern.invalid !== undefined) {
    return pattern.invalid;
  }
  const rival = entries.find(
    (entry) => entry.pattern.shape === pattern.shape && covers(entry.trigger.methods, trigger.methods),
  );
  return (
    rival &&
    phrase('{name} has the same path. Give one of them another path or other methods.', {
      name: rival.definition.name,
    })
  );
}

/** Whether every request of the later one goes to the earlier one; a named method goes before any. */
function covers(earlier: string[], later: string[]): boolean {
  if (later.length === 0) {
    return earlier.length === 0;
  }
  return later.every((name) => earlier.includes(name));
}

function unreachable(definition: FunctionDefinition, trigger: HttpTrigger, detail: Phrase): Problem {
  const route = `${trigger.methods.join(',') || 'ANY'} ${trigger.path}`;
  return {
    severity: 'warning',
    ...told('ROUTE_CONFLICT', { function: definition.name, route, detail }),
    ...definition.declaredAt,
    function: definition.name,
  };
}
