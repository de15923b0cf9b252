import { posix, win32 } from 'node:path';

/** What looking for programs needs of the system; tests pass a fake. */
export interface PlacesSystem {
  platform: NodeJS.Platform;
  env: Record<string, string | undefined>;
  home: string;
  /** Names in a folder; empty when it is not there. */
  list(folder: string): string[];
}

/** A folder in which a version manager keeps one folder per version, and where `node` is in each. */
interface ManagedFolder {
  manager: string;
  folder: string;
  inside: string;
}

function managedFolders(system: PlacesSystem): ManagedFolder[] {
  return system.platform === 'win32' ? managedOnWindows(system) : managedOnPosix(system);
}

function managedOnWindows({ env, home }: PlacesSystem): ManagedFolder[] {
  const { join } = win32;
  const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
  const roaming = env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
  const inside = 'node.exe';
  return [
    { manager: 'nvm', folder: env['NVM_HOME'] ?? join(roaming, 'nvm'), inside },
    {
      manager: 'fnm',
      folder: join(env['FNM_DIR'] ?? join(roaming, 'fnm'), 'node-versions'),
      inside: 'installation\\node.exe',
    },
    {
      manager: 'volta',
      folder: join(env['VOLTA_HOME'] ?? join(local, 'Volta'), 'tools', 'image', 'node'),
      inside,
    },
    {
      manager: 'mise',
      folder: join(env['MISE_DATA_DIR'] ?? join(local, 'mise'), 'installs', 'node'),
      inside,
    },
    { manager: 'pnpm', folder: join(env['PNPM_HOME'] ?? join(local, 'pnpm'), 'nodejs'), inside },
    { manager: 'proto', folder: join(env['PROTO_HOME'] ?? join(home, '.proto'), 'tools', 'node'), inside },
  ];
}

function managedOnPosix({ env, home, platform }: PlacesSystem): ManagedFolder[] {
  const { join } = posix;
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const inside = 'bin/node';
  const fnm = [
    env['FNM_DIR'] ?? join(data, 'fnm'),
    join(home, '.fnm'),
    join(home, 'Library', 'Application Support', 'fnm'),
  ].map((folder) => ({
    manager: 'fnm',
    folder: join(folder, 'node-versions'),
    inside: 'installation/bin/node',
  }));
  const pnpm =
    env['PNPM_HOME'] ?? (platform === 'darwin' ? join(home, 'Library', 'pnpm') : join(data, 'pnpm'));
  return [
    { manager: 'nvm', folder: join(env['NVM_DIR'] ?? join(home, '.nvm'), 'versions', 'node'), inside },
    ...fnm,
    {
      manager: 'volta',
      folder: join(env['VOLTA_HOME'] ?? join(home, '.volta'), 'tools', 'image', 'node'),
      inside,
    },
    { manager: 'mise', folder: join(env['MISE_DATA_DIR'] ?? join(data, 'mise'), 'installs', 'node'), inside },
    {
      manager: 'asdf',
      folder: join(env['ASDF_DATA_DIR'] ?? join(home, '.asdf'), 'installs', 'nodejs'),
      inside,
    },
    { manager: 'nodenv', folder: join(env['NODENV_ROOT'] ?? join(home, '.nodenv'), 'versions'), inside },
    { manager: 'n', folder: join(env['N_PREFIX'] ?? '/usr/local', 'n', 'versions', 'node'), inside },
    { manager: 'proto', folder: join(env['PROTO_HOME'] ?? join(home, '.proto'), 'tools', 'node'), inside },
    { manager: 'pnpm', folder: join(pnpm, 'nodejs'), inside },
    { manager: 'nodebrew', folder: join(home, '.nodebrew', 'node'), inside },
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

/** Folders of Homebrew, whose formulas `node` and `node@20` keep their programs below `opt`, linked or not. */
const brewFolders = ['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'];

function usualPlaces(system: PlacesSystem): string[] {
  if (system.platform === 'win32') {
    const scoop = system.env['SCOOP'] ?? win32.join(system.home, 'scoop');
    const apps = win32.join(scoop, 'apps');
    return [
      win32.join(system.env['ProgramFiles'] ?? 'C:\\Program Files', 'nodejs', 'node.exe'),
      ...system
        .list(apps)
        .filter((name) => /^nodejs(\d+|-lts)?$/.test(name))
        .map((name) => win32.join(apps, name, 'current', 'node.exe')),
    ];
  }
  return [
    '/usr/local/bin/node',
    '/opt/homebrew/bin/node',
    '/home/linuxbrew/.linuxbrew/bin/node',
    '/usr/bin/node',
    '/opt/local/bin/node',
    '/snap/node/current/bin/node',
    '/snap/bin/node',
    ...brewFolders.flatMap((folder) =>
      system
        .list(folder)
        .filter((name) => /^node(@\d+)?$/.test(name))
        .map((name) => posix.join(folder, name, 'bin', 'node')),
    ),
  ];
}

/**
 * Where a `node` may be, in the order in which to try: the PATH, usual places, then what version managers keep,
 * newest first. An editor that was started from a desktop does not have the shell's PATH. A Node that is a package of
 * some project, which `npm run` puts on the PATH, is not installed for others.
 */
export function nodePlaces(system: PlacesSystem): string[] {
  const windows = system.platform === 'win32';
  const path = windows ? win32 : posix;
  const pathVariable = system.env['PATH'] ?? system.env['Path'] ?? '';
  const onPath = pathVariable
    .split(path.delimiter)
    .map((folder) => folder.trim().replace(/^"(.*)"$/, '$1'))
    // A relative entry would mean whatever the current folder holds.
    .filter((folder) => path.isAbsolute(folder) && !/[\\/]node_modules([\\/]|$)/.test(folder))
    .map((folder) => path.join(folder, windows ? 'node.exe' : 'node'));
  const managed = managedFolders(system)
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
  return [...new Set([...onPath, ...usualPlaces(system), ...managed])];
}

/** The version manager this machine's user works with, by what it has installed. */
export function nodeManager(system: PlacesSystem): string | undefined {
  const managed = managedFolders(system).find(({ folder }) =>
    system.list(folder).some((name) => parseVersion(name) !== undefined),
  );
  if (managed) return managed.manager;
  const brewed = system.platform !== 'win32' && brewFolders.some((folder) => system.list(folder).length > 0);
  return brewed ? 'brew' : undefined;
}
