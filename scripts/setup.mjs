/**
 * Makes the clone ready to build and test: packages as the lock file says, and Node 24 for the tools.
 * Plain JavaScript without dependencies, because it runs on whatever Node (20.19 or newer) starts it.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the clone. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const windows = process.platform === 'win32';
const modules = join(root, 'node_modules');
const stamp = join(modules, '.porchlight-setup');

/** The Node 24 that the build tools, the tests and the browser-served editor run on. */
export const toolNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

/** A message for the person at the terminal; it is printed without a stack. */
export class SetupError extends Error {}

/**
 * The environment as it was before npm put its own variables and `node_modules/.bin` in:
 * what the editor and the user's functions get, so that `node` there means the user's own Node.
 */
export function plainEnvironment(source = process.env) {
  const env = {};
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined || /^(npm_|VSCODE_|INIT_CWD$|NODE_OPTIONS$|ELECTRON_RUN_AS_NODE$)/i.test(name))
      continue;
    // Windows spells it Path; one spelling keeps an override from becoming a second variable.
    if (name.toUpperCase() === 'PATH') env['PATH'] = withoutBinFolders(value);
    else env[name] = value;
  }
  return env;
}

function withoutBinFolders(path) {
  const bin = `node_modules${sep}.bin`;
  const kept = path.split(delimiter).filter((part) => !part.endsWith(bin) && !part.includes('node-gyp-bin'));
  return kept.join(delimiter);
}

/** Runs npm in a folder, with its output shown; throws with the given sentence when it fails. */
export function npm(args, { cwd = root, env = {}, failure }) {
  const all = [...args, '--no-audit', '--no-fund', '--loglevel=error'];
  const run = spawnSync(windows ? 'npm.cmd' : 'npm', all, {
    cwd,
    env: { ...plainEnvironment(), ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    // Windows starts .cmd files only through a shell.
    shell: windows,
  });
  if (run.error)
    throw new SetupError(`npm could not be started (${run.error.message}). Is Node.js with npm on the PATH?`);
  if (run.status !== 0) throw new SetupError(failure);
}

/** Installs what is missing or out of date. Quick (some milliseconds) when nothing is. */
export function setUp() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new SetupError(
      `Porchlight needs Node.js 20.19 or newer; this is ${process.version}. Install a newer one from https://nodejs.org.`,
    );
  const lock = readFileSync(join(root, 'package-lock.json'));
  const wanted = `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && toolNodeWorks()) return;
  if (!installedMatches(JSON.parse(lock.toString('utf8')))) {
    const fresh = !existsSync(modules);
    console.log(fresh ? 'Installing packages (about a minute the first time)…' : 'Updating packages…');
    // `npm ci` deletes node_modules first, which Windows refuses while our own Node runs from there.
    npm(fresh ? ['ci'] : ['install', '--no-save'], {
      failure:
        'npm could not install the packages; its own message is above. Check the network connection and run the command again.',
    });
  }
  ensureToolNode();
  writeFileSync(stamp, wanted);
}

/** Whether what npm last wrote into node_modules is what the lock file asks for. */
function installedMatches(lock) {
  const file = join(modules, '.package-lock.json');
  if (!existsSync(file)) return false;
  const installed = JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '' || wanted.optional || wanted.devOptional || wanted.peer) return true;
    return installed[path]?.version === wanted.version;
  });
}

function toolNodeWorks() {
  if (!existsSync(toolNode)) return false;
  const run = spawnSync(toolNode, ['--version'], { encoding: 'utf8' });
  return run.status === 0 && run.stdout.startsWith('v24.');
}

function ensureToolNode() {
  if (toolNodeWorks()) return;
  console.log('Fetching Node 24 for the build tools…');
  // Package managers that block install scripts leave the package `node` without its binary.
  spawnSync(process.execPath, ['installArchSpecificPackage.js'], {
    cwd: join(modules, 'node'),
    env: plainEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (!toolNodeWorks())
    throw new SetupError(
      `Node 24 for the build tools is missing: the npm package "node" has no binary for ${process.platform}-${process.arch}, ` +
        'or install scripts are blocked (npm config get ignore-scripts). Allow them, delete node_modules and run the command again.',
    );
}

/**
 * Calls back once when this process is asked to end, other than by Ctrl+C: by a signal, or, under npm, by the end of
 * the shell that npm put between, because that shell keeps npm's signals to itself.
 */
export function onAskedToEnd(callback) {
  let called = false;
  const once = () => {
    clearInterval(timer);
    if (called) return;
    called = true;
    callback();
  };
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.env.npm_lifecycle_event && process.ppid !== parent) once();
  }, 500).unref();
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, once);
}

/**
 * Sets up, then goes on under Node 24: when this process is an older or a newer Node, the same script is
 * run again by the right one and its exit code becomes ours. Returns only under Node 24.
 */
export async function setUpAndUseToolNode() {
  try {
    setUp();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(error.message);
    process.exit(3);
  }
  if (process.versions.node.startsWith('24.')) return;
  const child = spawn(toolNode, process.argv.slice(1), { stdio: 'inherit' });
  // Ctrl+C reaches the child as well, since both are in the terminal's foreground group; the child decides.
  process.on('SIGINT', () => {});
  onAskedToEnd(() => child.kill('SIGTERM'));
  const [code] = await once(child, 'exit');
  process.exit(code ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await setUpAndUseToolNode();
