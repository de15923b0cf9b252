import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { parseVersion, type PlacesSystem } from './nodePlaces.ts';
import { printedVersion } from './printedVersion.ts';

function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Most version managers are not installed.
    return [];
  }
}

/** What `node --version` prints, without its `v`; undefined when the file cannot be run or is no Node. */
export async function versionOfNode(file: string): Promise<string | undefined> {
  const printed = await printedVersion(file);
  return printed !== undefined && parseVersion(printed) ? printed.trim().replace(/^v/, '') : undefined;
}

/** Where programs may lie on this machine. */
export function realPlacesSystem(): PlacesSystem {
  return { platform: process.platform, env: process.env, home: homedir(), list: listFolder };
}
