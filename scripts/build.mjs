// Builds every bundle into dist/. Flags: --watch, --production (minified, no source maps), --outdir=FOLDER.
import { build, context } from 'esbuild';
import { cp, mkdir, rm, chmod } from 'node:fs/promises';
import { readdirSync, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { splitCommonJs } from './bundling/splitCommonJs.mjs';
import { bundleSizes, overBudget } from './packaging/budget.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const at = (...parts) => join(root, ...parts);
const outdir =
  process.argv.find((flag) => flag.startsWith('--outdir='))?.slice('--outdir='.length) ?? at('dist');
const out = (...parts) => join(outdir, ...parts);

/** CommonJS bundles of ES module sources: `import.meta.url` has to keep its meaning. */
const importMeta = {
  define: { 'import.meta.url': '__importMetaUrl' },
  banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  // The UMD builds of the language server libraries hide their requires from the bundler.
  mainFields: ['module', 'main'],
};

/** Handler contracts: one file per platform and language, loaded by the bootstrap inside instances. */
function contracts() {
  return readdirSync(at('runtime/platforms'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .filter((entry) => existsSync(at('runtime/platforms', entry.name, 'nodejs.bootstrap.ts')))
    .map((entry) => ({
      in: `runtime/platforms/${entry.name}/nodejs.bootstrap.ts`,
      out: `contracts/${entry.name}.nodejs`,
    }));
}

/** Parts of the extension that activation does without: files of their own, which `import()` loads when they are needed. */
const laterParts = {
  languageClient: 'extension/language/client.ts',
  addToYaml: 'extension/commands/starting/addToYaml.ts',
  commands: 'extension/commands/table.ts',
  hostConnection: 'extension/hostClient/connectHost.ts',
  debugSession: 'extension/debug/session.ts',
  agentTools: 'runtime/agents/index.ts',
};

const bundles = [
  {
    ...common,
    ...importMeta,
    entryPoints: [{ in: 'extension/extension.ts', out: 'extension' }],
    target: 'node22',
    external: ['vscode'],
    plugins: [splitCommonJs({ root, entry: 'extension/extension.ts', parts: laterParts, outdir: out() })],
  },
  {
    ...common,
    ...importMeta,
    entryPoints: [{ in: 'extension/language/server/main.ts', out: 'server' }],
    target: 'node22',
    external: ['./typescript.cjs'],
  },
  {
    ...common,
    ...importMeta,
    entryPoints: [{ in: 'runtime/main.ts', out: 'porchlight' }],
    target: 'node20',
    external: ['esbuild', 'bufferutil', 'utf-8-validate', './aws.sdk.ts', './mcp.sdk.ts'],
  },
  {
    // The thread that keeps the history: the database engine is in no other bundle.
    ...common,
    ...importMeta,
    entryPoints: [{ in: 'runtime/history/history.worker.ts', out: 'history.worker' }],
    target: 'node20',
  },
  {
    // SDKs: files of their own, which are loaded when somebody deploys there, or serves agents.
    ...common,
    ...importMeta,
    minify: true,
    sourcemap: false,
    entryPoints: [
      { in: 'runtime/deploy/aws-lambda/aws.sdk.ts', out: 'aws.sdk' },
      { in: 'runtime/agents/mcp/mcp.sdk.ts', out: 'mcp.sdk' },
    ],
    target: 'node20',
  },
  {
    // Code inside instances: no dependencies, and older Nodes than the host's may run it.
    ...common,
    entryPoints: [
      { in: 'runtime/languages/nodejs/bootstrap.ts', out: 'bootstrap' },
      { in: 'runtime/languages/nodejs/observers/observers.ts', out: 'observers.bootstrap' },
      { in: 'runtime/languages/nodejs/observers/report.ts', out: 'observers.report.bootstrap' },
      { in: 'runtime/languages/nodejs/bootstrap.importProfile.ts', out: 'importProfile.bootstrap' },
      { in: 'runtime/languages/nodejs/bootstrap.container.ts', out: 'container.nodejs' },
      ...contracts(),
    ],
    target: 'node18',
    sourcemap: false,
    minify: false,
  },
  {
    // The page of the timeline: loaded when somebody looks at it.
    ...common,
    platform: 'browser',
    format: 'iife',
    mainFields: ['browser', 'module', 'main'],
    minify: true,
    sourcemap: false,
    entryPoints: [
      { in: 'extension/timeline/webview/main.ts', out: 'timeline' },
      { in: 'extension/timeline/webview/timeline.css', out: 'timeline' },
    ],
    target: 'chrome130',
    outExtension: { '.js': '.js' },
  },
].filter((bundle) => bundle.entryPoints.every((entry) => existsSync(at(entry.in))));

/** The TypeScript parser is large and seldom needed: a file of its own that the language server loads when it must. */
async function copyParser() {
  await build({
    ...common,
    minify: true,
    sourcemap: false,
    entryPoints: [{ in: createRequire(import.meta.url).resolve('typescript'), out: 'typescript' }],
    target: 'node22',
    outdir,
    outExtension: { '.js': '.cjs' },
    logLevel: 'error',
  });
}

/** esbuild builds the users' functions; its own JavaScript cannot be bundled. */
async function copyEsbuild() {
  const require = createRequire(import.meta.url);
  const home = dirname(require.resolve('esbuild/package.json'));
  await mkdir(out('esbuild/lib'), { recursive: true });
  await mkdir(out('esbuild/bin'), { recursive: true });
  await cp(join(home, 'lib/main.js'), out('esbuild/lib/main.js'));
  await cp(join(home, 'package.json'), out('esbuild/package.json'));
  await cp(join(home, 'LICENSE.md'), out('esbuild/LICENSE.md'));
  const windows = process.platform === 'win32';
  const binary = createRequire(join(home, 'lib/main.js')).resolve(
    `@esbuild/${process.platform}-${process.arch}/${windows ? 'esbuild.exe' : 'bin/esbuild'}`,
  );
  const copy = out('esbuild/bin', windows ? 'esbuild.exe' : 'esbuild');
  await rm(copy, { force: true });
  await cp(binary, copy);
  await chmod(copy, 0o755);
}

async function copyDatabase() {
  const file = createRequire(import.meta.url).resolve('node-sqlite3-wasm');
  await cp(join(dirname(file), 'node-sqlite3-wasm.wasm'), out('node-sqlite3-wasm.wasm'));
}

/** Code inside instances of other languages is not built: it is copied as it is, without what an interpreter made of it. */
async function copyInterpreted(language, ending) {
  const filter = (path) => !path.includes('__pycache__');
  await rm(out(language), { recursive: true, force: true });
  await cp(at('runtime/languages', language, 'instance'), out(language), { recursive: true, filter });
  await mkdir(out('contracts'), { recursive: true });
  for (const { name } of readdirSync(at('runtime/platforms'), { withFileTypes: true })) {
    const contract = `${language}.contract.${ending}`;
    const source = at('runtime/platforms', name, contract);
    if (existsSync(source)) await cp(source, out('contracts', `${name}.${contract}`));
  }
}

const output = { outdir, outExtension: { '.js': '.cjs' } };
// A package must hold nothing left over from earlier builds.
if (production) await rm(out(), { recursive: true, force: true });
await mkdir(out(), { recursive: true });
await Promise.all([
  copyEsbuild(),
  copyDatabase(),
  copyParser(),
  copyInterpreted('python', 'py'),
  copyInterpreted('php', 'php'),
]);

if (flags.has('--watch')) {
  for (const bundle of bundles) {
    const plugins = [
      {
        name: 'report',
        setup(build) {
          build.onStart(() => console.log('[watch] build started'));
          build.onEnd((result) => {
            for (const { text, location } of result.errors) {
              console.error(`✘ [ERROR] ${text}`);
              if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
            }
            console.log('[watch] build finished');
          });
        },
      },
    ];
    const all = [...(bundle.plugins ?? []), ...plugins];
    await (await context({ ...output, ...bundle, plugins: all })).watch();
  }
} else {
  await Promise.all(bundles.map((bundle) => build({ ...output, ...bundle })));
  const sizes = bundleSizes(out());
  const lines = Object.entries(sizes).map(([name, size]) => `${name} ${Math.round(size / 1024)} KB`);
  console.log(`dist: ${lines.join(', ')}`);
  if (production) {
    const faults = overBudget(sizes);
    faults.forEach((fault) => console.error(fault));
    if (faults.length > 0) process.exitCode = 1;
  }
}
