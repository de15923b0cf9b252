import { describe } from './errors.ts';
import type { FunctionDefinition } from './functionDefinition.ts';
import { platformDefaults } from './platformDefaults.ts';
import type { Problem } from './project.ts';

/**
 * The user's variables of a function: what the project file states, and over it what `.env` files say. The files win
 * because they are this machine's: as with `sam local invoke --env-vars`, a value for the cloud is replaced by a local one
 * without touching the file that is deployed.
 */
export function mergeEnvironment(
  definition: Pick<FunctionDefinition, 'env'>,
  fromFiles: Record<string, string>,
): Record<string, string> {
  return { ...definition.env, ...fromFiles };
}

/** Bytes that platforms count of an environment: names and values. */
export function environmentBytes(env: Record<string, string>): number {
  return Object.entries(env).reduce((sum, [name, value]) => sum + utf8Length(name) + utf8Length(value), 0);
}

const encoder = new TextEncoder();
const utf8Length = (text: string): number => encoder.encode(text).length;

/** A warning when the variables of a function are more than its platform takes: here they work, there it cannot be deployed. */
export function environmentProblems(
  definition: Pick<FunctionDefinition, 'name' | 'platform' | 'declaredAt'>,
  env: Record<string, string>,
): Problem[] {
  const bytes = environmentBytes(env);
  const limit = platformDefaults(definition.platform).environmentBytes;
  if (bytes <= limit) return [];
  const message = describe('LIMIT_EXCEEDED', {
    function: definition.name,
    what: 'the environment',
    value: `${bytes} bytes`,
    platform: definition.platform,
    limit: `at most ${limit} bytes, names and values together`,
  });
  return [
    {
      severity: 'warning',
      code: 'LIMIT_EXCEEDED',
      message,
      ...definition.declaredAt,
      function: definition.name,
    },
  ];
}

/** One warning for each variable the project file names that has no value: empty, or known only in the cloud. */
export function missingVariables(
  definition: Pick<FunctionDefinition, 'name' | 'env' | 'unresolvedEnv' | 'declaredAt'>,
  env: Record<string, string>,
): Problem[] {
  const unresolved = Object.entries(definition.unresolvedEnv ?? {}).map(
    ([name, { expression, at }]) => ({ name, detail: expression, at }) as const,
  );
  const empty = Object.entries(definition.env)
    .filter(([name, value]) => value === '' && !Object.hasOwn(definition.unresolvedEnv ?? {}, name))
    .map(([name]) => ({ name, detail: 'empty in the project file', at: definition.declaredAt }) as const);
  return [...unresolved, ...empty]
    .filter(({ name }) => !env[name])
    .map(({ name, detail, at }) => ({
      severity: 'warning',
      code: 'VARIABLE_MISSING',
      message: describe('VARIABLE_MISSING', { function: definition.name, name, detail }),
      ...at,
      function: definition.name,
      variable: name,
    }));
}

/** A variable that code reads, at its first place. */
export interface VariableRead {
  name: string;
  file: string;
  line: number;
  column: number;
  endColumn: number;
}

/** More names than this are counted instead. */
const mostNamed = 8;

/** The one warning of a function whose code reads variables that nothing gives; `shown` shortens a path for people. */
export function variablesNotGiven(
  definition: Pick<FunctionDefinition, 'name'>,
  missing: readonly VariableRead[],
  shown: (file: string) => string,
): Problem[] {
  const [first] = missing;
  if (!first) return [];
  const places = missing
    .slice(0, mostNamed)
    .map(({ name, file, line }) => `${name} (${shown(file)}:${line})`);
  const more = missing.length - places.length;
  if (more > 0) places.push(`${more} more`);
  const last = places.pop()!;
  const names = places.length > 0 ? `${places.join(', ')} and ${last}` : last;
  const facts = { function: definition.name, names, them: missing.length === 1 ? 'it' : 'them' };
  return [
    {
      severity: 'warning',
      code: 'VARIABLES_NOT_GIVEN',
      message: describe('VARIABLES_NOT_GIVEN', facts),
      file: first.file,
      line: first.line,
      column: first.column,
      endLine: first.line,
      endColumn: first.endColumn,
      function: definition.name,
    },
  ];
}
