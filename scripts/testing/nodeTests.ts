import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { levelResult, type LevelResult } from './levelResult.ts';
import { runTool } from './runTool.ts';

/** How a level of `node:test` files is run. */
export interface NodeTestOptions {
  files: string[];
  /** Files at a time. Those that measure times, or start whole editors, are not to share the processor. */
  concurrency: number;
  /** Seconds after which a test counts as hanging. */
  timeout: number;
  env?: Record<string, string>;
  /** Only tests with these names. */
  names?: readonly string[];
}

/** Runs test files under `node --test`. */
export async function runNodeTests(options: NodeTestOptions): Promise<LevelResult> {
  const folder = mkdtempSync(join(tmpdir(), 'porchlight-test-'));
  const counts = join(folder, 'counts.json');
  try {
    const { code } = await runTool(
      [
        ...[
          '--test',
          `--test-concurrency=${options.concurrency}`,
          `--test-timeout=${options.timeout * 1000}`,
        ],
        ...(options.names ?? []).map((name) => `--test-name-pattern=/^${escapeRegExp(name)}$/`),
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...['--test-reporter=./scripts/testing/countReporter.mjs', `--test-reporter-destination=${counts}`],
        ...options.files,
      ],
      options.env,
    );
    const text = existsSync(counts) ? readFileSync(counts, 'utf8').trim() : '';
    const result = levelResult(text ? (JSON.parse(text) as Partial<LevelResult>) : {});
    if (code !== 0 && result.failed === 0) result.failed = 1;
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
