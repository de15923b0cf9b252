import { textOr } from '../../model/storageTrigger.ts';
import type { FcTrigger } from './answers.ts';
import type { DesiredTrigger } from './desiredTriggers.ts';
import { unmarked } from './ownTriggers.ts';
import { covers, likeStated, settingsText } from './statedSettings.ts';

/* Triggers as texts of a plan, which are compared. */

type Described = Omit<DesiredTrigger, 'name' | 'initial'>;

/** Longest text of a plan. */
const longest = 1000;

/** A trigger as one text: a stated one and one of the cloud alike. */
export function triggerText(trigger: Described): string {
  const { type, config, sourceArn, invocationRole, description } = trigger;
  const short = shortTexts[type];
  const source = sourceArn === undefined ? [] : [sourceArn.split(':').slice(4).join(':')];
  const said = short ? short(config) : [settingsText(config)];
  const role =
    invocationRole !== undefined && type !== 'oss' ? [`as ${invocationRole.split('/').at(-1)}`] : [];
  const about = description === undefined ? [] : [JSON.stringify(description)];
  const text = [type, ...source, ...said, ...role, ...about].filter(Boolean).join(' ');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Settings that everybody knows, without their names. */
const shortTexts: Record<string, (config: Record<string, unknown>) => string[]> = {
  http({ authType, methods, ...rest }) {
    const more = settingsText(rest);
    return [textOr(authType, ''), list(methods), more === '{}' ? '' : more];
  },
  timer({ cronExpression, enable, payload }) {
    return [textOr(cronExpression, ''), enable === false ? 'off' : '', textOr(payload, '')];
  },
  oss({ events, filter }) {
    const { key } = (filter ?? {}) as { key?: { prefix?: unknown; suffix?: unknown } };
    return [`${textOr(key?.prefix, '')}*${textOr(key?.suffix, '')}`, list(events)];
  },
};

function list(value: unknown): string {
  return Array.isArray(value) ? [...(value as string[])].sort().join(',') : '';
}

/**
 * The text of a trigger that is there, of what is stated of it: that of the stated one where it has all of it. Undefined
 * where it is not of the alias, and so calls something else.
 */
export function remoteTriggerText(
  found: FcTrigger,
  alias: string,
  wanted?: DesiredTrigger,
): string | undefined {
  if (found.qualifier !== alias) return undefined;
  const config = configIn(found);
  const { triggerType: type, sourceArn, invocationRole } = found;
  const description = unmarked(found.description);
  const there: Described = {
    type,
    config: wanted?.type === type ? (likeStated(config, wanted.config) as Record<string, unknown>) : config,
    ...(sourceArn && (!wanted || wanted.sourceArn !== undefined) && { sourceArn }),
    ...(invocationRole && wanted?.invocationRole !== undefined && { invocationRole }),
    ...(description && wanted?.description !== undefined && { description }),
  };
  const text = triggerText(there);
  if (!wanted) return text;
  const same =
    wanted.type === type &&
    covers(wanted.config, config) &&
    (['sourceArn', 'invocationRole'] as const).every((key) =>
      [undefined, found[key]].includes(wanted[key]),
    ) &&
    [undefined, description].includes(wanted.description);
  if (same) return triggerText(wanted);
  // What tells them apart may not be shown, or is too far behind.
  return text === triggerText(wanted) ? `${text} (other values)` : text;
}

/** Settings of a trigger, which are JSON in a text. */
export function configIn({ triggerConfig }: FcTrigger): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(triggerConfig || '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    // Then it differs from what is wanted, and is written anew.
    return {};
  }
}
