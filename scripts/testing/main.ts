import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onAskedToEnd, SetupError } from '../setup.mjs';
import { processTree } from '../support/processes.ts';
import { makePackage } from '../packaging/makePackage.ts';
import { build, check } from './checks.ts';
import { runEditorTests } from './editorTests.ts';
import { afterSecondTry, failureLine, levelResult, summary, total, type LevelResult } from './levelResult.ts';
import { runNodeTests } from './nodeTests.ts';
import { testFiles } from './testFiles.ts';

const levels = ['check', 'unit', 'host', 'conformance', 'editor', 'ui'] as const;
type Level = (typeof levels)[number];

const run: Record<Level, (filters: string[]) => Promise<LevelResult>> = {
  check: () => check(),
  unit: (filters) => nodeLevel('test/unit', filters, { concurrency: 2, timeout: 120 }),
  host: (filters) => nodeLevel('test/host', filters, { concurrency: 1, timeout: 300 }),
  conformance: (filters) => nodeLevel('test/conformance', filters, { concurrency: 2, timeout: 300 }),
  editor: (filters) => {
    const files = testFiles('test/editor/suites', filters);
    return files.length > 0 ? runEditorTests(files, { tryAgain: filters.length === 0 }) : nothing();
  },
  ui: async (filters) => {
    const files = testFiles('test/ui', filters);
    if (files.length === 0) return nothing();
    const folder = mkdtempSync(join(tmpdir(), 'porchlight-vsix-'));
    try {
      const vsix = await makePackage({ target: 'this', out: join(folder, 'porchlight.vsix') });
      const options = { files, concurrency: 1, timeout: 600, env: { PORCHLIGHT_VSIX: vsix } };
      const first = await runNodeTests(options);
      const names = first.failedTests;
      // Many that fail are no accident, and who works on a test is to see it fail.
      if (names.length === 0 || names.length > 5 || filters.length > 0) return first;
      console.log(`Once more: ${names.join('; ')}`);
      return afterSecondTry(first, await runNodeTests({ ...options, names }));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function nodeLevel(
  folder: string,
  filters: string[],
  options: { concurrency: number; timeout: number },
): Promise<LevelResult> {
  const files = testFiles(folder, filters);
  return files.length > 0 ? runNodeTests({ files, ...options }) : nothing();
}

function nothing(): Promise<LevelResult> {
  return Promise.resolve(levelResult());
}

/** Runs the named levels (all when none is named); other words choose test files whose path contains one of them. */
async function main(words: string[]): Promise<void> {
  const isLevel = (word: string): word is Level => (levels as readonly string[]).includes(word);
  const filters = words.filter((word) => !isLevel(word));
  const named = words.filter(isLevel);
  const chosen = named.length > 0 ? levels.filter((level) => named.includes(level)) : levels;
  const results: [string, LevelResult][] = [];
  for (const level of ['build', ...chosen] as const) {
    console.log(`\n── ${level} ──`);
    const result = await attempt(level, () => (level === 'build' ? build() : run[level](filters)));
    results.push([level, result]);
  }
  console.log('');
  for (const [level, result] of results) console.log(`${level.padEnd(11)} ${summary(result)}`);
  const all = total(results.map(([, result]) => result));
  console.log(summary(all));
  for (const [level, { failures, unsteady }] of results) {
    for (const one of unsteady) console.log(`⚠ ${level}, passed when tried again: ${failureLine(one)}`);
    for (const failure of failures) console.log(`✖ ${level}: ${failureLine(failure)}`);
  }
  const tested = results.some(([level, result]) => level !== 'build' && result.passed > 0);
  process.exitCode = all.failed > 0 || !tested ? 1 : 0;
}

/** A level that cannot run at all is a failed test, and the later ones still run. */
async function attempt(level: string, task: () => Promise<LevelResult>): Promise<LevelResult> {
  try {
    return await task();
  } catch (error) {
    console.error(
      `${level}: ${error instanceof SetupError ? error.message : error instanceof Error ? error.stack : String(error)}`,
    );
    return levelResult({ failed: 1, failures: [error instanceof Error ? error.message : String(error)] });
  }
}

// Ctrl+C reaches everything in the terminal's group; a request to this process alone is passed on.
onAskedToEnd(() => {
  for (const { pid } of processTree(process.pid).slice(1)) {
    try {
      process.kill(pid, 'SIGTERM');
    } catch (error) {
      // It ended by itself, as `ps` itself has.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  process.exit(143);
});
await main(process.argv.slice(2));
