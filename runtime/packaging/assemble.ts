import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Assembly } from '../model/program.ts';
import { phrase } from '../support/l10n.ts';

/** What is no part of a program, and state of ours and of others. */
const left = new Set(['.git', '.porchlight', 'Dockerfile', 'template.yml']);

/** Puts a program together in a folder: template, code, further files. Throws `PROGRAM_NOT_BUILT`. */
export async function assemble(
  { name, codeRoot }: FunctionDefinition,
  { template, codeInto, files = {} }: Assembly,
  folder: string,
): Promise<void> {
  const filter = (path: string): boolean => !left.has(basename(path));
  try {
    if (template !== undefined) await cp(template, folder, { recursive: true, force: true, filter });
    if (codeInto !== undefined)
      await cp(codeRoot, join(folder, codeInto), { recursive: true, force: true, filter });
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, ...path.split('/'));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  } catch (cause) {
    const detail = phrase('its code cannot be put together in {folder} ({problem}).', {
      folder,
      problem: (cause as Error).message,
    });
    throw new PorchlightError('PROGRAM_NOT_BUILT', { function: name, detail }, { cause });
  }
}
