import { readSchedule as readEventBridge } from '../../../../runtime/model/schedules/eventBridge.ts';
import { readSchedule as readFunctionCompute } from '../../../../runtime/model/schedules/functionCompute.ts';
import { getIn, textOf, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { Schedule } from '../../../../runtime/model/sourceContracts.ts';
import type { PlatformId } from '../../../../runtime/model/words.ts';
import type { Path } from './cursor.ts';
import { type Phrase, saidBy } from '../../../../runtime/support/l10n.ts';

/** A schedule, or what is wrong with its expression. */
export type ReadSchedule = { schedule: Schedule } | { wrong: string | Phrase };

/** The schedule that an expression at a path is on its platform; undefined where the platform has none. */
export function scheduleAt(
  expression: string,
  platform: PlatformId | undefined,
  root: Tree | undefined,
  path: Path,
): ReadSchedule | undefined {
  const beside = getIn(root, ...path.slice(0, typeof path.at(-1) === 'number' ? -2 : -1));
  const stated = ['timezone', 'ScheduleExpressionTimezone']
    .map((key) => textOf(getIn(beside, key)))
    .find(Boolean);
  const zone = stated !== undefined && !stated.includes('${') ? stated : undefined;
  try {
    if (platform === 'aliyun-fc') {
      const withZone = zone !== undefined && !/^(CRON_)?TZ=/.test(expression.trim());
      return { schedule: readFunctionCompute(withZone ? `CRON_TZ=${zone} ${expression}` : expression) };
    }
    if (platform !== 'aws-lambda') return undefined;
    const key = path.findLast((step) => typeof step === 'string');
    const isScheduler =
      key === 'ScheduleExpression' ||
      textOf(getIn(beside, 'method')) === 'scheduler' ||
      (key === 'cron' && (zone !== undefined || /^\s*at\(/.test(expression)));
    // `porchlight.yaml` takes the fields of a cron expression alone.
    const whole = key === 'cron' && /^[^()]*$/.test(expression) ? `cron(${expression})` : expression;
    return { schedule: readEventBridge(whole, { scheduler: isScheduler, timeZone: zone ?? 'UTC' }) };
  } catch (error) {
    return { wrong: saidBy(error) };
  }
}

/** The next times of a schedule after a moment, in milliseconds since the epoch. Those of intervals count from then. */
export function nextTimes(schedule: Schedule, after: number, count: number): number[] {
  const times: number[] = [];
  for (let last = after; times.length < count;) {
    const time = schedule.next(last, after);
    if (time === undefined) break;
    times.push(time);
    last = time;
  }
  return times;
}
