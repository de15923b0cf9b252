import { Cron } from 'croner';
import type { Schedule } from './sourceContracts.ts';
import { PhrasedError, phrase } from '../support/l10n.ts';

/** A cron dialect: which fields it has, and what it means where clouds differ. */
export interface CronDialect {
  /** Fields in order; seconds are 0 and years all where they are missing. */
  fields: readonly CronField[];
  /** Number of Sunday in the day of week; the others follow. */
  sunday: 0 | 1;
  /** Whether a time that occurs twice, when clocks go back, counts once. */
  once: boolean;
}

export type CronField = 'seconds' | 'minutes' | 'hours' | 'day of month' | 'month' | 'day of week' | 'year';

const bounds: Record<CronField, [least: number, most: number]> = {
  seconds: [0, 59],
  minutes: [0, 59],
  hours: [0, 23],
  'day of month': [1, 31],
  month: [1, 12],
  'day of week': [0, 7],
  year: [1970, 2199],
};

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** Clocks go back by these many milliseconds at most and mostly. */
const shiftsMs = [3_600_000, 1_800_000];

/**
 * A cron expression as times. Throws an `Error` whose message says what is wrong, as a sentence. Times that do not exist,
 * when clocks go forward, are left out, as the clouds do.
 */
export function cronSchedule(expression: string, timeZone: string, dialect: CronDialect): Schedule {
  const parts = expression.trim().split(/\s+/);
  const { fields } = dialect;
  if (parts.length !== fields.length)
    throw new PhrasedError(
      phrase('"{expression}" has {length} fields; {length2} are expected: {fields}.', {
        expression,
        length: parts.length,
        length2: fields.length,
        fields: fields.join(', '),
      }),
    );
  const read = new Map(fields.map((field, i) => [field, plainField(parts[i]!, field, dialect)]));
  const order: CronField[] = ['seconds', 'minutes', 'hours', 'day of month', 'month', 'day of week', 'year'];
  const pattern = order.map((field) => read.get(field) ?? (field === 'seconds' ? '0' : '*')).join(' ');
  checkTimeZone(timeZone);
  let cron: Cron;
  try {
    cron = new Cron(pattern, { paused: true, mode: '7-part', timezone: timeZone });
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^\w+: /, '') : String(error);
    throw new PhrasedError(
      phrase('"{expression}" cannot be read: {detail}', {
        expression,
        detail: detail.replace(/[^.]$/, '$&.'),
      }),
      { cause: error },
    );
  }
  const wall = wallClock(timeZone);
  return {
    text: timeZone === 'UTC' ? expression : `${expression} (${timeZone})`,
    next(after) {
      let found = cron.nextRun(new Date(after));
      // At most a few in a row are left out, around a change of clocks.
      for (let tries = 0; found && tries < 5000; tries++) {
        const time = found.getTime();
        const again = dialect.once && shiftsMs.some((ms) => wall(time - ms) === wall(time));
        if (!again && cron.match(found)) return time;
        found = cron.nextRun(found);
      }
      return undefined;
    },
  };
}

/** A moment of a time zone, written `2026-11-26T10:00:00`, in milliseconds since the epoch; undefined when it is none. */
export function momentIn(text: string, timeZone: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) || Number.isNaN(Date.parse(`${text}Z`)))
    return undefined;
  checkTimeZone(timeZone);
  return new Cron(text, { paused: true, timezone: timeZone, allowPast: true })
    .nextRun(new Date(0))
    ?.getTime();
}

/** Throws an `Error` for a name that is no time zone. */
export function checkTimeZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch (error) {
    throw new PhrasedError(
      phrase('"{timeZone}" is no time zone. Write it as Asia/Shanghai or UTC.', { timeZone }),
      { cause: error },
    );
  }
}

/** Times every so many milliseconds from a beginning. */
export function intervalSchedule(ms: number, text: string): Schedule {
  return { text, next: (after, from) => from + (Math.floor(Math.max(0, after - from) / ms) + 1) * ms };
}

function plainField(text: string, field: CronField, dialect: CronDialect): string {
  if (text === '?') return '*';
  return text
    .split(',')
    .map((part) => plainPart(part.toUpperCase(), field, dialect))
    .join(',');
}

/** One part of a list without what is spelled otherwise elsewhere: `5/15`, `6L`, ranges that go round, numbers of days. */
function plainPart(part: string, field: CronField, dialect: CronDialect): string {
  const [least, most] = bounds[field];
  const ofWeek = field === 'day of week';
  if (ofWeek && part === 'L') return '6';
  const value = (text: string): number | undefined => {
    const names = ofWeek ? days : field === 'month' ? months : [];
    const index = names.indexOf(text);
    if (index >= 0) return ofWeek ? index : index + 1;
    if (!/^\d{1,4}$/.test(text)) return undefined;
    const number = Number(text);
    if (!ofWeek || dialect.sunday === 0) return number;
    if (number < 1 || number > 7)
      throw new PhrasedError(
        phrase('"{text}" is no day of the week: days are 1 (SUN) to 7 (SAT).', { text }),
      );
    return number - 1;
  };
  const last = /^(\w+)L$/.exec(part);
  if (ofWeek && last) return `${value(last[1]!) ?? last[1]}#L`;
  const nth = /^(\w+)#(\d)$/.exec(part);
  if (nth) return `${value(nth[1]!) ?? nth[1]}#${nth[2]}`;
  const range = /^(?:(\w+)-(\w+)|(\w+|\*))(?:\/(\d{1,4}))?$/.exec(part);
  if (!range) return part;
  const [, from, to, single, step] = range;
  if (single !== undefined) {
    if (single === '*') return part;
    const start = value(single);
    if (start === undefined) return part;
    return step === undefined ? String(start) : `${start}-${ofWeek ? 6 : most}/${step}`;
  }
  const first = value(from!);
  const second = value(to!);
  if (first === undefined || second === undefined) return part;
  const suffix = step === undefined ? '' : `/${step}`;
  if (first <= second || first > most || field === 'year') return `${first}-${second}${suffix}`;
  // A range that goes round, e.g. SAT-SUN or 22-2, is spelled out.
  const size = (ofWeek ? 6 : most) - least + 1;
  const each = Number(step ?? 1);
  const spelled: number[] = [];
  for (let at = 0; at <= second - first + size && each > 0; at += each)
    spelled.push(least + ((first - least + at) % size));
  return spelled.join(',');
}

/** Tells the time of a zone's clocks, to the second. */
function wallClock(timeZone: string): (epochMs: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (epochMs) => format.format(epochMs);
}
