import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { npm, plainEnvironment, SetupError, toolNode } from '../setup.mjs';
import { cacheFolder } from './cacheFolder.ts';

const version = '4.139.1';
const hour = 3_600_000;

/**
 * The browser-served VS Code (npm package code-server), installed on first use into the user's cache folder,
 * where every clone finds it. Returns the script that starts its server.
 */
export function installServedEditor(folder = cacheFolder()): string {
  const home = join(folder, `code-server-${version}-node24-${process.platform}-${process.arch}`);
  const entry = join(home, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  if (existsSync(entry)) return entry;
  console.log(`Installing the browser-served VS Code into ${home}`);
  console.log('(once per user: about 150 MB to fetch, 600 MB on disk, one to five minutes)');
  mkdirSync(folder, { recursive: true });
  removeAbandoned(home);
  const staging = `${home}.${process.pid}.tmp`;
  mkdirSync(staging);
  try {
    install(staging);
    publish(staging, home, entry);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  console.log('The browser-served VS Code is ready.');
  return entry;
}

/** The steps of the install. No install script runs: every native module we need comes with a prebuilt binary. */
function install(staging: string): void {
  const env = { PATH: `${dirname(toolNode)}${delimiter}${plainEnvironment()['PATH'] ?? ''}` };
  const failure =
    'The browser-served VS Code could not be installed; npm says why above. Check the network connection and the free disk space (1 GB), then run the command again.';
  const step = (text: string, cwd: string, args: string[]) => {
    console.log(`  ${text}…`);
    npm(['install', '--ignore-scripts', '--omit=dev', ...args], { cwd, env, failure });
  };
  // A package.json of its own keeps npm from taking a parent folder for the project.
  writeFileSync(join(staging, 'package.json'), '{ "private": true }\n');
  step('1/3 server', staging, [`code-server@${version}`]);
  const vscode = join(staging, 'node_modules', 'code-server', 'lib', 'vscode');
  step('2/3 editor', vscode, []);
  step('3/3 built-in extensions', join(vscode, 'extensions'), []);
  const own = (name: string) => join(vscode, 'node_modules', '@vscode', name, 'index.js');
  copyFileSync(new URL('./spdlog.cjs', import.meta.url), own('spdlog'));
  // It would end an extension host that is frozen when the server dies; the editor looks every second by itself too.
  writeFileSync(own('native-watchdog'), 'exports.start = () => {};\n');
  const entry = join(staging, 'node_modules', 'code-server', 'out', 'node', 'entry.js');
  const check = spawnSync(toolNode, [entry, '--version'], { env: plainEnvironment(), encoding: 'utf8' });
  if (check.status !== 0) throw new SetupError(`The browser-served VS Code does not start: ${check.stderr}`);
}

/** Puts a complete install in place at once, so that nobody ever sees half of one. */
function publish(staging: string, home: string, entry: string): void {
  try {
    renameSync(staging, home);
  } catch (error) {
    // Another run, of this clone or another, was faster: its install is as good as ours.
    if (!existsSync(entry)) throw error;
  }
}

/** Removes what interrupted installs left behind; one younger than an hour may still be at work. */
function removeAbandoned(home: string): void {
  for (const name of readdirSync(dirname(home))) {
    const path = join(dirname(home), name);
    const staging = name.startsWith(`${basename(home)}.`) && name.endsWith('.tmp');
    if (staging && Date.now() - statSync(path).mtimeMs > hour) rmSync(path, { recursive: true, force: true });
  }
}
