import type { LambdaApi } from '../../lambdaApi.ts';
import {
  isSubscribed,
  listPermissions,
  nameOfStatement,
  providePermission,
  removePermission,
  type RemotePermission,
} from '../permissions.ts';
import type { Place } from '../place.ts';
import { callerText } from './desiredCaller.ts';
import {
  findCallers,
  idsOfLeft,
  notificationsAt,
  remoteCallerText,
  staleIn,
  type RemoteCallers,
  type WantedCallers,
} from './findCallers.ts';
import { provideNotifications, type NotificationProblem } from './notifications.ts';
import { provideRule, removeRule } from './rules.ts';
import { provideSubscription, removeSubscription } from './subscriptions.ts';
import type { Phrase } from '../../../../support/l10n.ts';

/** Does something for a trigger, and tells what is open or went wrong; everything else goes on. */
export type Attempt = (name: string, work: () => Promise<Phrase | undefined | void>) => Promise<void>;

/**
 * Takes away what a deploy made and the project no longer states, and sets up what differs. The permission comes first and
 * goes last: where this is interrupted, the next deploy finds what there is by it.
 */
export async function provideCallers(
  api: LambdaApi,
  place: Place,
  wanted: WantedCallers,
  planned: RemoteCallers,
  attempt: Attempt,
): Promise<void> {
  // Where the account was not known at first, nothing was looked at.
  const isKnown = wanted.callers.every(({ name }) => planned.callers.has(name));
  const before = isKnown ? planned : await findCallers(api, place, wanted);
  let there = before.permissions;
  for (const permission of staleIn(before, wanted))
    await attempt(nameOfStatement(permission), async () => {
      await takeAway(api, place, permission);
      there = there.filter((one) => one !== permission);
    });
  const differing = wanted.callers.filter(
    (caller) => remoteCallerText(before, caller) !== callerText(caller),
  );
  const buckets = new Set<string>();
  for (const caller of differing) {
    const makes = before.callers.get(caller.name)?.foreign === undefined;
    await attempt(caller.name, async () => {
      const made = await providePermission(api, place, caller, { there, makes });
      if (made) there = [...there, made];
      if (!makes) return undefined;
      if (caller.kind === 'rule') return provideRule(api, caller, place);
      if (caller.kind === 'subscription') return provideSubscription(api, caller);
      buckets.add(caller.bucket);
      return undefined;
    });
  }
  for (const { bucket } of before.leftOver) buckets.add(bucket);
  for (const bucket of buckets) await provideBucket(api, place, wanted, bucket, attempt);
}

/** A bucket has all its notifications at once. */
async function provideBucket(
  api: LambdaApi,
  place: Place,
  { callers, left }: WantedCallers,
  bucket: string,
  attempt: Attempt,
): Promise<void> {
  const there = notificationsAt(callers, bucket);
  const names = there.map(({ name }) => name).join(', ');
  const arn = there[0]!.configuration.LambdaFunctionArn;
  const kept = new Set(idsOfLeft(place, left));
  let refused: NotificationProblem[] = [];
  await attempt(names, async () => {
    refused = await provideNotifications(api, bucket, arn, there, kept);
  });
  for (const { name, why } of refused)
    await attempt(name, () => Promise.reject(new Error(`${why[0]!.toUpperCase()}${why.slice(1)}`)));
}

/** Takes away everything that a deploy made, before the function goes. */
export async function removeCallers(api: LambdaApi, place: Place): Promise<void> {
  for (const permission of await listPermissions(api, place)) await takeAway(api, place, permission);
}

/** Takes away what a statement permits, as far as a deploy made it, and then the statement. */
async function takeAway(api: LambdaApi, place: Place, permission: RemotePermission): Promise<void> {
  const { source } = permission;
  const alias = permission.alias.endsWith(`:${place.alias}`)
    ? permission.alias
    : `${permission.alias}:${place.alias}`;
  const [, , service, , , resource = ''] = source.split(':');
  if (service === 'events') await removeRule(api, source, place, alias);
  if (service === 's3') await provideNotifications(api, resource, alias, []);
  if (service === 'sns' && isSubscribed(permission)) await removeSubscription(api, source, alias);
  await removePermission(api, place, permission);
}
