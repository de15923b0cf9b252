import { posix, win32 } from 'node:path';
import type { PlacesSystem } from './nodePlaces.ts';
import { programPlaces, type VersionsFolder } from './programPlaces.ts';

function versionFolders({ env, home, platform }: PlacesSystem): VersionsFolder[] {
  if (platform === 'win32') {
    const { join } = win32;
    const inside = 'php.exe';
    return [
      { folder: 'C:\\', inside },
      { folder: 'C:\\tools', inside },
      { folder: env['ProgramFiles'] ?? 'C:\\Program Files', inside },
      { folder: 'C:\\xampp', inside },
      { folder: 'C:\\laragon\\bin\\php', inside },
      { folder: 'C:\\wamp64\\bin\\php', inside },
      { folder: join(home, '.config', 'herd', 'bin'), inside },
      { folder: join(env['SCOOP'] ?? join(home, 'scoop'), 'apps'), inside: 'current\\php.exe' },
    ];
  }
  const { join } = posix;
  const data = env['XDG_DATA_HOME'] ?? join(home, '.local', 'share');
  const inside = 'bin/php';
  return [
    { folder: join(env['PHPENV_ROOT'] ?? join(home, '.phpenv'), 'versions'), inside },
    { folder: join(env['PHPBREW_ROOT'] ?? join(home, '.phpbrew'), 'php'), inside },
    { folder: join(env['MISE_DATA_DIR'] ?? join(data, 'mise'), 'installs', 'php'), inside },
    { folder: join(env['ASDF_DATA_DIR'] ?? join(home, '.asdf'), 'installs', 'php'), inside },
    { folder: '/Applications/MAMP/bin/php', inside },
    ...['/opt/homebrew/opt', '/usr/local/opt', '/home/linuxbrew/.linuxbrew/opt'].map((folder) => ({
      folder,
      inside,
    })),
  ];
}

/** Names by which a PHP for the command line may be called: `php`, `php8.2`, `php82`. Not `php-cgi` or `php-fpm`. */
const programName = /^php(\d(\.?\d+)*)?(\.exe)?$/i;

/** Names of folders that hold a version, as version managers and installers call them. */
const versionName = /^php$|^(php[-@]?)?\d/i;

/** Whether a file is a PHP by its name. */
export function isPhp(path: string): boolean {
  return programName.test(path.split(/[\\/]/).at(-1)!);
}

/** Where a PHP may be, in the order in which to try; see `programPlaces`. */
export function phpPlaces(system: PlacesSystem): string[] {
  return programPlaces(system, {
    isProgram: (name) => programName.test(name),
    isVersion: (name) => versionName.test(name),
    managers: versionFolders(system),
  });
}
