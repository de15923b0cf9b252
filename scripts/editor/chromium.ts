import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';
import { plainEnvironment, SetupError } from '../setup.mjs';

/** Arguments that keep a test browser quiet, alone and able to run as root. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser the editor tests use: any Chrome, Chromium or Edge; on Debian, as root, it is installed if missing. */
export function findChromium(): string {
  const named = process.env['CHROMIUM'];
  if (named) {
    if (existsSync(named)) return named;
    throw new SetupError(`CHROMIUM names a file that does not exist: ${named}`);
  }
  const found = installedChromium() ?? (installOnDebian() ? installedChromium() : undefined);
  if (found) return found;
  throw new SetupError(
    'The editor tests need a Chrome, Chromium or Edge, and none was found. Install one, or set CHROMIUM to its executable.',
  );
}

function installedChromium(): string | undefined {
  const places: Record<string, string[]> = {
    linux: [
      ...onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']),
      '/opt/google/chrome/chrome',
    ],
    darwin: [
      ...['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].flatMap((name) =>
        ['/Applications', join(homedir(), 'Applications')].map(
          (at) => `${at}/${name}.app/Contents/MacOS/${name}`,
        ),
      ),
    ],
    win32: [
      ...['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => {
        const folder = process.env[name];
        const programs = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
        return folder
          ? [...programs, 'Chromium/Application/chrome.exe'].map((program) => join(folder, program))
          : [];
      }),
    ],
  };
  // The last place is where Playwright itself would have put one.
  return [...(places[process.platform] ?? []), chromium.executablePath()].find((path) => existsSync(path));
}

function onPath(names: string[]): string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return names.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** As root on Debian or a relative of it, installs Chromium; false when that is not possible here. */
function installOnDebian(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return false;
  console.log('Installing Chromium for the editor tests (apt-get, about 100 MB)…');
  const env = { ...plainEnvironment(), DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]) =>
    spawnSync('apt-get', ['-q', '-y', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  // A fresh image has no package lists, so the update comes first.
  return apt('update') && apt('install', '--no-install-recommends', 'chromium');
}
