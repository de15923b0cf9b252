import { cronSchedule, intervalSchedule, momentIn, type CronDialect } from '../cronSchedule.ts';
import { dateTime } from '../dateTime.ts';
import type { Schedule } from '../sourceContracts.ts';
import { PhrasedError, phrase } from '../../support/l10n.ts';

/*
 * Schedule expressions of EventBridge rules (UTC) and of EventBridge Scheduler, which also has time zones and `at()`
 * (user guides "Schedule expressions" and "Schedule types").
 */

const dialect: CronDialect = {
  fields: ['minutes', 'hours', 'day of month', 'month', 'day of week', 'year'],
  sunday: 1,
  once: true,
};

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

export interface ScheduleOptions {
  /** Whether it is one of EventBridge Scheduler's. */
  scheduler: boolean;
  timeZone: string;
  /** Bounds of a schedule of EventBridge Scheduler, milliseconds since the epoch. */
  start?: number | undefined;
  end?: number | undefined;
}

/** Reads `rate(5 minutes)`, `cron(0 10 * * ? *)` and `at(2026-11-26T10:00:00)`. Throws what is wrong. */
export function readSchedule(text: string, options: ScheduleOptions): Schedule {
  const schedule = readExpression(text.trim(), options);
  const { start, end } = options;
  if (start === undefined && end === undefined) return schedule;
  return {
    text: schedule.text,
    next(after, from) {
      const time = schedule.next(Math.max(after, (start ?? 0) - 1), start ?? from);
      return time !== undefined && (end === undefined || time <= end) ? time : undefined;
    },
  };
}

function readExpression(text: string, { scheduler, timeZone }: ScheduleOptions): Schedule {
  const [, kind, inner = ''] = /^(rate|cron|at)\((.*)\)$/s.exec(text) ?? [];
  if (kind === 'rate') return readRate(inner.trim(), scheduler);
  if (kind === 'cron') return readCron(inner.trim(), timeZone);
  if (kind === 'at' && scheduler) {
    const time = momentIn(inner.trim(), timeZone);
    if (time === undefined)
      throw new PhrasedError(phrase('"{inner}" is no time. Write it as at(2026-11-26T10:00:00).', { inner }));
    return { text: `once at ${dateTime(time)}`, next: (after) => (after < time ? time : undefined) };
  }
  if (kind === 'at')
    throw new PhrasedError(phrase('at() needs a schedule of EventBridge Scheduler (ScheduleV2).'));
  throw new PhrasedError(
    phrase('"{text}" is no schedule. Write rate(5 minutes) or cron(0 10 * * ? *).', { text }),
  );
}

function readRate(text: string, scheduler: boolean): Schedule {
  const [, amount, unit, plural] = /^(\d{1,6})\s+(minute|hour|day)(s?)$/.exec(text) ?? [];
  const number = Number(amount);
  if (unit === undefined || number < 1)
    throw new PhrasedError(
      phrase('"rate({text})" is no rate. Write it as rate(5 minutes), in minutes, hours or days.', { text }),
    );
  if (!scheduler && (number === 1) === (plural === 's'))
    throw new PhrasedError(
      phrase('EventBridge refuses "rate({rate})": write rate({right}).', {
        rate: text,
        right: `${number} ${unit}${number === 1 ? '' : 's'}`,
      }),
    );
  return intervalSchedule(
    number * unitMs[unit]!,
    number === 1 ? `every ${unit}` : `every ${number} ${unit}s`,
  );
}

function readCron(text: string, timeZone: string): Schedule {
  const fields = text.split(/\s+/);
  const unspecified = [fields[2], fields[4]].filter((field) => field === '?').length;
  if (fields.length === 6 && unspecified !== 1)
    throw new PhrasedError(
      unspecified === 0
        ? phrase('"cron({cron})" needs ? for either the day of month or the day of week, not for none.', {
            cron: text,
          })
        : phrase('"cron({cron})" needs ? for either the day of month or the day of week, not for both.', {
            cron: text,
          }),
    );
  return cronSchedule(text, timeZone, dialect);
}
