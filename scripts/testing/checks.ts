import { levelResult, type LevelResult } from './levelResult.ts';
import { runTool } from './runTool.ts';

/** Builds dist/; counts as one test. */
export async function build(): Promise<LevelResult> {
  const { code } = await runTool(['scripts/build.mjs']);
  return levelResult({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 });
}

/** Types, lint, format and the like; each check counts as one test. */
export async function check(): Promise<LevelResult> {
  const { code, output } = await runTool(['scripts/check.mjs']);
  const counts = /^(\d+) checks passed, (\d+) failed$/m.exec(output);
  const result = levelResult({ passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) });
  // A check run that broke off has failed, whatever it counted before.
  if (code !== 0 && result.failed === 0) result.failed = 1;
  return result;
}
