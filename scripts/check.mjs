// Types, lint, formatting, import directions, dead code. Runs all of them and names each result.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', name);

const checks = [
  ['types', bin('typescript/bin/tsc'), ['-p', '.']],
  ['types of pages', bin('typescript/bin/tsc'), ['-p', 'extension/timeline/webview']],
  ['lint', bin('eslint/bin/eslint.js'), ['--max-warnings', '0', '.']],
  ['format', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']],
  [
    'imports',
    bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
    ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'extension', 'runtime', 'media'],
  ],
  ['dead code', bin('knip/bin/knip.js'), ['--no-progress']],
];

/** Runs one check with this Node and gives its output. */
function run([name, script, args]) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ name, ok: false, output: error.message }));
    child.on('close', (code) => resolve({ name, ok: code === 0, output }));
  });
}

const only = process.argv.slice(2);
let failed = 0;
const chosen = checks.filter(([name]) => only.length === 0 || only.includes(name));
for (const check of chosen) {
  const { name, ok, output } = await run(check);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (!ok) {
    failed++;
    console.log(output.trimEnd());
  }
}
console.log(`${chosen.length - failed} checks passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
