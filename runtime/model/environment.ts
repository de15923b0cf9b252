import { told } from './errors.ts';
import type { FunctionDefinition } from './functionDefinition.ts';
import { platformDefaults } from './platformDefaults.ts';
import type { Problem } from './project.ts';
import { type Phrase, phrase } from '../support/l10n.ts';

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
  const facts = {
    function: definition.name,
    what: phrase('the environment'),
    value: phrase('{bytes} bytes', { bytes }),
    platform: definition.platform,
    limit: phrase('at most {bytes} bytes, names and values together', { bytes: limit }),
  };
  return [
    {
      severity: 'warning',
      ...told('LIMIT_EXCEEDED', facts),
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
    .map(
      ([name]) => ({ name, detail: phrase('empty in the project file'), at: definition.declaredAt }) as const,
    );
  return [...unresolved, ...empty]
    .filter(({ name }) => !env[name])
    .map(({ name, detail, at }) => ({
      severity: 'warning',
      ...told('VARIABLE_MISSING', { function: definition.name, name, detail }),
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
  const said: (string | Phrase)[] = [
    ...places,
    ...(more > 0 ? [phrase('{count} more', { count: more })] : []),
  ];
  const last = said.pop()!;
  const names =
    places.length > 0 && said.length > 0
      ? phrase('{names} and {last}', { names: said.join(', '), last })
      : last;
  const them = missing.length === 1 ? phrase('it') : phrase('them');
  const facts = { function: definition.name, names, them };
  return [
    {
      severity: 'warning',
      ...told('VARIABLES_NOT_GIVEN', facts),
      file: first.file,
      line: first.line,
      column: first.column,
      endLine: first.line,
      endColumn: first.endColumn,
      function: definition.name,
    },
  ];
}
