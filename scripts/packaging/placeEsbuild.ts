import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npm } from '../setup.mjs';
import { esbuildPackages } from './targets.ts';

const require = createRequire(import.meta.url);

/**
 * Lays esbuild out for a target: `lib/main.js`, its JavaScript side, and `bin/esbuild[.exe]`, the program. Other
 * platforms' programs come from npm, in the version of our own esbuild.
 */
export function placeEsbuild(target: string, to: string): void {
  const own = dirname(require.resolve('esbuild/package.json'));
  const { version } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as { version: string };
  const temporary = mkdtempSync(join(tmpdir(), 'porchlight-esbuild-'));
  try {
    const name = esbuildPackages[target]!;
    const from = installed(own, name) ?? fetch(name, version, temporary);
    rmSync(to, { recursive: true, force: true });
    mkdirSync(join(to, 'lib'), { recursive: true });
    mkdirSync(join(to, 'bin'));
    copyFileSync(join(own, 'LICENSE.md'), join(to, 'LICENSE.md'));
    const wasm = target === 'universal';
    copyFileSync(join(wasm ? from : own, 'package.json'), join(to, 'package.json'));
    copyFileSync(join(wasm ? from : own, 'lib', 'main.js'), join(to, 'lib', 'main.js'));
    if (wasm) {
      for (const file of readdirSync(from).filter((file) => /^(esbuild\.wasm|wasm_exec.*\.js)$/.test(file)))
        copyFileSync(join(from, file), join(to, file));
      cpSync(join(from, 'bin'), join(to, 'bin'), { recursive: true });
      return;
    }
    const program = target.startsWith('win32') ? 'esbuild.exe' : 'esbuild';
    const source = [join(from, program), join(from, 'bin', program)].find((path) => existsSync(path));
    if (!source) throw new Error(`${name} ${version} holds no ${program}.`);
    copyFileSync(source, join(to, 'bin', program));
    chmodSync(join(to, 'bin', program), 0o755);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function installed(own: string, name: string): string | undefined {
  try {
    return dirname(createRequire(join(own, 'package.json')).resolve(`${name}/package.json`));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function fetch(name: string, version: string, into: string): string {
  // --force: npm refuses a package for another platform otherwise.
  npm(['install', '--prefix', into, '--ignore-scripts', '--force', '--no-save', `${name}@${version}`], {
    cwd: into,
    failure: `npm could not fetch ${name}@${version}; its own message is above.`,
  });
  return join(into, 'node_modules', name);
}
