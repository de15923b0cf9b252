import type { OtherTrigger } from '../../model/functionDefinition.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';
import type { Account, Made } from './desiredTriggers.ts';
import type { FcSettings } from './settings.ts';
import { topicArn } from './triggerAccount.ts';

/* Triggers of other services, whose settings go to the cloud as `s.yaml` states them. */

/** What the API and component `fc3` ask for (its JSON schema, "triggerConfig"). */
interface SourceType {
  /** Settings that have to be stated, by their place. */
  required: string[];
  /** Service in the ARN of what sends the events; absent where it may go without one. */
  service?: string;
  /** Calls by a role of the account's. */
  role: boolean;
}

const sourceTypes: Record<string, SourceType> = {
  log: {
    required: ['enable', 'jobConfig', 'logConfig.project', 'logConfig.logstore', 'sourceConfig.logstore'],
    service: 'log',
    role: true,
  },
  mns_topic: { required: ['notifyContentFormat', 'notifyStrategy'], service: 'mns', role: true },
  cdn_events: {
    required: ['eventName', 'eventVersion', 'notes', 'filter.domain'],
    service: 'cdn',
    role: true,
  },
  tablestore: { required: [], service: 'ots', role: true },
  eventbridge: {
    required: [
      ...['triggerEnable', 'asyncInvocationType', 'eventRuleFilterPattern', 'eventSinkConfig'],
      ...['eventSourceConfig.eventSourceType', 'runOptions'],
    ],
    role: false,
  },
};

export function isSourceType(type: string): boolean {
  return Object.hasOwn(sourceTypes, type);
}

/** What readers and `porchlight.yaml` add to the settings for this machine. */
const notSent = new Set(['type', 'name', 'fire', 'folder', 'topic', 'topicName', 'region', 'enabled']);
const arn = /^acs:([\w-]+):[\w*-]*:\S{1,900}$/;

/** A trigger whose settings are sent as stated, once they have what the API asks for. */
export function desiredAsStated(
  trigger: OtherTrigger,
  type: string,
  { triggerRole }: FcSettings,
  account: Account,
): Made {
  const { required, service, role } = sourceTypes[type]!;
  const config = Object.fromEntries(Object.entries(trigger.config).filter(([key]) => !notSent.has(key)));
  const missing = required.filter((path) => at(config, path) === undefined);
  if (missing.length > 0)
    return phrase('({type}) is not set up: its triggerConfig lacks {missing}.', {
      type,
      missing: missing.join(', '),
    });
  const sourceArn = trigger.registration?.sourceArn ?? statedTopic(trigger, type, account);
  if (sourceArn === undefined && service !== undefined) return sourceMissing(type, service);
  if (sourceArn !== undefined && (arn.exec(sourceArn)?.[1] ?? '') !== (service ?? arn.exec(sourceArn)?.[1]))
    return sourceMissing(type, service ?? 'eventbridge');
  const invocationRole = trigger.registration?.invocationRole ?? (role ? triggerRole : undefined);
  return {
    type,
    config,
    ...(sourceArn !== undefined && { sourceArn }),
    ...(invocationRole !== undefined && { invocationRole }),
  };
}

function sourceMissing(type: string, service: string): Phrase {
  return phrase(
    '({type}) is not set up: its sourceArn has to name what sends the events, as acs:{service}:REGION:ACCOUNT:NAME.',
    { type, service },
  );
}

/** Topics that are named beside the other settings, as component `fc` does. */
function statedTopic(
  { config }: OtherTrigger,
  type: string,
  { region, accountId }: Account,
): string | undefined {
  const topic = config['topicName'] ?? config['topic'];
  if (type !== 'mns_topic' || typeof topic !== 'string' || topic === '' || accountId === undefined)
    return undefined;
  const where = typeof config['region'] === 'string' ? config['region'] : region;
  return topicArn(where, accountId, topic);
}

/** A value that is stated at a place such as `logConfig.project`. */
function at(config: unknown, path: string): unknown {
  const found = path
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key)
          ? (value as Record<string, unknown>)[key]
          : undefined,
      config,
    );
  return found ?? undefined;
}
