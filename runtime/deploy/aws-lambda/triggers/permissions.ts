import * as v from 'valibot';
import type { LambdaApi } from '../lambdaApi.ts';
import type { DesiredPermission } from './desiredTriggers.ts';
import type { Place } from './eventSources.ts';

/** A statement of the alias's policy that a deploy made, by its trigger. */
export interface RemotePermission {
  statementId: string;
  text: string;
}

const prefix = 'porchlight-';
/** Statements of the function's URL. */
const others = /^porchlight-url(-invoke)?$/;

const one = v.union([v.string(), v.array(v.string())]);
const policy = v.object({
  Statement: v.array(
    v.looseObject({
      Sid: v.optional(v.string()),
      Principal: v.optional(v.union([v.string(), v.looseObject({ Service: v.optional(one) })])),
      Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
    }),
  ),
});

export function statementId({ name }: Pick<DesiredPermission, 'name'>): string {
  return `${prefix}trigger-${name.replace(/[^\w-]/g, '-')}`.slice(0, 100);
}

/** A permission as one text, for comparing; a stated one and one of the cloud alike. */
export function permissionText({ principal, sourceArn }: Omit<DesiredPermission, 'name'>): string {
  return `${principal} for ${sourceArn}`;
}

/** Who may call the alias because a deploy said so. */
export async function listPermissions(api: LambdaApi, place: Place): Promise<RemotePermission[]> {
  return (await statementsOf(api, place)).flatMap(({ Sid = '', Principal, Condition }) => {
    if (!Sid.startsWith(prefix) || others.test(Sid)) return [];
    const service = typeof Principal === 'string' ? Principal : [Principal?.Service ?? []].flat()[0];
    const conditions = Object.values(Condition ?? {}).flatMap((entry) => Object.entries(entry));
    const arn = conditions.find(([key]) => key.toLowerCase() === 'aws:sourcearn')?.[1];
    return [
      { statementId: Sid, text: permissionText({ principal: String(service), sourceArn: String(arn) }) },
    ];
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

/** Permits a service to call the alias, unless it is permitted already. */
export async function providePermission(
  api: LambdaApi,
  place: Place,
  wanted: DesiredPermission,
  before: RemotePermission | undefined,
): Promise<void> {
  if (before?.text === permissionText(wanted)) return;
  if (before) {
    const { statementId: StatementId } = before;
    const statement = { FunctionName: place.name, Qualifier: place.alias, StatementId };
    await api.remove('RemovePermission', (lambda) =>
      lambda.send(new api.sdk.RemovePermissionCommand(statement)),
    );
  }
  const input = {
    FunctionName: place.name,
    Qualifier: place.alias,
    StatementId: statementId(wanted),
    Action: 'lambda:InvokeFunction',
    Principal: wanted.principal,
    SourceArn: wanted.sourceArn,
    ...(wanted.sourceAccount !== undefined && { SourceAccount: wanted.sourceAccount }),
  };
  await permit(api, input);
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
