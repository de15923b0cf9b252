import type { LambdaFunctionConfiguration } from '@aws-sdk/client-s3';
import type { PutRuleCommandInput, Target } from '@aws-sdk/client-eventbridge';
import { jsonIn } from '../../../../support/jsonValue.ts';

/** A rule of EventBridge that has the alias as a target. */
export interface DesiredRule {
  kind: 'rule';
  /** The trigger it is made for. */
  name: string;
  /** ARN of the rule. */
  source: string;
  /** It has its name from the project, so that somebody else's may be there already. */
  named: boolean;
  rule: Pick<
    PutRuleCommandInput,
    'Name' | 'EventBusName' | 'ScheduleExpression' | 'EventPattern' | 'State' | 'Description'
  > & { Name: string };
  target: Target & { Id: string; Arn: string };
}

/** A notification of a bucket about its objects. */
export interface DesiredNotification {
  kind: 'notification';
  name: string;
  /** ARN of the bucket. */
  source: string;
  bucket: string;
  /** Where an ARN does not say the account. */
  sourceAccount: string;
  configuration: LambdaFunctionConfiguration & { Id: string; LambdaFunctionArn: string };
}

/** A subscription of a topic of SNS. */
export interface DesiredSubscription {
  kind: 'subscription';
  name: string;
  /** ARN of the topic. */
  source: string;
  endpoint: string;
  /** Attributes that differ from those of a new subscription. */
  attributes: Partial<Record<SubscriptionAttribute, string>>;
}

export const subscriptionAttributes = ['FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy'] as const;
export type SubscriptionAttribute = (typeof subscriptionAttributes)[number];

/** What has a service call the alias by itself: it is set up at that service, and permitted at the function. */
export type DesiredCaller = DesiredRule | DesiredNotification | DesiredSubscription;

/** The same as it is there. */
export interface RemoteCaller {
  /** As one text, for comparing; undefined when it is not there. */
  text: string | undefined;
  /** Why it stays as it is: somebody else made it. */
  foreign?: string;
  /** What stands in the way. */
  obstacle?: string;
}

/** Says on a resource for which trigger of a project, and for which function, it was made. */
export const ownTags = { trigger: 'porchlight:trigger', function: 'porchlight:function' } as const;

/** A value as JSON that does not depend on the order of keys; a text that is JSON is taken for what it says. */
export function jsonText(value: unknown): string {
  return JSON.stringify(sorted(typeof value === 'string' ? (jsonIn(value) ?? value) : value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)]));
}
