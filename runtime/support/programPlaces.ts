import { posix, win32 } from 'node:path';
import type { PlacesSystem } from './nodePlaces.ts';

/** A folder that holds one folder per version, and where the program is in each. */
export interface VersionsFolder {
  folder: string;
  inside: string;
}

/** How the programs of one interpreter are called, and who keeps several versions of it. */
export interface ProgramPlaces {
  /** Whether a file is one by its name. */
  isProgram(name: string): boolean;
  /** Whether a folder holds a version, by its name. */
  isVersion(name: string): boolean;
  managers: VersionsFolder[];
}

const usualFolders = [
  '/usr/local/bin',
  '/opt/homebrew/bin',
  '/usr/bin',
  '/opt/local/bin',
  '/home/linuxbrew/.linuxbrew/bin',
];

/**
 * Where an interpreter may be, in the order in which to try: the PATH, usual places, then what version managers and
 * installers keep. Managers' stand-ins and the store's, which only offer to install one, are left out.
 */
export function programPlaces(
  system: PlacesSystem,
  { isProgram, isVersion, managers }: ProgramPlaces,
): string[] {
  const path = system.platform === 'win32' ? win32 : posix;
  const pathVariable = system.env['PATH'] ?? system.env['Path'] ?? '';
  const onPath = pathVariable
    .split(path.delimiter)
    .map((folder) => folder.trim().replace(/^"(.*)"$/, '$1'))
    .filter((folder) => path.isAbsolute(folder) && !/[\\/](shims|WindowsApps)[\\/]?$/i.test(folder));
  const usual = system.platform === 'win32' ? [] : usualFolders;
  const inFolders = [...onPath, ...usual].flatMap((folder) =>
    system
      .list(folder)
      .filter(isProgram)
      .map((name) => path.join(folder, name)),
  );
  const managed = managers.flatMap(({ folder, inside }) =>
    system
      .list(folder)
      .filter(isVersion)
      .map((name) => path.join(folder, name, inside)),
  );
  return [...new Set([...inFolders, ...managed])];
}
