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
import { phrase, type Phrase } from '../../../../support/l10n.ts';

type Read = (trigger: OtherTrigger, to: Destination, type: string) => DesiredCaller | Phrase;
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
): DesiredCaller | Phrase | undefined {
  const open = Object.entries(trigger.unresolved ?? {}).find(([key]) => !disregarded.test(key));
  if (open)
    return phrase('{key}: {expression} is known in the cloud alone. State its value in porchlight.yaml.', {
      key: open[0],
      expression: open[1],
    });
  // A rule can be there and be off; the others cannot.
  if (trigger.config['enabled'] === false && (type === 'S3' || type === 'SNS')) return undefined;
  if (accountId === undefined) return phrase('the account is not known. State a role: of the target.');
  return readers[type]!(trigger, destinationOf({ name, alias }, region, accountId), type);
}

/** Why a caller cannot be beside those of other triggers of the function. */
export function rivalOf(caller: DesiredCaller, others: readonly DesiredCaller[]): Phrase | undefined {
  for (const other of others) {
    if (other.kind !== caller.kind || other.source !== caller.source) continue;
    if (caller.kind === 'rule')
      return phrase('rule {rule} is that of trigger {name}. Name another.', {
        rule: caller.rule.Name,
        name: other.name,
      });
    if (caller.kind === 'subscription')
      return phrase('a function has one subscription at a topic, and that is of trigger {name}.', {
        name: other.name,
      });
    if (other.kind === 'notification' && overlapping(caller.configuration, other.configuration))
      return phrase(
        'trigger {name} is told of the same, and S3 takes no two for one event and key. Narrow prefix, suffix or events.',
        { name: other.name },
      );
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
