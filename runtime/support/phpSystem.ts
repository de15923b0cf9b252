import { printedVersion } from './printedVersion.ts';

/** What `php --version` prints, without its name; undefined when the file cannot be run or is no PHP for the command line. */
export async function versionOfPhp(file: string): Promise<string | undefined> {
  return /^PHP (\d+\.\d+\.\d+)\S* \(cli\)/.exec((await printedVersion(file)) ?? '')?.[1];
}
