import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { LambdaApi } from '../lambdaApi.ts';
import type { DesiredCaller } from './callers/caller.ts';
import type { Place } from './place.ts';

/**
 * A statement of the alias's policy that a deploy made for a caller. It is made before the caller and taken away after it,
 * so that the policy says at any moment where something of ours may be.
 */
export interface RemotePermission {
  statementId: string;
  text: string;
  /** What may call: ARN of a rule, a bucket, a topic. */
  source: string;
  /** ARN of the alias. */
  alias: string;
}

const prefix = 'porchlight-';
/** Statements of the function's URL. */
const others = /^porchlight-url(-invoke)?$/;
/** Subscriptions have no tags: that a deploy makes one is said here. */
const words = { rule: 'trigger', notification: 'trigger', subscription: 'subscribed' } as const;

const principals = {
  rule: 'events.amazonaws.com',
  notification: 's3.amazonaws.com',
  subscription: 'sns.amazonaws.com',
} as const;

const one = v.union([v.string(), v.array(v.string())]);
const policy = v.object({
  Statement: v.array(
    v.looseObject({
      Sid: v.optional(v.string()),
      Principal: v.optional(v.union([v.string(), v.looseObject({ Service: v.optional(one) })])),
      Resource: v.optional(v.string()),
      Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
    }),
  ),
});

/** The trigger's name as it stands in ids of statements. */
export function nameInIds(name: string): string {
  return name.replace(/[^\w-]/g, '-').slice(0, 70);
}

/** The same of a statement. */
export function nameOfStatement({ statementId, source }: RemotePermission): string {
  const name = statementId.replace(/^porchlight-(trigger|subscribed)-/, '');
  const digest = `-${digestOf(source)}`;
  return name.endsWith(digest) ? name.slice(0, -digest.length) : name;
}

/** Whether a statement says that a deploy made the subscription. */
export function isSubscribed({ statementId }: RemotePermission): boolean {
  return statementId.startsWith(`${prefix}${words.subscription}-`);
}

/** A permission as one text, for comparing; a wanted one and one of the cloud alike. */
export function permissionText({ kind, source }: Pick<DesiredCaller, 'kind' | 'source'>): string {
  return `${principals[kind]} for ${source}`;
}

/** Who may call the alias because a deploy said so. */
export async function listPermissions(api: LambdaApi, place: Place): Promise<RemotePermission[]> {
  return (await statementsOf(api, place)).flatMap(({ Sid = '', Principal, Resource, Condition }) => {
    if (!Sid.startsWith(prefix) || others.test(Sid)) return [];
    const service = typeof Principal === 'string' ? Principal : [Principal?.Service ?? []].flat()[0];
    const conditions = Object.values(Condition ?? {}).flatMap((entry) => Object.entries(entry));
    const source = String(conditions.find(([key]) => key.toLowerCase() === 'aws:sourcearn')?.[1]);
    const text = `${String(service)} for ${source}`;
    return [{ statementId: Sid, text, source, alias: Resource ?? '' }];
  });
}

type Statement = v.InferOutput<typeof policy>['Statement'][number];

async function statementsOf(api: LambdaApi, { name, alias }: Place): Promise<Statement[]> {
  const found = await api.find('GetPolicy', (lambda) =>
    lambda.send(new api.sdk.GetPolicyCommand({ FunctionName: name, Qualifier: alias })),
  );
  return statementsIn(found?.Policy);
}

function statementsIn(text = '{"Statement":[]}'): Statement[] {
  try {
    const { success, output } = v.safeParse(policy, JSON.parse(text));
    return success ? output.Statement : [];
  } catch {
    // Then it differs from what is wanted, and the call that changes it says what is wrong.
    return [];
  }
}

/**
 * Permits a service to call the alias, unless it is permitted already; gives the statement that was made. `makes`: a deploy
 * also makes what calls.
 */
export async function providePermission(
  api: LambdaApi,
  place: Place,
  caller: DesiredCaller,
  { there, makes }: { there: readonly RemotePermission[]; makes: boolean },
): Promise<RemotePermission | undefined> {
  const same = there.filter(({ text }) => text === permissionText(caller));
  const word = makes ? words[caller.kind] : 'trigger';
  if (same.some((permission) => word !== words.subscription || isSubscribed(permission))) return undefined;
  const id = `${prefix}${word}-${nameInIds(caller.name)}`;
  // A trigger that was another one before, which could not be taken away.
  const isTaken = there.some((permission) => permission.statementId === id);
  const statementId = isTaken ? `${id}-${digestOf(caller.source)}` : id;
  await permit(api, {
    FunctionName: place.name,
    Qualifier: place.alias,
    StatementId: statementId,
    Action: 'lambda:InvokeFunction',
    Principal: principals[caller.kind],
    SourceArn: caller.source,
    ...(caller.kind === 'notification' && { SourceAccount: caller.sourceAccount }),
  });
  return { statementId, text: permissionText(caller), source: caller.source, alias: '' };
}

/** Takes a statement away, once what it permitted is gone. */
export async function removePermission(
  api: LambdaApi,
  { name, alias }: Place,
  { statementId: StatementId }: RemotePermission,
): Promise<void> {
  const statement = { FunctionName: name, Qualifier: alias, StatementId };
  await api.remove('RemovePermission', (lambda) =>
    lambda.send(new api.sdk.RemovePermissionCommand(statement)),
  );
}

/** One statement of a policy; a statement that is there already is as it should be. */
export async function permit(
  api: LambdaApi,
  input: ConstructorParameters<LambdaApi['sdk']['AddPermissionCommand']>[0] & { Qualifier: string },
): Promise<void> {
  const { FunctionName: name = '', Qualifier: alias, StatementId } = input;
  // It has it from an earlier deploy, or an answer was lost; or else another change is under way.
  let isThere = false;
  const made = async (): Promise<boolean> =>
    (isThere = (await statementsOf(api, { name, alias })).some(({ Sid }) => Sid === StatementId));
  try {
    await api.change(
      'AddPermission',
      (lambda) => lambda.send(new api.sdk.AddPermissionCommand(input)),
      undefined,
      { fresh: true, made },
    );
  } catch (error) {
    if (!isThere) throw error;
  }
}

function digestOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 8);
}
