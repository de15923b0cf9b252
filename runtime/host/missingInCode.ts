import { relative, sep } from 'node:path';
import { variablesNotGiven } from '../model/environment.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Problem } from '../model/project.ts';
import { findPlatform } from '../platforms/index.ts';
import type { CodeVariables } from '../project/codeVariables.ts';

/**
 * The warning of a function whose code reads variables that it will not have: neither the user gives them (`environment`),
 * nor its platform. What the project file names without a value is told by its own warning.
 */
export async function missingInCode(
  variables: CodeVariables,
  root: string,
  definition: FunctionDefinition,
  environment: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<Problem[]> {
  const platform = findPlatform(definition.platform);
  const facts = {
    instanceId: '',
    codeRoot: definition.codeRoot,
    provisioned: false,
    version: '',
    startedAt: new Date(0),
  };
  const given = new Set([
    ...Object.keys(environment),
    ...Object.keys(definition.unresolvedEnv ?? {}),
    ...Object.keys(platform?.environment(definition, facts) ?? {}),
  ]);
  const isGiven = (name: string): boolean => given.has(name) || platform?.isReservedVariable(name) === true;
  const missing = await variables.missing(definition, isGiven, more);
  return variablesNotGiven(definition, missing, (file) => relative(root, file).split(sep).join('/'));
}
