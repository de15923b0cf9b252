import { environmentUse } from '../../../../runtime/model/code/environmentReads.ts';
import { mergeEnvironment } from '../../../../runtime/model/environment.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { readEnvironment } from '../environmentFiles.ts';
import { resolveModule } from '../handlerExports.ts';
import type { KnownFunction } from '../workspace.ts';
import type { FunctionFacts } from './facts.ts';

/** Files of one function that are asked for variables they set, and their size. */
const mostFiles = 200;
const mostCharacters = 256 * 1024;

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
  ]);
  let environmentIsOpen = false;
  const waiting = new Set([file]);
  // What is added to a set while it is gone through is gone through as well.
  for (const each of waiting) {
    const text = waiting.size > mostFiles ? undefined : files.readText(each);
    if (text === undefined || text.length > mostCharacters) continue;
    const use = environmentUse(text);
    environmentIsOpen ||= use.writesOthers;
    for (const name of use.writes) environment.add(name);
    for (const module of use.modules) {
      const target = resolveModule(each, module, files);
      if (target !== undefined) waiting.add(target);
    }
  }
  return { environment, environmentIsOpen };
}
