import type { OtherTrigger } from '../../model/functionDefinition.ts';
import { bucketOf, textOr } from '../../model/storageTrigger.ts';
import { phrase } from '../../support/l10n.ts';
import type { Account, Made } from './desiredTriggers.ts';
import type { FcSettings } from './settings.ts';
import { accountMissing } from './triggerAccount.ts';

/* Timers and buckets, which `porchlight.yaml` states as well as `s.yaml`. */

export function desiredTimer({ config }: OtherTrigger): Made {
  const { cronExpression = config['cron'], timezone, payload } = config;
  if (typeof cronExpression !== 'string' || cronExpression.trim() === '')
    return phrase('(timer) is not set up: it has no schedule.');
  const stated = cronExpression.trim();
  const zoned = typeof timezone === 'string' && !/^(CRON_TZ=|TZ=|@)/.test(stated);
  return {
    type: 'timer',
    config: {
      cronExpression: zoned ? `CRON_TZ=${timezone} ${stated}` : stated,
      enable: (config['enable'] ?? config['enabled'] ?? true) !== false,
      payload: typeof payload === 'string' ? payload : payload === undefined ? '' : JSON.stringify(payload),
    },
  };
}

const eventGroups: Record<string, string[]> = {
  created: ['oss:ObjectCreated:*'],
  removed: ['oss:ObjectRemoved:DeleteObject', 'oss:ObjectRemoved:DeleteObjects'],
};

export function desiredStorage(trigger: OtherTrigger, settings: FcSettings, account: Account): Made {
  const { config } = trigger;
  const bucket = bucketOf(trigger, 'bucketName');
  if (bucket === undefined) return phrase('(oss) is not set up: the project does not say its bucket.');
  const invocationRole = textOr(
    config['invocationRole'],
    trigger.registration?.invocationRole ?? settings.triggerRole ?? '',
  );
  if (invocationRole === '')
    return phrase(
      '(oss) is not set up: OSS needs a role to call it. Name one as triggerRole: of the target.',
    );
  if (account.accountId === undefined) return accountMissing('oss');
  const { events } = config;
  const stated: unknown[] = Array.isArray(events) ? events : [events ?? 'created'];
  const key = (config['filter'] as { key?: { prefix?: unknown; suffix?: unknown } } | undefined)?.key;
  return {
    type: 'oss',
    config: {
      events: stated.flatMap((event) => eventGroups[String(event)] ?? String(event)),
      filter: {
        key: {
          prefix: textOr(key?.prefix ?? config['prefix'], ''),
          suffix: textOr(key?.suffix ?? config['suffix'], ''),
        },
      },
    },
    sourceArn: `acs:oss:${account.region}:${account.accountId}:${bucket}`,
    invocationRole,
  };
}
