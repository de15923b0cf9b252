import type { FunctionDefinition, OtherTrigger } from '../../model/functionDefinition.ts';
import type { SourceProblem, TimerContract } from '../../model/sourceContracts.ts';
import { checkTimeZone } from '../../model/cronSchedule.ts';
import { readSchedule } from '../../model/schedules/eventBridge.ts';
import { phrase } from '../../support/l10n.ts';

/*
 * Schedules of SAM: `Schedule` is a rule of EventBridge, `ScheduleV2` a schedule of EventBridge Scheduler. Timers of
 * `porchlight.yaml` are rules, unless they name a time zone or a moment.
 */

const isScheduler = ({ config: { type, timezone, cron } }: OtherTrigger): boolean =>
  type === 'ScheduleV2' || timezone !== undefined || (typeof cron === 'string' && /^\s*at\(/.test(cron));

/** What schedules say and send. */
export const timer: TimerContract = {
  read(trigger) {
    const { config } = trigger;
    const key = ['ScheduleExpression', 'Schedule', 'cron'].find((name) => config[name] !== undefined);
    const expression = key === undefined ? undefined : config[key];
    if (key === undefined || typeof expression !== 'string') {
      const missing =
        config['type'] === 'ScheduleV2'
          ? 'ScheduleExpression'
          : config['type'] === 'Schedule'
            ? 'Schedule'
            : 'cron';
      const detail = phrase('give a schedule such as rate(5 minutes) or cron(0 10 * * ? *).');
      return { problems: [{ severity: 'error', key: key ?? missing, detail }] };
    }
    const problems: SourceProblem[] = [];
    const bound = (name: string): number | undefined => {
      if (config[name] === undefined) return undefined;
      const time = Date.parse(String(config[name]));
      if (!Number.isNaN(time)) return time;
      const detail = phrase('expected a time such as 2026-11-26T10:00:00Z; it is not regarded.');
      problems.push({ severity: 'warning', key: name, detail });
      return undefined;
    };
    const zone = config['ScheduleExpressionTimezone'] ?? config['timezone'] ?? 'UTC';
    const options = {
      scheduler: isScheduler(trigger),
      timeZone: String(zone),
      start: bound('StartDate'),
      end: bound('EndDate'),
    };
    try {
      checkTimeZone(options.timeZone);
      const bare = /^[^()]*$/.test(expression) && key === 'cron' ? `cron(${expression})` : expression;
      const schedule = readSchedule(bare, options);
      const off =
        config['State'] === 'DISABLED' || config['Enabled'] === false || config['enabled'] === false;
      return { settings: { schedule, enabled: !off }, problems };
    } catch (error) {
      return { problems: [...problems, { severity: 'error', key, detail: (error as Error).message }] };
    }
  },
  event(trigger, { at, id, definition }) {
    const input = trigger.config['Input'] ?? trigger.config['payload'];
    const time = at.toISOString().replace(/\.\d+Z$/, 'Z');
    const arn = arnOf(trigger, definition);
    if (input !== undefined) {
      const text = typeof input === 'string' ? input : JSON.stringify(input);
      return Buffer.from(isScheduler(trigger) ? filled(text, { time, id, arn }) : text);
    }
    const { region, accountId: account } = definition;
    const scheduler = isScheduler(trigger);
    const source = scheduler ? 'aws.scheduler' : 'aws.events';
    const event = {
      version: '0',
      id,
      'detail-type': 'Scheduled Event',
      source,
      account,
      time,
      region,
      resources: [arn],
    };
    // Scheduler sends its detail as text, rules as an object.
    return Buffer.from(JSON.stringify({ ...event, detail: scheduler ? '{}' : {} }));
  },
};

function arnOf(trigger: OtherTrigger, { name: fn, region, accountId }: FunctionDefinition): string {
  const { Name, GroupName = 'default' } = trigger.config;
  const name = typeof Name === 'string' ? Name : `${fn}-${trigger.name}`;
  return isScheduler(trigger)
    ? `arn:aws:scheduler:${region}:${accountId}:schedule/${String(GroupName)}/${name}`
    : `arn:aws:events:${region}:${accountId}:rule/${name}`;
}

/** An input with EventBridge Scheduler's context attributes in the place of their names. */
function filled(text: string, { time, id, arn }: { time: string; id: string; arn: string }): string {
  return text
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', time)
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}
