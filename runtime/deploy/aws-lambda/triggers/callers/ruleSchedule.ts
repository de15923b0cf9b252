import type { Target } from '@aws-sdk/client-eventbridge';
import type { OtherTrigger } from '../../../../model/functionDefinition.ts';
import { readSchedule } from '../../../../model/schedules/eventBridge.ts';
import { phrase, saidBy, type Phrase } from '../../../../support/l10n.ts';

interface RuleSchedule {
  ScheduleExpression: string;
  /** What has to be sent where nothing is stated. */
  input?: Pick<Target, 'InputTransformer'>;
}

/**
 * What EventBridge Scheduler sends where no input is stated (user guide, "Templated targets"): it is not what a rule
 * sends by itself.
 */
const schedulerEvent: Pick<Target, 'InputTransformer'> = {
  InputTransformer: {
    InputPathsMap: {
      account: '$.account',
      id: '$.id',
      region: '$.region',
      resources: '$.resources',
      time: '$.time',
    },
    InputTemplate:
      '{"version":"0","id":<id>,"detail-type":"Scheduled Event","source":"aws.scheduler","account":<account>,"time":<time>,"region":<region>,"resources":<resources>,"detail":"{}"}',
  },
};

/**
 * When a rule fires. A schedule of EventBridge Scheduler, which would need a role, is one where it says nothing that a
 * rule cannot; a text says what else it says, or what is wrong with it.
 */
export function scheduleOf(config: OtherTrigger['config'], type: string): RuleSchedule | Phrase {
  const stated = config['ScheduleExpression'] ?? config['Schedule'] ?? config['cron'];
  if (typeof stated !== 'string') return phrase('it has no schedule, such as rate(5 minutes).');
  const isOwn = config['cron'] === stated;
  const text = isOwn && /^[^()]*$/.test(stated) ? `cron(${stated.trim()})` : stated.trim();
  const scheduler = type === 'ScheduleV2';
  const zone = config['ScheduleExpressionTimezone'] ?? config['timezone'] ?? 'UTC';
  const more = schedulerAlone(config, text, zone);
  if (more !== undefined)
    return phrase(
      '{more} needs a schedule of EventBridge Scheduler, and a role for it. Make it there for the alias; rules fire at rate(…) and cron(…) in UTC.',
      { more },
    );
  try {
    readSchedule(text, { scheduler, timeZone: 'UTC' });
  } catch (error) {
    return phrase('{text}', { text: saidBy(error) });
  }
  return { ScheduleExpression: forRules(text), ...(scheduler && { input: schedulerEvent }) };
}

/** The first thing that only EventBridge Scheduler knows. */
function schedulerAlone(
  config: OtherTrigger['config'],
  text: string,
  zone: unknown,
): string | Phrase | undefined {
  if (text.startsWith('at(')) return text;
  if (!/^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/i.test(String(zone)))
    return phrase('the time zone {zone}', { zone: String(zone) });
  const window = config['FlexibleTimeWindow'] as { Mode?: unknown } | undefined;
  if (window !== undefined && window.Mode !== 'OFF') return 'FlexibleTimeWindow';
  const group = config['GroupName'];
  if (group !== undefined && group !== 'default')
    return phrase('the group {group}', { group: JSON.stringify(group) });
  const input = config['Input'];
  if (typeof input === 'string' && input.includes('<aws.scheduler.'))
    return phrase('its Input, which names attributes,');
  return ['StartDate', 'EndDate', 'KmsKeyArn'].find((key) => config[key] !== undefined);
}

/** Rules are strict about the plural; EventBridge Scheduler is not. */
function forRules(text: string): string {
  const [, amount, unit] = /^rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)$/.exec(text) ?? [];
  return unit === undefined ? text : `rate(${Number(amount)} ${unit}${Number(amount) === 1 ? '' : 's'})`;
}
