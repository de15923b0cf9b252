import { environmentProblems, mergeEnvironment, missingVariables } from '../model/environment.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Problem } from '../model/project.ts';
import { readEnvironmentFiles } from './environmentFiles.ts';

/** The user's environment of one function, without the platform's own variables. Values may be secret. */
export interface FunctionEnvironment {
  env: Record<string, string>;
  /** Absolute paths of the `.env` files that were read. */
  files: string[];
  problems: Problem[];
}

/**
 * Reads the `.env` files of a function and merges them over what the project file states. The environment of this
 * process is not inherited: what works here would fail in the cloud for want of it.
 */
export async function environmentFor(
  definition: FunctionDefinition,
  root: string,
  target = 'local',
): Promise<FunctionEnvironment> {
  const { variables, files, problems } = await readEnvironmentFiles(root, definition, target);
  const env = mergeEnvironment(definition, variables);
  const own = [...missingVariables(definition, env), ...environmentProblems(definition, env)];
  return { env, files, problems: [...problems, ...own] };
}
