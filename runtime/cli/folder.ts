import { statSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PorchlightError } from '../model/errors.ts';
import type { Terminal } from './terminal.ts';

/** The project folder a command works on. Links are resolved, so that all who open it mean the same folder. */
export async function projectFolder(terminal: Terminal, dir: string | undefined): Promise<string> {
  const folder = resolve(terminal.cwd, dir ?? '.');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PorchlightError('USAGE', {
      detail: `${folder} is not a folder. Give the folder of your functions.`,
    });
  }
  return realpath(folder);
}
