import type { PreflightFinding } from '../model/deploy.ts';
import { environmentBytes } from '../model/environment.ts';
import { told } from '../model/errors.ts';
import type { Platform } from '../model/platform.ts';
import type { DeployItem } from './target.ts';
import { type Phrase, phrase } from '../support/l10n.ts';

/** What a platform's limits and reserved names object to. */
export function checkAgainstPlatform(item: DeployItem, platform: Platform): PreflightFinding[] {
  const { definition, environment } = item;
  const { limits, displayName } = platform;
  const findings: PreflightFinding[] = [];
  const place = { file: definition.declaredAt.file, line: definition.declaredAt.line };
  const exceed = (what: Phrase, value: string | Phrase, limit: string | Phrase): void => {
    const facts = {
      function: definition.name,
      what,
      value,
      platform: displayName,
      limit,
    };
    findings.push({ severity: 'error', ...told('LIMIT_EXCEEDED', facts), ...place });
  };
  const { min, max, step } = limits.memoryMB;
  if (definition.memoryMB < min || definition.memoryMB > max || definition.memoryMB % step !== 0) {
    exceed(
      phrase('memory'),
      `${definition.memoryMB} MB`,
      step > 1
        ? phrase('{min} to {max} MB in steps of {step}', { min, max, step })
        : phrase('{min} to {max} MB', { min, max }),
    );
  }
  if (definition.timeoutMs < limits.timeoutMs.min || definition.timeoutMs > limits.timeoutMs.max) {
    const seconds = (ms: number): string => `${ms / 1000} s`;
    exceed(
      phrase('the time-out'),
      seconds(definition.timeoutMs),
      phrase('{min} to {max}', { min: seconds(limits.timeoutMs.min), max: seconds(limits.timeoutMs.max) }),
    );
  }
  const bytes = environmentBytes(environment);
  if (bytes > limits.environmentBytes) {
    exceed(
      phrase('the environment'),
      phrase('{bytes} bytes', { bytes }),
      phrase('at most {bytes} bytes', { bytes: limits.environmentBytes }),
    );
  }
  for (const name of Object.keys(environment)) {
    if (!platform.isReservedVariable(name)) continue;
    const facts = { function: definition.name, platform: displayName, name };
    findings.push({ severity: 'warning', ...told('RESERVED_VARIABLE', facts), ...place });
  }
  return findings;
}
