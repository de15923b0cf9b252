import type { PreflightFinding } from '../model/deploy.ts';
import { environmentBytes } from '../model/environment.ts';
import { describe } from '../model/errors.ts';
import type { Platform } from '../model/platform.ts';
import type { DeployItem } from './target.ts';

/** What a platform's limits and reserved names object to. */
export function checkAgainstPlatform(item: DeployItem, platform: Platform): PreflightFinding[] {
  const { definition, environment } = item;
  const { limits, displayName } = platform;
  const findings: PreflightFinding[] = [];
  const place = { file: definition.declaredAt.file, line: definition.declaredAt.line };
  const exceed = (what: string, value: string, limit: string): void => {
    const message = describe('LIMIT_EXCEEDED', {
      function: definition.name,
      what,
      value,
      platform: displayName,
      limit,
    });
    findings.push({ severity: 'error', code: 'LIMIT_EXCEEDED', message, ...place });
  };
  const { min, max, step } = limits.memoryMB;
  if (definition.memoryMB < min || definition.memoryMB > max || definition.memoryMB % step !== 0) {
    exceed(
      'memory',
      `${definition.memoryMB} MB`,
      `${min} to ${max} MB${step > 1 ? ` in steps of ${step}` : ''}`,
    );
  }
  if (definition.timeoutMs < limits.timeoutMs.min || definition.timeoutMs > limits.timeoutMs.max) {
    const seconds = (ms: number): string => `${ms / 1000} s`;
    exceed(
      'the time-out',
      seconds(definition.timeoutMs),
      `${seconds(limits.timeoutMs.min)} to ${seconds(limits.timeoutMs.max)}`,
    );
  }
  const bytes = environmentBytes(environment);
  if (bytes > limits.environmentBytes) {
    exceed('the environment', `${bytes} bytes`, `at most ${limits.environmentBytes} bytes`);
  }
  for (const name of Object.keys(environment)) {
    if (!platform.isReservedVariable(name)) continue;
    const message = describe('RESERVED_VARIABLE', { function: definition.name, platform: displayName, name });
    findings.push({ severity: 'warning', code: 'RESERVED_VARIABLE', message, ...place });
  }
  return findings;
}
