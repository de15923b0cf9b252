import type { Subscription } from '@aws-sdk/client-sns';
import type { LambdaApi } from '../../lambdaApi.ts';
import {
  jsonText,
  subscriptionAttributes,
  type DesiredSubscription,
  type RemoteCaller,
  type SubscriptionAttribute,
} from './caller.ts';
import { snsClient } from '../../clients.ts';
import { alter, ask } from './serviceCall.ts';
import { phrase, type Phrase } from '../../../../support/l10n.ts';

/** Pages of a hundred. */
const largestPages = 100;

type Attributes = Partial<Record<SubscriptionAttribute, string>>;

/** What an attribute is set to, so that it holds no more. */
const unset: Record<SubscriptionAttribute, string> = {
  FilterPolicy: '{}',
  FilterPolicyScope: 'MessageAttributes',
  RedrivePolicy: '{}',
};

/** A subscription as one text; a wanted one and one of the cloud alike. */
export function subscriptionText(topic: string, attributes: Attributes): string {
  const { FilterPolicy = '{}', FilterPolicyScope, RedrivePolicy = '{}' } = attributes;
  const filters = jsonText(FilterPolicy) !== '{}';
  return [
    `topic ${topic}`,
    ...(filters ? [`FilterPolicy ${jsonText(FilterPolicy)}`] : []),
    ...(filters && FilterPolicyScope === 'MessageBody' ? ['of the body'] : []),
    ...(jsonText(RedrivePolicy) === '{}' ? [] : [`RedrivePolicy ${jsonText(RedrivePolicy)}`]),
  ].join(', ');
}

/** How a subscription stands there. An alias has one at a topic, whoever made it: `isOwn` says whether a deploy did. */
export async function findSubscription(
  api: LambdaApi,
  { source: topic, endpoint, attributes }: DesiredSubscription,
  isOwn: Promise<boolean>,
): Promise<RemoteCaller> {
  const arn = await subscriptionOf(api, topic, endpoint);
  if (arn === undefined) return { text: undefined };
  const text = subscriptionText(topic, await attributesOf(api, topic, arn));
  if (text === subscriptionText(topic, attributes) || (await isOwn)) return { text };
  return { text, foreign: `its subscription was made by somebody else and stays as it is: ${text}.` };
}

/** Subscribes the alias, or sets what its subscription delivers. */
export async function provideSubscription(
  api: LambdaApi,
  { source: topic, endpoint, attributes }: DesiredSubscription,
): Promise<Phrase | undefined> {
  const arn = await subscriptionOf(api, topic, endpoint);
  if (arn === undefined) {
    const input = {
      TopicArn: topic,
      Protocol: 'lambda',
      Endpoint: endpoint,
      ReturnSubscriptionArn: true,
      ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    };
    await alter(api, 'sns', 'Subscribe', () =>
      snsClient(api, topic).send(new api.sdk.SubscribeCommand(input)),
    );
    return undefined;
  }
  if (!arn.startsWith('arn:')) return phrase('its subscription waits for its confirmation there.');
  const now = await attributesOf(api, topic, arn);
  for (const AttributeName of inOrder(attributes)) {
    const wanted = attributes[AttributeName] ?? unset[AttributeName];
    if (jsonText(now[AttributeName] ?? unset[AttributeName]) === jsonText(wanted)) continue;
    const input = { SubscriptionArn: arn, AttributeName, AttributeValue: wanted };
    await alter(api, 'sns', 'SetSubscriptionAttributes', () =>
      snsClient(api, topic).send(new api.sdk.SetSubscriptionAttributesCommand(input)),
    );
  }
  return undefined;
}

/** A policy has to fit its scope at any moment: only one of bodies may be nested. Without one there is no scope. */
function inOrder({ FilterPolicy, FilterPolicyScope }: Attributes): SubscriptionAttribute[] {
  const rest = subscriptionAttributes.filter((name) => !name.startsWith('FilterPolicy'));
  if (FilterPolicy === undefined) return ['FilterPolicy', ...rest];
  const scoped = ['FilterPolicyScope', 'FilterPolicy'] as const;
  return [...(FilterPolicyScope === 'MessageBody' ? scoped : scoped.toReversed()), ...rest];
}

/** Ends the alias's subscription, which a deploy made. */
export async function removeSubscription(api: LambdaApi, topic: string, endpoint: string): Promise<void> {
  const arn = await subscriptionOf(api, topic, endpoint);
  if (!arn?.startsWith('arn:')) return;
  await ask(api, 'sns', 'Unsubscribe', () =>
    snsClient(api, topic).send(new api.sdk.UnsubscribeCommand({ SubscriptionArn: arn })),
  );
}

/** ARN of an alias's subscription, or `PendingConfirmation`. */
async function subscriptionOf(api: LambdaApi, topic: string, endpoint: string): Promise<string | undefined> {
  for (let next: string | undefined, page = 0; page < largestPages; page++) {
    const input = { TopicArn: topic, ...(next && { NextToken: next }) };
    const answer = await ask(api, 'sns', 'ListSubscriptionsByTopic', () =>
      snsClient(api, topic).send(new api.sdk.ListSubscriptionsByTopicCommand(input)),
    );
    const isIt = ({ Protocol, Endpoint }: Subscription): boolean =>
      Protocol === 'lambda' && Endpoint === endpoint;
    const found = answer?.Subscriptions?.find(isIt);
    if (found) return found.SubscriptionArn;
    next = answer?.NextToken;
    if (!next) return undefined;
  }
  return undefined;
}

async function attributesOf(api: LambdaApi, topic: string, arn: string): Promise<Attributes> {
  if (!arn.startsWith('arn:')) return {};
  const found = await ask(api, 'sns', 'GetSubscriptionAttributes', () =>
    snsClient(api, topic).send(new api.sdk.GetSubscriptionAttributesCommand({ SubscriptionArn: arn })),
  );
  return found?.Attributes ?? {};
}
