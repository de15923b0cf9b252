import type { OtherTrigger } from '../../../../model/functionDefinition.ts';
import { inAccount, type Destination } from '../place.ts';
import type { DesiredSubscription } from './caller.ts';
import { phrase, type Phrase } from '../../../../support/l10n.ts';

const topicArn = /^arn:[\w-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}(\.fifo)?$/;

/** Reads a trigger of a topic, which is named or given by its ARN; a text says why there is none. */
export function desiredSubscription(
  { name, config }: OtherTrigger,
  to: Destination,
): DesiredSubscription | Phrase {
  const stated = config['Topic'];
  if (typeof stated !== 'string') return phrase('the project does not say the ARN of its topic.');
  const region = typeof config['Region'] === 'string' ? config['Region'] : to.region;
  const topic = stated.startsWith('arn:')
    ? inAccount(stated, { ...to, region })
    : `arn:${to.partition}:sns:${region}:${to.accountId}:${stated}`;
  if (!topicArn.test(topic)) return phrase('"{topic}" is no name or ARN of a topic.', { topic: stated });
  if (topic.endsWith('.fifo'))
    return phrase('a topic in order (.fifo) delivers to queues alone, not to functions.');
  if (config['SqsSubscription'] !== undefined && config['SqsSubscription'] !== false)
    return phrase(
      'a queue between topic and function (SqsSubscription) is not made. Make it, and state it as a trigger.',
    );
  const { FilterPolicy, FilterPolicyScope, RedrivePolicy } = config;
  if (
    FilterPolicyScope !== undefined &&
    FilterPolicyScope !== 'MessageAttributes' &&
    FilterPolicyScope !== 'MessageBody'
  )
    return phrase('FilterPolicyScope: {scope} is neither MessageAttributes nor MessageBody.', {
      scope: JSON.stringify(FilterPolicyScope),
    });
  const letters = (RedrivePolicy as { deadLetterTargetArn?: unknown } | undefined)?.deadLetterTargetArn;
  if (RedrivePolicy !== undefined && typeof letters !== 'string')
    return phrase('its RedrivePolicy has no deadLetterTargetArn: a queue is not made for it.');
  return {
    kind: 'subscription',
    name,
    source: topic,
    endpoint: to.arn,
    attributes: {
      ...(FilterPolicy !== undefined && {
        FilterPolicy: typeof FilterPolicy === 'string' ? FilterPolicy : JSON.stringify(FilterPolicy),
        FilterPolicyScope: FilterPolicyScope ?? 'MessageAttributes',
      }),
      ...(typeof letters === 'string' && {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: inAccount(letters, to) }),
      }),
    },
  };
}
