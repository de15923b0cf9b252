import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A virtual environment: an interpreter with packages of its own. */
export interface VirtualEnvironment {
  folder: string;
  /** Its program. Links are not followed: by its place Python knows which packages are its. */
  program: string;
  version: string;
}

const folderNames = ['.venv', 'venv', 'env'];

/**
 * The virtual environment of a function: the nearest one from its code folder up to the project's, as `python -m venv`,
 * poetry, pipenv and uv make them; otherwise the one that is active where the host was started.
 */
export function findVirtualEnvironment(
  codeRoot: string,
  root: string,
  active = process.env['VIRTUAL_ENV'],
): VirtualEnvironment | undefined {
  for (let folder = codeRoot; ; folder = dirname(folder)) {
    for (const name of folderNames) {
      const found = environmentAt(join(folder, name));
      if (found) return found;
    }
    if (folder === root || folder === dirname(folder) || relative(root, folder).startsWith('..')) break;
  }
  return active ? environmentAt(active) : undefined;
}

/** The virtual environment in a folder, as far as its own description says; its program may not run. */
export function environmentAt(folder: string): VirtualEnvironment | undefined {
  let text: string;
  try {
    text = readFileSync(join(folder, 'pyvenv.cfg'), 'utf8');
  } catch {
    // No virtual environment, or one that is not ours to see.
    return undefined;
  }
  const version = /^version(?:_info)?\s*=\s*(\d+\.\d+\.\d+)/m.exec(text)?.[1];
  if (version === undefined) return undefined;
  const [first, second] =
    process.platform === 'win32' ? ['Scripts\\python.exe', 'bin\\python.exe'] : ['bin/python', 'bin/python3'];
  const program = [join(folder, first), join(folder, second)].find((path) => existsSync(path));
  return { folder, version, program: program ?? join(folder, first) };
}
