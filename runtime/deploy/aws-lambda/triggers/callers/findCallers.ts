import type { NotificationConfiguration } from '@aws-sdk/client-s3';
import { PorchlightError, saidOf } from '../../../../model/errors.ts';
import type { LambdaApi } from '../../lambdaApi.ts';
import {
  isSubscribed,
  listPermissions,
  nameInIds,
  nameOfStatement,
  permissionText,
  type RemotePermission,
} from '../permissions.ts';
import type { Place } from '../place.ts';
import type { DesiredCaller, DesiredNotification, RemoteCaller } from './caller.ts';
import { callerText } from './desiredCaller.ts';
import { notificationPrefix } from './desiredNotification.ts';
import { findNotification, leftOver, notificationText, notificationsOf } from './notifications.ts';
import { findRule } from './rules.ts';
import { findSubscription } from './subscriptions.ts';
import { phrase, type Phrase } from '../../../../support/l10n.ts';

/** Callers that are wanted, and triggers of which is not known what they want: what is there of these stays. */
export interface WantedCallers {
  callers: readonly DesiredCaller[];
  left: readonly { name: string }[];
}

/** What calls an alias there by itself, as far as a deploy sets it up. */
export interface RemoteCallers {
  /** Of the triggers that are stated. */
  callers: ReadonlyMap<string, RemoteCaller>;
  permissions: readonly RemotePermission[];
  /** Why these are not known. */
  obstacle?: string | Phrase;
  /** Notifications of triggers that are gone, at buckets that are still stated. */
  leftOver: readonly { name: string; bucket: string; text: string }[];
}

/** Looks at everything at once. What may not be looked at is told with its trigger, and taken for not being there. */
export async function findCallers(
  api: LambdaApi,
  place: Place,
  { callers: wanted, left }: WantedCallers,
): Promise<RemoteCallers> {
  const listing = permissionsOf(api, place, wanted.length > 0);
  const buckets = new Map<string, Promise<NotificationConfiguration | undefined>>();
  for (const caller of wanted)
    if (caller.kind === 'notification' && !buckets.has(caller.bucket))
      buckets.set(caller.bucket, notificationsOf(api, caller.bucket));
  const look = async (caller: DesiredCaller): Promise<RemoteCaller> => {
    switch (caller.kind) {
      case 'rule':
        return findRule(api, caller, place);
      case 'notification':
        return findNotification(await buckets.get(caller.bucket), caller);
      case 'subscription': {
        const text = permissionText(caller);
        const isOwn = listing.then(({ permissions }) =>
          permissions.some((one) => one.text === text && isSubscribed(one)),
        );
        return findSubscription(api, caller, isOwn);
      }
    }
  };
  const [permitted, found] = await Promise.all([
    listing,
    Promise.all(
      wanted.map(async (caller): Promise<[string, RemoteCaller]> => [
        caller.name,
        await look(caller).catch(told),
      ]),
    ),
  ]);
  const ids = new Set([...idsOf(wanted), ...idsOfLeft(place, left)]);
  const over = await Promise.all(
    [...buckets].map(async ([bucket, reading]) => {
      const arn = notificationsAt(wanted, bucket)[0]!.configuration.LambdaFunctionArn;
      // That it cannot be read is told with the trigger.
      const notifications = await reading.catch(() => undefined);
      return leftOver(notifications, arn, ids).map((one) => {
        const name = (one.Id ?? '').slice(notificationPrefix(place).length);
        return { name, bucket, text: notificationText(bucket, one) };
      });
    }),
  );
  return { callers: new Map(found), leftOver: over.flat(), ...permitted };
}

/** Only the policy says what is there of triggers that are gone; who may not read it and states no trigger needs not. */
async function permissionsOf(
  api: LambdaApi,
  place: Place,
  needed: boolean,
): Promise<Pick<RemoteCallers, 'permissions' | 'obstacle'>> {
  try {
    return { permissions: await listPermissions(api, place) };
  } catch (error) {
    if (!(error instanceof PorchlightError) || error.code !== 'CREDENTIALS_REFUSED') throw error;
    return { permissions: [], ...(needed && { obstacle: saidOf(error) }) };
  }
}

function told(error: unknown): RemoteCaller {
  if (!(error instanceof PorchlightError) || error.code === 'CREDENTIALS_MISSING') throw error;
  return { text: undefined, obstacle: error.message };
}

/** The notifications that are wanted of one bucket. */
export function notificationsAt(callers: readonly DesiredCaller[], bucket: string): DesiredNotification[] {
  return callers.filter(
    (caller): caller is DesiredNotification => caller.kind === 'notification' && caller.bucket === bucket,
  );
}

function idsOf(callers: readonly DesiredCaller[]): string[] {
  return callers.flatMap((caller) => (caller.kind === 'notification' ? [caller.configuration.Id] : []));
}

/** Ids of what may be there of triggers of which is not known what they want. */
export function idsOfLeft(place: Place, left: WantedCallers['left']): string[] {
  return left.map(({ name }) => `${notificationPrefix(place)}${name}`);
}

/** Statements of what the project no longer wants. */
export function staleIn(
  { permissions }: Pick<RemoteCallers, 'permissions'>,
  { callers, left }: WantedCallers,
): RemotePermission[] {
  const wanted = new Set(callers.map(permissionText));
  const kept = new Set(left.map(({ name }) => nameInIds(name)));
  return permissions.filter(
    (permission) => !wanted.has(permission.text) && !kept.has(nameOfStatement(permission)),
  );
}

/** How a wanted caller stands there, as one text; undefined when it is not there. */
export function remoteCallerText(remote: RemoteCallers, caller: DesiredCaller): string | undefined {
  const found = remote.callers.get(caller.name);
  if (found?.text === undefined) return undefined;
  // What somebody else made is not changed.
  const text = found.foreign === undefined ? found.text : callerText(caller);
  const isPermitted = remote.permissions.some((one) => one.text === permissionText(caller));
  return isPermitted ? text : `${text}, not permitted`;
}

/** What somebody should know of callers before a deploy, by trigger. */
export function callerFindings(remote: RemoteCallers, callers: readonly DesiredCaller[]): Phrase[] {
  const each = callers.flatMap(({ name }) => {
    const { foreign, obstacle } = remote.callers.get(name) ?? {};
    return [
      ...(foreign === undefined ? [] : [phrase('its trigger {name}: {foreign}', { name, foreign })]),
      ...(obstacle === undefined
        ? []
        : [phrase('its trigger {name} cannot be set up: {obstacle}', { name, obstacle })]),
    ];
  });
  return remote.obstacle === undefined
    ? each
    : [
        phrase('what may call it is not known, and is not taken away: {obstacle}', {
          obstacle: remote.obstacle,
        }),
        ...each,
      ];
}
