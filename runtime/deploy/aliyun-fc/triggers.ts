import { fcTriggers, type FcTrigger } from './answers.ts';
import type { DesiredTrigger } from './desiredTriggers.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isMarked, marked } from './ownTriggers.ts';
import { isRefusal } from './refusal.ts';
import { configIn, remoteTriggerText, triggerText } from './triggerTexts.ts';

/** Triggers of a function, of all its versions and aliases. */
export function listTriggers(api: FcApi, name: string): Promise<FcTrigger[]> {
  const request = { operation: 'ListTriggers', path: functionPath(name, 'triggers') };
  return api.list(request, async (page) => {
    const found = await api.find(fcTriggers, page);
    return found && { items: found.triggers, nextToken: found.nextToken };
  });
}

/** Takes a trigger away. */
export function removeTrigger(api: FcApi, name: string, trigger: string): Promise<void> {
  return api.remove({ operation: 'DeleteTrigger', path: functionPath(name, 'triggers', trigger) });
}

/** Sets a trigger of the alias up, unless it is as it should be. */
export async function provideTrigger(
  api: FcApi,
  { name, alias }: { name: string; alias: string },
  trigger: DesiredTrigger,
  before: FcTrigger | undefined,
): Promise<void> {
  if (before && remoteTriggerText(before, alias, trigger) === triggerText(trigger)) return;
  const { sourceArn, invocationRole } = trigger;
  const sourceChanged = sourceArn !== undefined && before?.sourceArn !== sourceArn;
  if (before && (before.triggerType !== trigger.type || sourceChanged)) {
    // What a trigger is and where it listens cannot be changed.
    await removeTrigger(api, name, trigger.name);
  } else if (before) {
    return update(api, { name, alias }, trigger, before);
  }
  const body = {
    triggerName: trigger.name,
    triggerType: trigger.type,
    triggerConfig: JSON.stringify({ ...trigger.config, ...trigger.initial }),
    qualifier: alias,
    description: marked(trigger.description),
    ...(sourceArn !== undefined && { sourceArn }),
    ...(invocationRole !== undefined && { invocationRole }),
  };
  const path = functionPath(name, 'triggers');
  try {
    await api.call({ operation: 'CreateTrigger', method: 'POST', path, body }, { fresh: true });
  } catch (error) {
    // An answer was lost.
    if (!isRefusal(error, /^TriggerAlreadyExists$/)) throw error;
    const there = (await listTriggers(api, name)).find(({ triggerName }) => triggerName === trigger.name);
    await update(api, { name, alias }, trigger, there);
  }
}

async function update(
  api: FcApi,
  { name, alias }: { name: string; alias: string },
  { name: trigger, config, invocationRole, description }: DesiredTrigger,
  before: FcTrigger | undefined,
): Promise<void> {
  const body = {
    // What the project says nothing of stays as it is there.
    triggerConfig: JSON.stringify({ ...(before && configIn(before)), ...config }),
    qualifier: alias,
    ...(invocationRole !== undefined && { invocationRole }),
    ...(description !== undefined && {
      description: before && isMarked(before) ? marked(description) : description,
    }),
  };
  const path = functionPath(name, 'triggers', trigger);
  await api.call({ operation: 'UpdateTrigger', method: 'PUT', path, body }, { fresh: true });
}
