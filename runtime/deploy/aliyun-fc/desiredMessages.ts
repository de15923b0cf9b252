import type { OtherTrigger } from '../../model/functionDefinition.ts';
import { parseDuration } from '../../model/units.ts';
import { phrase } from '../../support/l10n.ts';
import type { Account, Made } from './desiredTriggers.ts';
import type { FcSettings } from './settings.ts';
import { accountMissing, topicArn } from './triggerAccount.ts';

/**
 * Queues and topics of MNS as `porchlight.yaml` states them: a topic subscribes the function (`mns_topic`), messages of
 * a queue come through EventBridge, as a stream.
 */
export function desiredMessages(
  { config }: OtherTrigger,
  { triggerRole }: FcSettings,
  { region, accountId }: Account,
): Made {
  const { topic, queue, service } = config;
  if (service === 'rocketmq')
    return phrase(
      '(rocketmq) is not set up: porchlight.yaml does not say the instance of its topic. State the trigger in s.yaml, with triggerType: eventbridge.',
    );
  const name = lastPart(topic ?? queue);
  if (name === undefined)
    return phrase('({type}) is not set up: it names no queue or topic.', { type: 'queue' });
  const strategy = config['retry'] ?? 'BACKOFF_RETRY';
  if (topic !== undefined) {
    if (config['enabled'] === false) return undefined;
    if (accountId === undefined) return accountMissing('mns_topic');
    return {
      type: 'mns_topic',
      config: {
        filterTag: config['tag'] ?? '',
        notifyContentFormat: config['content'] ?? 'STREAM',
        notifyStrategy: strategy,
      },
      sourceArn: topicArn(region, accountId, name),
      ...(triggerRole !== undefined && { invocationRole: triggerRole }),
    };
  }
  const windowMs = config['window'] === undefined ? 0 : parseDuration(config['window'] as string | number);
  return {
    type: 'eventbridge',
    // Names as the API spells them (SDK models SourceMNSParameters, BatchWindow, RetryStrategy).
    config: {
      triggerEnable: config['enabled'] !== false,
      asyncInvocationType: false,
      eventRuleFilterPattern: '{}',
      eventSinkConfig: {
        deliveryOption: {
          eventSchema: config['rawData'] === true ? 'RawData' : 'CloudEvents',
          ...(config['maxConcurrency'] !== undefined && { concurrency: config['maxConcurrency'] }),
        },
      },
      eventSourceConfig: {
        eventSourceType: 'MNS',
        eventSourceParameters: {
          sourceMNSParameters: { RegionId: region, QueueName: name, IsBase64Decode: true },
        },
      },
      runOptions: {
        mode: 'event-streaming',
        errorsTolerance: 'ALL',
        batchWindow: {
          CountBasedWindow: config['batchSize'] ?? 1,
          TimeBasedWindow: Math.ceil((windowMs ?? 0) / 1000),
        },
        retryStrategy: { PushRetryStrategy: strategy },
      },
    },
  };
}

/** Names may be stated by their ARN or address. */
function lastPart(stated: unknown): string | undefined {
  if (typeof stated !== 'string') return undefined;
  return (
    stated
      .trim()
      .replace(/\/messages$/, '')
      .split(/[/:]/)
      .at(-1) || undefined
  );
}
