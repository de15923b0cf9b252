import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cacheFolder } from '../../../scripts/editor/cacheFolder.ts';
import type { Children } from '../processes/children.ts';
import pins from './pins.json' with { type: 'json' };

/** Windows starts .cmd files only through its shell. */
const npm = process.platform === 'win32' ? (['cmd.exe', '/d', '/c', 'npm.cmd'] as const) : (['npm'] as const);

/** What can be installed: the peers, the packages the heavy function needs, and the load generator. */
export type PackageSetId = keyof typeof pins;

/** These compile or fetch something when they are installed; of all others no install script runs. */
const needScripts: readonly PackageSetId[] = ['lambda-ric'];

/** The versions of a set, for people: `serverless 3.40.0, serverless-offline 13.10.1`. */
export function versionsOf(id: PackageSetId): string {
  return Object.entries(pins[id])
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

/** Packages by pinned versions, in a folder of the user's cache that every clone shares. */
export class PackageCache {
  readonly #children: Children;
  readonly #say: (text: string) => void;
  readonly #folder: string;

  constructor(options: { children: Children; say: (text: string) => void; folder?: string }) {
    this.#children = options.children;
    this.#say = options.say;
    this.#folder = options.folder ?? join(cacheFolder(), 'bench');
  }

  /** The `node_modules` of a set, installed when it is not there. Rejects with npm's reason. */
  async install(id: PackageSetId): Promise<string> {
    const manifest = JSON.stringify({ private: true, dependencies: pins[id] });
    const hash = createHash('sha256').update(manifest).digest('hex').slice(0, 10);
    const home = join(this.#folder, `${id}-${hash}-${process.platform}-${process.arch}`);
    const modules = join(home, 'node_modules');
    if (existsSync(modules)) return modules;
    this.#say(`Installing ${versionsOf(id)}…`);
    const staging = `${home}.${process.pid}.tmp`;
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true });
    try {
      await writeFile(join(staging, 'package.json'), manifest);
      await this.#runNpm(staging, needScripts.includes(id));
      // In place at once, so that nobody ever sees half of an install.
      await rename(staging, home).catch((error: unknown) => {
        if (!existsSync(modules)) throw error;
      });
      return modules;
    } finally {
      await rm(staging, { recursive: true, force: true, maxRetries: 3 });
    }
  }

  async #runNpm(cwd: string, scripts: boolean): Promise<void> {
    const args = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error'];
    const own = scripts ? [] : ['--ignore-scripts'];
    const child = this.#children.start(npm[0], [...npm.slice(1), ...args, ...own], { cwd, env: headers() });
    const code = await child.exited;
    if (code !== 0) throw new Error(`npm install failed: ${firstReason(child.output())}`);
  }
}

/** The line of npm's output that says most: not its codes, paths and advice. */
function firstReason(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trim());
  const saying = lines.filter((line) => /not found|error|denied|cannot|unable|failed/i.test(line));
  const own = saying.find((line) => !/^(code|path|command|errno|syscall|A complete log)/.test(line));
  return (own ?? saying[0] ?? lines.filter(Boolean).at(-1) ?? 'npm said nothing').slice(0, 200);
}

/** Native packages are compiled against headers on this machine when there are any; npm would fetch them otherwise. */
function headers(): Record<string, string> {
  const prefixes = (process.env['PATH'] ?? '').split(delimiter).map((bin) => dirname(bin));
  const found = prefixes.find((prefix) => existsSync(join(prefix, 'include', 'node', 'node_api.h')));
  return found === undefined ? {} : { npm_config_nodedir: found };
}
