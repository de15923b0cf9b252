import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFileFormats } from '../model/projectFiles/index.ts';

/** Levels of folders below the root that are searched, and the most folders that are looked into. */
const bounds = { depth: 3, folders: 2000 } as const;

/** Folders that hold results or other people's code. */
export const skippedFolders = new Set([
  'node_modules',
  'dist',
  'build',
  'out',
  'coverage',
  'vendor',
  'bower_components',
]);

/** Whether a folder is left out of every search below a project's root. */
export function isSkippedFolder(name: string): boolean {
  return name.startsWith('.') || skippedFolders.has(name);
}

/**
 * Absolute paths of files that may be project files by their name, nearest to the root first; in one folder in the
 * order of the formats, and of several spellings of one format only the preferred one. Links are not followed.
 */
export async function findProjectFiles(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  let visited = 0;
  for (let depth = 0; depth <= bounds.depth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++visited > bounds.folders) {
        return found;
      }
      const entries = await readFolder(folder);
      const files = new Set(
        entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name),
      );
      for (const format of projectFileFormats) {
        const name = format.fileNames.find((candidate) => files.has(candidate));
        if (name !== undefined) {
          found.push(join(folder, name));
        }
      }
      const below = entries.filter((entry) => entry.isDirectory() && !isSkippedFolder(entry.name));
      next.push(...below.map((entry) => join(folder, entry.name)).sort());
    }
    level = next;
  }
  return found;
}

async function readFolder(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    // A folder that may not be read holds nothing for us; the project's own folder is checked by its reader.
    return [];
  }
}
