import { posix, win32 } from 'node:path';

/** What looking for programs needs of the system; tests pass a fake. */
export interface PlacesSystem {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
  /** Names in a folder; empty when it is not there. */
  list(folder: string): string[];
}

/** Folders in which version managers keep one folder per version, and where `node` is in each. */
function managerFolders(system: PlacesSystem): { folder: string; inside: string }[] {
  const { env, home, platform } = system;
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
    const roaming = env['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
    return [
      { folder: env['NVM_HOME'] ?? win32.join(roaming, 'nvm'), inside: 'node.exe' },
      {
        folder: win32.join(env['FNM_DIR'] ?? win32.join(roaming, 'fnm'), 'node-versions'),
        inside: 'installation\\node.exe',
      },
      {
        folder: win32.join(env['VOLTA_HOME'] ?? win32.join(local, 'Volta'), 'tools', 'image', 'node'),
        inside: 'node.exe',
      },
    ];
  }
  const data = env['XDG_DATA_HOME'] ?? posix.join(home, '.local', 'share');
  const fnm = env['FNM_DIR'] ?? posix.join(data, 'fnm');
  const inside = 'bin/node';
  return [
    { folder: posix.join(env['NVM_DIR'] ?? posix.join(home, '.nvm'), 'versions', 'node'), inside },
    { folder: posix.join(fnm, 'node-versions'), inside: 'installation/bin/node' },
    {
      folder: posix.join(home, 'Library', 'Application Support', 'fnm', 'node-versions'),
      inside: 'installation/bin/node',
    },
    { folder: posix.join(env['VOLTA_HOME'] ?? posix.join(home, '.volta'), 'tools', 'image', 'node'), inside },
    { folder: posix.join(data, 'mise', 'installs', 'node'), inside },
    { folder: posix.join(env['ASDF_DATA_DIR'] ?? posix.join(home, '.asdf'), 'installs', 'nodejs'), inside },
    { folder: posix.join(env['NODENV_ROOT'] ?? posix.join(home, '.nodenv'), 'versions'), inside },
    { folder: posix.join(env['N_PREFIX'] ?? '/usr/local', 'n', 'versions', 'node'), inside },
  ];
}

/** `v22.3.1` or `22.3.1` as numbers; undefined for names like `lts`, which are links to such folders. */
export function parseVersion(text: string): [number, number, number] | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(text.trim());
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Orders versions; positive when `a` is newer. */
export function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * Where a `node` may be, in the order in which to try: the PATH, usual places, then what version managers keep,
 * newest first. An editor that was started from a desktop does not have the shell's PATH.
 */
export function nodePlaces(system: PlacesSystem): string[] {
  const windows = system.platform === 'win32';
  const path = windows ? win32 : posix;
  const program = windows ? 'node.exe' : 'node';
  const pathVariable = system.env['PATH'] ?? system.env['Path'] ?? '';
  const onPath = pathVariable
    .split(path.delimiter)
    .map((folder) => folder.trim().replace(/^"(.*)"$/, '$1'))
    // A relative entry would mean whatever the current folder holds.
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, program));
  const usual = windows
    ? [win32.join(system.env['ProgramFiles'] ?? 'C:\\Program Files', 'nodejs', program)]
    : ['/usr/local/bin/node', '/opt/homebrew/bin/node', '/usr/bin/node', '/snap/bin/node'];
  const managed = managerFolders(system)
    .flatMap(({ folder, inside }) =>
      system
        .list(folder)
        .map((name) => ({ version: parseVersion(name), file: path.join(folder, name, inside) })),
    )
    .filter(
      (place): place is { version: [number, number, number]; file: string } => place.version !== undefined,
    )
    .sort((a, b) => compareVersions(b.version, a.version))
    .map((place) => place.file);
  return [...new Set([...onPath, ...usual, ...managed])];
}
