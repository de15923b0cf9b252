import { cronSchedule, intervalSchedule, momentIn, type CronDialect } from '../cronSchedule.ts';
import { dateTime } from '../dateTime.ts';
import type { Schedule } from '../sourceContracts.ts';

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
    if (time === undefined) throw new Error(`"${inner}" is no time. Write it as at(2026-11-26T10:00:00).`);
    return { text: `once at ${dateTime(time)}`, next: (after) => (after < time ? time : undefined) };
  }
  if (kind === 'at') throw new Error('at() needs a schedule of EventBridge Scheduler (ScheduleV2).');
  throw new Error(`"${text}" is no schedule. Write rate(5 minutes) or cron(0 10 * * ? *).`);
}

function readRate(text: string, scheduler: boolean): Schedule {
  const [, amount, unit, plural] = /^(\d{1,6})\s+(minute|hour|day)(s?)$/.exec(text) ?? [];
  const number = Number(amount);
  if (unit === undefined || number < 1)
    throw new Error(`"rate(${text})" is no rate. Write it as rate(5 minutes), in minutes, hours or days.`);
  if (!scheduler && (number === 1) === (plural === 's'))
    throw new Error(
      `EventBridge refuses "rate(${text})": write rate(${number} ${unit}${number === 1 ? '' : 's'}).`,
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
    throw new Error(
      `"cron(${text})" needs ? for either the day of month or the day of week, not ${unspecified === 0 ? 'for none' : 'for both'}.`,
    );
  return cronSchedule(text, timeZone, dialect);
}
