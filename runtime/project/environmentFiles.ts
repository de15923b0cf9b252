import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { told } from '../model/errors.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { Problem } from '../model/project.ts';

/** Larger files are not environment files. */
const mostBytes = 1024 * 1024;

/** What `.env` files say, and where that stands. Values may be secret. */
export interface EnvironmentFiles {
  variables: Record<string, string>;
  /** Absolute paths of the files that exist, in the order in which they were read. */
  files: string[];
  problems: Problem[];
}

/**
 * Reads the environment files of a function, later ones over earlier ones: `.env`, `.env.<target>` and `.env.<function>`,
 * each in the project's root and then in the code folder.
 */
export async function readEnvironmentFiles(
  root: string,
  definition: Pick<FunctionDefinition, 'name' | 'codeRoot'> | undefined,
  target: string,
): Promise<EnvironmentFiles> {
  const names = ['.env', `.env.${target}`, ...(definition ? [`.env.${definition.name}`] : [])];
  const folders = [...new Set([root, definition?.codeRoot ?? root])];
  const result: EnvironmentFiles = { variables: {}, files: [], problems: [] };
  for (const name of names) {
    for (const folder of folders) {
      await readInto(result, join(folder, name));
    }
  }
  return result;
}

async function readInto(result: EnvironmentFiles, file: string): Promise<void> {
  try {
    const { size } = await stat(file);
    if (size > mostBytes) {
      throw new Error(`it has ${size} bytes, more than ${mostBytes}.`);
    }
    Object.assign(result.variables, parse(await readFile(file)));
    result.files.push(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'ENAMETOOLONG') {
      const detail = code === undefined ? (error as Error).message : `${code}.`;
      result.problems.push({
        severity: 'warning',
        ...told('FILE_UNREADABLE', { file, detail }),
        file,
      });
    }
  }
}
