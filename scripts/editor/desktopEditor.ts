import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve, sep } from 'node:path';

/**
 * The command `code` of an installed desktop VS Code, for people to look at; undefined when there is none.
 * The command of a remote window is left out, because it cannot load an extension from a folder, and so is
 * everything under root on Linux, where VS Code does not start.
 */
export function findCodeCommand(): string | undefined {
  if (process.platform === 'linux' && process.getuid?.() === 0) return undefined;
  const names = process.platform === 'win32' ? ['code.cmd', 'code-insiders.cmd'] : ['code', 'code-insiders'];
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('remote-cli'));
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/**
 * The executable of a desktop VS Code, for tests: VSCODE_EXECUTABLE, or where installers put it.
 * Undefined when there is none, or (on Linux) no display to show it on.
 */
export function findDesktopExecutable(): string | undefined {
  const named = process.env['VSCODE_EXECUTABLE'];
  if (named) return named;
  if (process.platform === 'linux' && !(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']))
    return undefined;
  const command = findCodeCommand();
  // On Windows and Linux the command lies in `bin` of the program's folder.
  const beside =
    command && !command.startsWith(`${sep}usr${sep}bin`) ? resolve(dirname(command), '..') : undefined;
  const places: Record<string, (string | undefined)[]> = {
    linux: ['/usr/share/code/code', beside && join(beside, 'code')],
    darwin: ['/Applications', join(homedir(), 'Applications')].map(
      (at) => `${at}/Visual Studio Code.app/Contents/MacOS/Electron`,
    ),
    win32: [beside && join(beside, 'Code.exe')],
  };
  return places[process.platform]?.find((path) => path !== undefined && existsSync(path));
}
