import type { OtherTrigger } from '../../../../model/functionDefinition.ts';
import { destinationOf, type Account, type Destination, type Place } from '../place.ts';
import type { DesiredCaller } from './caller.ts';
import { desiredNotification } from './desiredNotification.ts';
import { desiredRule } from './desiredRule.ts';
import { desiredSubscription } from './desiredSubscription.ts';
import { notificationText } from './notifications.ts';
import { overlapping } from './overlap.ts';
import { ruleText } from './rules.ts';
import { subscriptionText } from './subscriptions.ts';

type Read = (trigger: OtherTrigger, to: Destination, type: string) => DesiredCaller | string;
const rule: Read = (trigger, to, type) => desiredRule(trigger, type, to);

/** Services that call functions by themselves, by SAM's words for their events (SAM specification, "EventSource"). */
const readers: Record<string, Read> = {
  Schedule: rule,
  ScheduleV2: rule,
  CloudWatchEvent: rule,
  EventBridgeRule: rule,
  S3: desiredNotification,
  SNS: desiredSubscription,
};

/** Values that no caller is made of: who may make it, and what CloudFormation alone has. */
const disregarded = /^(RoleArn|PermissionsBoundary|SqsSubscription)\b/;

export function isCaller(type: string): boolean {
  return Object.hasOwn(readers, type);
}

/** Reads a trigger of such a type: a text says why there is none, undefined where it is switched off. */
export function desiredCaller(
  trigger: OtherTrigger,
  type: string,
  { name, alias, region, accountId }: Account & Place,
): DesiredCaller | string | undefined {
  const open = Object.entries(trigger.unresolved ?? {}).find(([key]) => !disregarded.test(key));
  if (open) return `${open[0]}: ${open[1]} is known in the cloud alone. State its value in porchlight.yaml.`;
  // A rule can be there and be off; the others cannot.
  if (trigger.config['enabled'] === false && (type === 'S3' || type === 'SNS')) return undefined;
  if (accountId === undefined) return 'the account is not known. State a role: of the target.';
  return readers[type]!(trigger, destinationOf({ name, alias }, region, accountId), type);
}

/** Why a caller cannot be beside those of other triggers of the function. */
export function rivalOf(caller: DesiredCaller, others: readonly DesiredCaller[]): string | undefined {
  for (const other of others) {
    if (other.kind !== caller.kind || other.source !== caller.source) continue;
    if (caller.kind === 'rule')
      return `rule ${caller.rule.Name} is that of trigger ${other.name}. Name another.`;
    if (caller.kind === 'subscription')
      return `a function has one subscription at a topic, and that is of trigger ${other.name}.`;
    if (other.kind === 'notification' && overlapping(caller.configuration, other.configuration))
      return `trigger ${other.name} is told of the same, and S3 takes no two for one event and key. Narrow prefix, suffix or events.`;
  }
  return undefined;
}

/** A caller as one text, for comparing with what is there. */
export function callerText(caller: DesiredCaller): string {
  switch (caller.kind) {
    case 'rule':
      return ruleText(caller.rule, caller.target);
    case 'notification':
      return notificationText(caller.bucket, caller.configuration);
    case 'subscription':
      return subscriptionText(caller.source, caller.attributes);
  }
}
