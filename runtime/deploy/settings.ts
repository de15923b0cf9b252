import type { FieldChange } from '../model/deploy.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';

/** What a version that this runtime serves is compared by (see `DeployTarget.settings`). */
export function deployedSettings(definition: FunctionDefinition): Record<string, string> {
  const { process, initializer, preFreeze, preStop, triggers } = definition;
  const settings: Record<string, string | number | boolean | undefined> = {
    platform: definition.platform,
    language: definition.language,
    runtime: definition.runtime,
    handler: definition.handler,
    initializer: initializer?.handler,
    preFreeze: preFreeze?.handler,
    preStop: preStop?.handler,
    memoryMB: definition.memoryMB,
    timeoutMs: definition.timeoutMs,
    region: definition.region,
    description: definition.description,
    ...Object.fromEntries(Object.entries(process).map(([key, value]) => [`process.${key}`, value])),
  };
  for (const trigger of triggers) {
    settings[`triggers.${trigger.name}`] =
      trigger.kind === 'http'
        ? `http ${trigger.methods.join(',') || 'any method'} ${trigger.path} (${trigger.shape})`
        : `${trigger.kind} ${JSON.stringify(trigger.config)}`;
  }
  return stated(settings);
}

/** What is set, as texts. */
export function stated(
  settings: Record<string, string | number | boolean | undefined>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  );
}

/** What would change from one version to the next, by field; variables by name, with their values hidden. */
export function compareSettings(
  before: { settings: Record<string, string>; environment: Record<string, string> } | undefined,
  after: { settings: Record<string, string>; environment: Record<string, string> },
): FieldChange[] {
  const fields = namesOf(before?.settings, after.settings).map((path): FieldChange => {
    const [old, now] = [before?.settings[path], after.settings[path]];
    return {
      path,
      change: changeOf(old, now),
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    };
  });
  const variables = namesOf(before?.environment, after.environment).map((name): FieldChange => ({
    path: `environment.${name}`,
    change: changeOf(before?.environment[name], after.environment[name]),
  }));
  return [...fields, ...variables];
}

function namesOf(...records: (Record<string, string> | undefined)[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))].sort();
}

function changeOf(before: string | undefined, after: string | undefined): FieldChange['change'] {
  if (before === undefined) return 'create';
  if (after === undefined) return 'remove';
  return before === after ? 'same' : 'change';
}
