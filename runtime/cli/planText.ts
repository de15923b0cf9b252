import { localized } from '../model/errors.ts';
import type { DeployPlan, DeployResult, FunctionPlan } from '../model/deploy.ts';
import { verificationText } from '../model/verificationText.ts';
import type { painter } from './terminal.ts';

type Paint = ReturnType<typeof painter>;

const largestShown = 5;

/** A plan for people: what would change, and what is in the way. */
export function planText(plan: DeployPlan, paint: Paint): string {
  const parts = plan.functions.map((fn) => functionText(fn, paint));
  return [`Plan for ${plan.target} (${plan.targetType})\n`, ...parts].join('\n');
}

function functionText(fn: FunctionPlan, paint: Paint): string {
  const lines = [`${paint('bold', fn.function)}: ${changeWords[fn.change]}`];
  for (const { path, change, before, after } of fn.fields) {
    if (change === 'same') continue;
    const colour = change === 'create' ? 'green' : change === 'remove' ? 'red' : 'yellow';
    const values = [before, after].filter((value) => value !== undefined).join(' -> ');
    lines.push(`  ${paint(colour, signs[change])} ${path}${values ? `: ${values}` : ''}`);
  }
  const { bytes, files, unchanged, largest, hash } = fn.package;
  const size = `${kilobytes(bytes)} in ${files} ${files === 1 ? 'file' : 'files'}`;
  lines.push(`  package ${hash.slice(0, 12)}: ${size}${unchanged ? ', is there already' : ''}`);
  if (files > 1) {
    for (const part of largest.slice(0, largestShown))
      lines.push(`    ${kilobytes(part.bytes)}  ${part.path}`);
  }
  for (const finding of fn.findings) {
    const { severity, file, line } = finding;
    const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
    lines.push(
      `  ${paint(severity === 'error' ? 'red' : 'yellow', severity)}: ${place}${localized(finding)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const changeWords = { create: 'is new', change: 'changes', same: 'stays as it is' } as const;
const signs = { create: '+', remove: '-', change: '~', same: ' ' } as const;

function kilobytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** How a deploy, a roll-back or a removal ended. */
export function resultText(result: DeployResult, paint: Paint): string {
  const lines = result.functions.flatMap((fn) => {
    const good = fn.status !== 'failed' && fn.status !== 'cancelled';
    const version = fn.version === undefined ? '' : ` version ${fn.version}`;
    const before = fn.previous === undefined ? '' : ` (before: ${fn.previous})`;
    const words = statusWords[fn.status];
    const first = `${paint('bold', fn.function)} ${paint(good ? 'green' : 'red', words)}${version}${before}`;
    const check = fn.verification;
    return [
      first,
      ...(check ? [`  ${verificationText(check)}`] : []),
      ...(fn.message ? [`  ${fn.message}`] : []),
      ...fn.urls.map((url) => `  ${url}`),
    ];
  });
  return `${lines.join('\n')}\n`;
}

const statusWords = {
  deployed: 'deployed',
  unchanged: 'unchanged',
  rolledBack: 'rolled back',
  removed: 'removed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const;
