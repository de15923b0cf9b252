import { readSchedule } from '../../model/schedules/functionCompute.ts';
import type { SourceProblem, TimerContract } from '../../model/sourceContracts.ts';
import { phrase } from '../../support/l10n.ts';

/* Time triggers of Function Compute (its documentation, "time triggers", and contract §6). */

/** What time triggers say in `s.yaml` (`cronExpression`, `enable`, `payload`) and `porchlight.yaml`, and send. */
export const timer: TimerContract = {
  read({ config }) {
    const problems: SourceProblem[] = [];
    const key = config['cronExpression'] === undefined ? 'cron' : 'cronExpression';
    const expression = config[key];
    const enabled = (config['enable'] ?? config['enabled'] ?? true) !== false;
    if (typeof expression !== 'string' || expression.trim() === '') {
      const detail = 'give a schedule such as "0 0 4 * * *" or "@every 5m".';
      return { problems: [{ severity: 'error', key, detail }] };
    }
    const { payload } = config;
    if (payload !== undefined && typeof payload !== 'string')
      problems.push({
        severity: 'warning',
        key: 'payload',
        detail: phrase('expected text; it is sent as JSON.'),
      });
    try {
      const zone = config['timezone'];
      const withZone = typeof zone === 'string' && !/^(CRON_)?TZ=/.test(expression.trim());
      return {
        settings: {
          schedule: readSchedule(withZone ? `CRON_TZ=${zone} ${expression}` : expression),
          enabled,
        },
        problems,
      };
    } catch (error) {
      return { problems: [...problems, { severity: 'error', key, detail: (error as Error).message }] };
    }
  },
  event({ name, config: { payload } }, { at }) {
    const triggerTime = at.toISOString().replace(/\.\d+Z$/, 'Z');
    const text = typeof payload === 'string' ? payload : payload === undefined ? '' : JSON.stringify(payload);
    return Buffer.from(JSON.stringify({ triggerTime, triggerName: name, payload: text }));
  },
};
