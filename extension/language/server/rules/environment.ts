import { join } from 'node:path';
import { parse } from 'dotenv';
import { environmentUse, type EnvironmentUse } from '../../../../runtime/model/code/environmentReads.ts';
import { mergeEnvironment } from '../../../../runtime/model/environment.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { readEnvironment } from '../environmentFiles.ts';
import { resolveModule } from '../handlerExports.ts';
import type { KnownFunction } from '../workspace.ts';
import type { FunctionFacts } from './facts.ts';

/** Files of one function that are asked for variables they set, and their size. */
const mostFiles = 200;
const mostCharacters = 256 * 1024;

const known = new Map<string, { text: string; use: EnvironmentUse }>();

/** What a file says about the environment; worked out once until its text changes, as many functions may share it. */
export function environmentUseOf(file: string, text: string): EnvironmentUse {
  const before = known.get(file);
  if (before?.text === text) return before.use;
  const use = environmentUse(text);
  // Enough for the files of a large project; a rare start from anew keeps it bounded.
  if (known.size >= 500) known.clear();
  known.set(file, { text, use });
  return use;
}

/** Files of stages and targets give their variables somewhere; those that only show what to fill in give nothing. */
const ofStages = /^\.env\.(?!(?:example|sample|template|dist|defaults?)$)/;

function otherFiles(folder: string, files: FileLookup): string[] {
  const names = files.list(folder).filter((name) => ofStages.test(name) && !name.endsWith('/'));
  return names.flatMap((name) => Object.keys(parse(files.readText(join(folder, name)) ?? '')));
}

/** Variables a function has: what the project file and `.env` files name, and what its own code sets. */
export function environmentOf(
  { definition }: Pick<KnownFunction, 'definition'>,
  root: string,
  file: string,
  files: FileLookup,
): Pick<FunctionFacts, 'environment' | 'environmentIsOpen'> {
  const variables = readEnvironment(files, root, definition.codeRoot, definition.name);
  const environment = new Set([
    ...Object.keys(mergeEnvironment(definition, variables)),
    ...Object.keys(definition.unresolvedEnv ?? {}),
    ...[...new Set([root, definition.codeRoot])].flatMap((folder) => otherFiles(folder, files)),
  ]);
  let environmentIsOpen = false;
  const waiting = new Set([file]);
  // What is added to a set while it is gone through is gone through as well.
  for (const each of waiting) {
    const text = waiting.size > mostFiles ? undefined : files.readText(each);
    if (text === undefined || text.length > mostCharacters) continue;
    const use = environmentUseOf(each, text);
    environmentIsOpen ||= use.writesOthers;
    for (const name of use.writes) environment.add(name);
    for (const module of use.modules) {
      const target = resolveModule(each, module, files);
      if (target !== undefined) waiting.add(target);
    }
  }
  return { environment, environmentIsOpen };
}
