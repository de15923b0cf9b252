import { cronSchedule, intervalSchedule, type CronDialect } from '../cronSchedule.ts';
import type { Schedule } from '../sourceContracts.ts';
import { PhrasedError, phrase } from '../../support/l10n.ts';

/* Schedules of Function Compute's time triggers (its documentation, "time triggers", and contract §6). */

/** Monday is 1, Sunday 7 or 0; all times are UTC unless `CRON_TZ` says otherwise. */
const dialect: CronDialect = {
  fields: ['seconds', 'minutes', 'hours', 'day of month', 'month', 'day of week'],
  sunday: 0,
  once: false,
};

const unitMs: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000 };

/** Reads `0 0 4 * * *`, `CRON_TZ=Asia/Shanghai 0 0 4 * * *` and `@every 5m`. Throws what is wrong. */
export function readSchedule(text: string): Schedule {
  const expression = text.trim();
  const every = /^@every\s+((?:\d{1,6}[hms])+)$/.exec(expression);
  if (every) {
    const parts = every[1]!.match(/\d+[hms]/g)!;
    const ms = parts.reduce((sum, part) => sum + Number(part.slice(0, -1)) * unitMs[part.at(-1)!]!, 0);
    if (ms < 1000) throw new PhrasedError(phrase('the interval has to be at least a second.'));
    return intervalSchedule(ms, `every ${every[1]}`);
  }
  if (expression.startsWith('@'))
    throw new PhrasedError(
      phrase('"{expression}" is no interval. Write it as @every 5m, in m or h.', { expression }),
    );
  const [, zone = 'UTC', cron = ''] = /^(?:(?:CRON_)?TZ=(\S+)\s+)?(.*)$/s.exec(expression) ?? [];
  if (/[LW#]/i.test(cron.replace(/[A-Z]{3}/gi, '')))
    throw new PhrasedError(phrase('"{cron}" has L, W or #, which Function Compute does not know.', { cron }));
  return cronSchedule(cron, zone, dialect);
}
