import type { Event, FilterRule } from '@aws-sdk/client-s3';
import type { OtherTrigger } from '../../../../model/functionDefinition.ts';
import { bucketOf, textOr } from '../../../../model/storageTrigger.ts';
import type { Destination, Place } from '../place.ts';
import type { DesiredNotification } from './caller.ts';
import { isPhrase, phrase, type Phrase } from '../../../../support/l10n.ts';

const groups: Record<string, string> = { created: 's3:ObjectCreated:*', removed: 's3:ObjectRemoved:*' };

/** Ids of what a deploy makes for an alias; the trigger's name follows. */
export function notificationPrefix({ name, alias }: Place): string {
  return `porchlight-${name}-${alias}-`;
}

/** Reads a trigger of a bucket; a text says why there is none. */
export function desiredNotification(trigger: OtherTrigger, to: Destination): DesiredNotification | Phrase {
  const { name, config } = trigger;
  const bucket = bucketOf(trigger, 'Bucket');
  if (bucket === undefined) return phrase('the project does not say its bucket.');
  const stated = config['Events'] ?? config['events'] ?? 'created';
  const events = (Array.isArray(stated) ? stated : [stated]).map(
    (event) => groups[String(event)] ?? String(event),
  );
  const wrong = events.find((event) => !/^s3:[A-Za-z]+(:[\w*]+)*$/.test(event));
  if (wrong !== undefined)
    return phrase('"{event}" is no event of S3, such as s3:ObjectCreated:*.', { event: wrong });
  if (events.length === 0) return phrase('it names no event, such as s3:ObjectCreated:*.');
  const rules = rulesOf(config);
  if (isPhrase(rules)) return rules;
  return {
    kind: 'notification',
    name,
    source: `arn:${to.partition}:s3:::${bucket}`,
    bucket,
    sourceAccount: to.accountId,
    configuration: {
      Id: `${notificationPrefix(to)}${name}`,
      LambdaFunctionArn: to.arn,
      Events: [...new Set(events)] as Event[],
      ...(rules.length > 0 && { Filter: { Key: { FilterRules: rules } } }),
    },
  };
}

/** Of `Filter.S3Key.Rules`, or `prefix` and `suffix` of `porchlight.yaml`. */
function rulesOf(config: OtherTrigger['config']): FilterRule[] | Phrase {
  const stated = (config['Filter'] as { S3Key?: { Rules?: unknown } } | undefined)?.S3Key?.Rules;
  const listed = Array.isArray(stated) ? (stated as { Name?: unknown; Value?: unknown }[]) : [];
  const given = [
    ...listed.map(({ Name, Value }) => [textOr(Name, '').toLowerCase(), Value] as const),
    ...(['prefix', 'suffix'] as const).map((key) => [key, config[key]] as const),
  ].filter(([, value]) => value !== undefined && value !== null && value !== '');
  const rules: FilterRule[] = [];
  for (const [key, value] of given) {
    if (key !== 'prefix' && key !== 'suffix')
      return phrase('its filter has a rule "{key}": prefix and suffix are known.', { key });
    if (rules.some(({ Name }) => Name === key)) return phrase('its filter has more than one {key}.', { key });
    rules.push({ Name: key, Value: String(value) });
  }
  return rules;
}
