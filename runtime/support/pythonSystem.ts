import { printedVersion } from './printedVersion.ts';

/** What `python --version` prints, without its name; undefined when the file cannot be run or is no Python 3. */
export async function versionOfPython(file: string): Promise<string | undefined> {
  return /^Python (3\.\d+\.\d+)/.exec((await printedVersion(file)) ?? '')?.[1];
}
