import { told } from '../errors.ts';
import type { FunctionDefinition, OtherTrigger, TriggerDefinition } from '../functionDefinition.ts';
import { nearest } from '../nearest.ts';
import {
  checkAsyncInvoke,
  checkMemory,
  checkTimeout,
  defaultPlatform,
  platformDefaults,
} from '../platformDefaults.ts';
import type { Problem } from '../project.ts';
import type { FunctionOverlay } from './projectFile.ts';

/** A definition with an overlay's settings laid over it: stated ones win, environment and process settings are merged. */
export function overlay(definition: FunctionDefinition, over: FunctionOverlay): FunctionDefinition {
  const { process, env, triggers, program, asyncInvoke, ...stated } = over.settings;
  const other = stated.platform !== undefined && stated.platform !== definition.platform;
  const { region, accountId } = platformDefaults(stated.platform ?? definition.platform);
  const merged: FunctionDefinition = {
    ...definition,
    ...(other && { region, accountId }),
    ...stated,
    process: { ...definition.process, ...process },
    env: { ...definition.env, ...env },
    ...(asyncInvoke && { asyncInvoke: { ...definition.asyncInvoke, ...asyncInvoke } }),
    ...(program && { program: { ...definition.program, ...program } }),
  };
  if (triggers) {
    // The shape of a trigger follows the platform, which an overlay need not name; only the default one has a choice.
    const shape = platformDefaults(merged.platform).httpShape;
    merged.triggers = overlayTriggers(definition.triggers, triggers).map((trigger) =>
      trigger.kind === 'http'
        ? { ...trigger, shape: merged.platform === defaultPlatform ? trigger.shape : shape }
        : trigger,
    );
  }
  if (merged.unresolvedEnv && env) {
    const left = Object.entries(merged.unresolvedEnv).filter(([name]) => !Object.hasOwn(env, name));
    merged.unresolvedEnv = Object.fromEntries(left);
  }
  return merged;
}

/** What `porchlight.yaml` may say of another file's trigger without saying anew what it is. */
const localKeys = new Set(['name', 'fire', 'folder']);

/**
 * Triggers of an overlay take the place of the others. An entry that has a name and local settings alone is laid over
 * the trigger of that name instead; when all are such, the other triggers stay.
 */
function overlayTriggers(before: TriggerDefinition[], over: TriggerDefinition[]): TriggerDefinition[] {
  const settings = over.filter(
    (trigger): trigger is OtherTrigger =>
      trigger.kind !== 'http' &&
      trigger.config['name'] !== undefined &&
      Object.keys(trigger.config).every((key) => localKeys.has(key)) &&
      before.some(({ kind, name }) => kind === trigger.kind && name === trigger.name),
  );
  const settingsOf = ({ kind, name }: TriggerDefinition): OtherTrigger | undefined =>
    settings.find((trigger) => trigger.kind === kind && trigger.name === name);
  const laid = before.map((trigger) => {
    const stated = settingsOf(trigger);
    if (!stated || trigger.kind === 'http') return trigger;
    const { name: _, ...config } = stated.config;
    return {
      ...trigger,
      config: { ...trigger.config, ...config },
      configAt: { ...trigger.configAt, ...stated.configAt },
    };
  });
  if (settings.length === over.length) return laid;
  const whole = over.filter((trigger) => settingsOf(trigger) === undefined);
  return [...whole, ...laid.filter((trigger) => settingsOf(trigger) !== undefined)];
}

/** A function that overlays may name by its own name or by its key in the file that declares it. */
export interface OverlayTarget {
  key: string;
  definition: FunctionDefinition;
}

/** Lays the overlays of one `porchlight.yaml` over functions of other files. */
export function applyOverlays(
  targets: OverlayTarget[],
  overlays: FunctionOverlay[],
): { definitions: FunctionDefinition[]; matched: Set<FunctionOverlay>; problems: Problem[] } {
  const matched = new Set<FunctionOverlay>();
  const problems: Problem[] = [];
  const definitions = targets.map((target) => {
    const over =
      overlays.find((candidate) => candidate.name === target.definition.name) ??
      overlays.find((candidate) => candidate.name === target.key);
    if (!over) {
      return target.definition;
    }
    matched.add(over);
    problems.push(...boundProblems(target.definition, over));
    return overlay(target.definition, over);
  });
  const known = targets.map((target) => target.definition.name);
  for (const over of overlays) {
    if (!matched.has(over) && !over.standsAlone) {
      const near = nearest(over.name, known);
      problems.push({
        severity: 'error',
        ...told('HANDLER_MISSING', { function: over.name, nearest: near }),
        ...over.declaredAt,
        function: over.name,
      });
    }
  }
  return { definitions, matched, problems };
}

function boundProblems(definition: FunctionDefinition, over: FunctionOverlay): Problem[] {
  const { memoryMB, timeoutMs, asyncInvoke } = over.settings;
  const details = [
    ['memory', memoryMB === undefined ? undefined : checkMemory(memoryMB, definition.platform)],
    ['timeout', timeoutMs === undefined ? undefined : checkTimeout(timeoutMs, definition.platform)],
    ['async', checkAsyncInvoke(asyncInvoke, over.settings.platform ?? definition.platform)],
  ] as const;
  return details.flatMap(([setting, detail]) =>
    detail
      ? [
          {
            severity: 'warning' as const,
            ...told('SETTING_INVALID', { path: `${over.name}.${setting}`, detail }),
            ...over.declaredAt,
            function: over.name,
          },
        ]
      : [],
  );
}
