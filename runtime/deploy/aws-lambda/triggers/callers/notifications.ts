import type { LambdaFunctionConfiguration, NotificationConfiguration } from '@aws-sdk/client-s3';
import type { LambdaApi } from '../../lambdaApi.ts';
import type { DesiredNotification, RemoteCaller } from './caller.ts';
import { s3Client } from '../../clients.ts';
import { overlapping } from './overlap.ts';
import { alter, ask } from './serviceCall.ts';

/** What one bucket notifies, as far as it has an id, events and keys. */
type Configuration = Pick<LambdaFunctionConfiguration, 'Id' | 'Events' | 'Filter'>;

/** Why a trigger's notification cannot be. */
export interface NotificationProblem {
  name: string;
  why: string;
}

/** A notification as one text; a wanted one and one of the cloud alike. */
export function notificationText(bucket: string, { Events = [], Filter }: Configuration): string {
  const rules = Filter?.Key?.FilterRules ?? [];
  const valueOf = (name: string): string =>
    rules.find((rule) => rule.Name?.toLowerCase() === name)?.Value ?? '';
  const keys = `${valueOf('prefix')}*${valueOf('suffix')}`;
  return `bucket ${bucket}, ${[...Events].sort().join(' ')}${keys === '*' ? '' : `, keys ${keys}`}`;
}

/** What a bucket notifies of; undefined when there is no such bucket. */
export async function notificationsOf(
  api: LambdaApi,
  bucket: string,
): Promise<NotificationConfiguration | undefined> {
  const found = await ask(api, 's3', 'GetBucketNotification', () =>
    s3Client(api).send(new api.sdk.GetBucketNotificationConfigurationCommand({ Bucket: bucket })),
  );
  if (!found) return undefined;
  const { $metadata: _metadata, ...configuration } = found;
  return configuration;
}

/** How a notification stands there. */
export function findNotification(
  found: NotificationConfiguration | undefined,
  wanted: DesiredNotification,
): RemoteCaller {
  const { bucket, configuration } = wanted;
  const own = (found?.LambdaFunctionConfigurations ?? []).find(
    ({ Id, LambdaFunctionArn: arn }) => Id === configuration.Id && arn === configuration.LambdaFunctionArn,
  );
  const obstacle = obstacleTo(wanted, found);
  return { text: own && notificationText(bucket, own), ...(obstacle !== undefined && { obstacle }) };
}

/** Why S3 would refuse a notification. */
function obstacleTo(
  { bucket, configuration }: DesiredNotification,
  found: NotificationConfiguration | undefined,
): string | undefined {
  if (!found) return `there is no bucket ${bucket}. Make it first.`;
  const { TopicConfigurations = [], QueueConfigurations = [], LambdaFunctionConfigurations = [] } = found;
  const others = [
    ...TopicConfigurations,
    ...QueueConfigurations,
    ...LambdaFunctionConfigurations.filter((one) => !isOwn(one, configuration.LambdaFunctionArn)),
  ];
  const other = others.find((one) => overlapping(one, configuration));
  return (
    other &&
    `somebody else is notified of the same already (${other.Id ?? 'without an id'}: ${notificationText(bucket, other)}), and S3 takes no two for one event and key. Take that one away, or narrow prefix, suffix or events.`
  );
}

/** Those of a bucket's notifications of the alias that a deploy made and that are not wanted, by their ids. */
export function leftOver(
  found: NotificationConfiguration | undefined,
  arn: string,
  wanted: ReadonlySet<string>,
): LambdaFunctionConfiguration[] {
  return (found?.LambdaFunctionConfigurations ?? []).filter(
    (one) => isOwn(one, arn) && !wanted.has(one.Id ?? ''),
  );
}

/**
 * Has a bucket notify the alias of what is wanted and of nothing else, apart from ids that are `kept`; what others made
 * stays as it is. The answer names what cannot be, by trigger: S3 takes all or nothing.
 */
export function provideNotifications(
  api: LambdaApi,
  bucket: string,
  arn: string,
  wanted: readonly DesiredNotification[],
  kept: ReadonlySet<string> = new Set(),
): Promise<NotificationProblem[]> {
  return inTurn(api, bucket, () => provide(api, bucket, arn, wanted, kept));
}

/** Changes of one bucket that are under way: functions are deployed side by side, and each writes what all have there. */
const turns = new WeakMap<LambdaApi, Map<string, Promise<unknown>>>();

function inTurn<T>(api: LambdaApi, bucket: string, work: () => Promise<T>): Promise<T> {
  const waiting = turns.get(api) ?? new Map<string, Promise<unknown>>();
  turns.set(api, waiting);
  const turn = (waiting.get(bucket) ?? Promise.resolve()).then(work, work);
  waiting.set(bucket, turn);
  return turn;
}

async function provide(
  api: LambdaApi,
  bucket: string,
  arn: string,
  wanted: readonly DesiredNotification[],
  kept: ReadonlySet<string>,
): Promise<NotificationProblem[]> {
  const found = await notificationsOf(api, bucket);
  const problems = wanted.flatMap((one) => {
    const why = obstacleTo(one, found);
    return why === undefined ? [] : [{ name: one.name, why }];
  });
  if (!found) return problems;
  const possible = wanted.filter(({ name }) => problems.every((problem) => problem.name !== name));
  const before = found.LambdaFunctionConfigurations ?? [];
  const others = before.filter((one) => !isOwn(one, arn) || kept.has(one.Id ?? ''));
  if (possible.length === 0 && others.length === before.length) return problems;
  const NotificationConfiguration = {
    ...found,
    LambdaFunctionConfigurations: [...others, ...possible.map(({ configuration }) => configuration)],
  };
  const input = { Bucket: bucket, NotificationConfiguration };
  // A permission that was just given is not known at once.
  const isEarly = (error: Error): boolean =>
    error.name === 'InvalidArgument' && possible.length > 0 && /unable to validate/i.test(error.message);
  await alter(
    api,
    's3',
    'PutBucketNotification',
    () => s3Client(api).send(new api.sdk.PutBucketNotificationConfigurationCommand(input)),
    isEarly,
  );
  return problems;
}

function isOwn({ Id = '', LambdaFunctionArn }: LambdaFunctionConfiguration, arn: string): boolean {
  return Id.startsWith('porchlight-') && LambdaFunctionArn === arn;
}
