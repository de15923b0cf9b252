import { posix, win32 } from 'node:path';
import type { PlacesSystem } from './nodePlaces.ts';
import { programPlaces, type VersionsFolder } from './programPlaces.ts';

function versionFolders({ env, home, platform }: PlacesSystem): VersionsFolder[] {
  if (platform === 'win32') {
    const { join } = win32;
    const local = env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local');
    const roaming = env['APPDATA'] ?? join(home, 'AppData', 'Roaming');
    const inside = 'python.exe';
    return [
      { folder: join(local, 'Programs', 'Python'), inside },
      { folder: env['ProgramFiles'] ?? 'C:\\Program Files', inside },
      { folder: 'C:\\', inside },
      { folder: join(env['PYENV_ROOT'] ?? join(home, '.pyenv', 'pyenv-win'), 'versions'), inside },
      { folder: join(roaming, 'uv', 'python'), inside },
    ];
  }
  const { join } = posix;
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const inside = 'bin/python3';
  return [
    { folder: join(env['PYENV_ROOT'] ?? join(home, '.pyenv'), 'versions'), inside },
    { folder: join(env['MISE_DATA_DIR'] ?? join(data, 'mise'), 'installs', 'python'), inside },
    { folder: join(env['ASDF_DATA_DIR'] ?? join(home, '.asdf'), 'installs', 'python'), inside },
    { folder: join(data, 'uv', 'python'), inside },
    { folder: '/Library/Frameworks/Python.framework/Versions', inside },
    ...['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'].map((folder) => ({
      folder,
      inside: 'bin/python3',
    })),
  ];
}

/** Names by which a Python 3 may be called. A bare `python` may be one as well. */
const programName = /^python(3(\.\d+)?)?(\.exe)?$/i;

/** Names of folders that hold a version, as version managers and installers call them. */
const versionName = /^(cpython-|python@?)?3[.\d]*/i;

/** Whether a file is a Python by its name. */
export function isPython(path: string): boolean {
  return programName.test(path.split(/[\\/]/).at(-1)!);
}

/** Where a Python 3 may be, in the order in which to try; see `programPlaces`. */
export function pythonPlaces(system: PlacesSystem): string[] {
  return programPlaces(system, {
    isProgram: (name) => programName.test(name),
    isVersion: (name) => versionName.test(name),
    managers: versionFolders(system),
  });
}
