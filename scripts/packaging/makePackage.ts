import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { root, SetupError } from '../setup.mjs';
import { overBudget } from './budget.mjs';
import { runTool } from '../testing/runTool.ts';
import { placeEsbuild } from './placeEsbuild.ts';
import { esbuildPackages, thisTarget } from './targets.ts';

/** What to package. */
export interface PackageOptions {
  /** A target of the marketplace such as `linux-x64`, `this` machine's, or `universal`. */
  target: string;
  /** File to write; by default `porchlight-<target>-<version>.vsix` in the clone. */
  out?: string;
}

/** Whatever of the clone is shipped beside the bundles. */
const shipped = [
  /^(README|README\.zh-CN|CHANGELOG|SUPPORT|SECURITY)\.md$/,
  /^LICENSE$/,
  /^package\.nls(\..+)?\.json$/,
  /^(media|l10n|examples|templates)$/,
  /^\.vscodeignore$/,
];

/** What work in the examples leaves behind; `.env` holds secrets. */
const leftBehind = /^(node_modules|\.porchlight|\.aws-sam|\.env(\..+)?|__pycache__|dist|vendor)$/;

const mayShip = (path: string): boolean => {
  const name = basename(path);
  return name === '.env.example' || !leftBehind.test(name);
};

/** Builds the production bundles and packs them, apart from dist/, which stays as it is. Returns the file's path. */
export async function makePackage(options: PackageOptions): Promise<string> {
  const target = options.target === 'this' ? thisTarget() : options.target;
  if (!(target in esbuildPackages))
    throw new SetupError(`Unknown target ${target}. Possible: ${Object.keys(esbuildPackages).join(', ')}.`);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  const out = resolve(options.out ?? join(root, `porchlight-${target}-${String(manifest['version'])}.vsix`));
  const stage = mkdtempSync(join(tmpdir(), 'porchlight-package-'));
  try {
    const { code } = await runTool(['scripts/build.mjs', '--production', `--outdir=${join(stage, 'dist')}`]);
    if (code !== 0) throw new SetupError('The production build failed; its own message is above.');
    for (const name of readdirSync(root).filter((name) => shipped.some((pattern) => pattern.test(name))))
      cpSync(join(root, name), join(stage, name), { recursive: true, filter: mayShip });
    // Pages that diagnostics lead to, also without a network; screenshots are for the marketplace's page.
    cpSync(join(root, 'docs', 'rules'), join(stage, 'docs', 'rules'), { recursive: true });
    // These are for contributors, and npm would run or install by them.
    const { scripts: _scripts, devDependencies: _devDependencies, ...kept } = manifest;
    writeFileSync(join(stage, 'package.json'), JSON.stringify(kept, null, 2));
    placeEsbuild(target, join(stage, 'dist', 'esbuild'));
    const files = await listFiles({ cwd: stage, packageManager: PackageManager.None });
    refuseStrangers(files);
    await createVSIX({
      cwd: stage,
      packagePath: out,
      ...(target === 'universal' ? {} : { target }),
      dependencies: false,
      allowMissingRepository: true,
      rewriteRelativeLinks: false,
    });
    const { size } = statSync(out);
    console.log(`${out}: ${Math.round(size / 1024)} KB, ${files.length} files`);
    // The larger part is esbuild's program, which differs from target to target.
    const faults = overBudget({ [`vsix ${target}`]: size }).filter((fault) => !/has no budget/.test(fault));
    if (faults.length > 0) throw new SetupError(faults.join('\n'));
    return out;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Tests, source maps and sources of ours have no business in a user's editor. */
function refuseStrangers(files: string[]): void {
  const strangers = files.filter(
    (file) => /\.map$|\.tsx?$|\.test\.|(^|\/)tests?\//.test(file) && !/^(examples|templates)\//.test(file),
  );
  if (strangers.length > 0)
    throw new Error(`The package would hold what is not for users: ${strangers.join(', ')}`);
  const missing = [
    'dist/extension.cjs',
    'dist/languageClient.cjs',
    'dist/addToYaml.cjs',
    'dist/commands.cjs',
    'dist/hostConnection.cjs',
    'dist/debugSession.cjs',
    'dist/agentTools.cjs',
    'examples/hello-fc/index.js',
    'templates/aws-lambda/typescript/index.ts',
    'l10n/bundle.l10n.zh-cn.json',
    'package.nls.zh-cn.json',
    'dist/porchlight.cjs',
    'dist/timeline.js',
    'dist/timeline.css',
    'dist/bootstrap.cjs',
    'dist/python/start.py',
    'dist/php/start.php',
    'dist/history.worker.cjs',
    'dist/node-sqlite3-wasm.wasm',
    'LICENSE',
    'README.md',
    'README.zh-CN.md',
    'CHANGELOG.md',
    'docs/rules/README.md',
    'docs/rules/README.zh-cn.md',
    'SECURITY.md',
    'SUPPORT.md',
  ];
  const lacking = missing.filter((file) => !files.includes(file));
  if (lacking.length > 0) throw new Error(`The package would lack: ${lacking.join(', ')}`);
}
