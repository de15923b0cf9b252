import type { DescribeRuleCommandOutput, Target } from '@aws-sdk/client-eventbridge';
import { PorchlightError } from '../../../../model/errors.ts';
import type { LambdaApi } from '../../lambdaApi.ts';
import type { Place } from '../place.ts';
import { jsonText, ownTags, type DesiredRule, type RemoteCaller } from './caller.ts';
import { eventsClient } from '../../clients.ts';
import { ownRulePrefix } from './desiredRule.ts';
import { alter, ask } from './serviceCall.ts';

/** Pages of a hundred targets; a rule has five. */
const largestPages = 5;

/** Where a rule is. */
interface RuleName {
  Name: string;
  EventBusName?: string | undefined;
}

type Described = Partial<Omit<DescribeRuleCommandOutput, '$metadata'>>;

/** A rule as one text; a wanted one and one of the cloud alike. */
export function ruleText(rule: Described, target: Partial<Target> | undefined): string {
  const { Name, EventBusName: bus, ScheduleExpression, EventPattern, State, Description } = rule;
  const { Input, InputPath, InputTransformer, DeadLetterConfig, RetryPolicy } = target ?? {};
  const json = (name: string, value: unknown): string[] =>
    value === undefined ? [] : [`${name} ${jsonText(value)}`];
  return [
    `rule ${Name}${bus === undefined || bus === 'default' ? '' : ` of ${bus}`}`,
    ...(ScheduleExpression ? [ScheduleExpression] : []),
    ...(EventPattern ? json('pattern', EventPattern) : []),
    ...(State === undefined || State === 'ENABLED' ? [] : [State]),
    ...(Description ? [Description] : []),
    ...(Input === undefined ? [] : [`Input ${Input}`]),
    ...(InputPath === undefined ? [] : [`InputPath ${InputPath}`]),
    ...json('InputTransformer', InputTransformer),
    ...json('DeadLetterConfig', DeadLetterConfig),
    ...json('RetryPolicy', RetryPolicy),
    ...(target ? [] : ['without the alias as its target']),
  ].join(', ');
}

/** How a rule stands there; one that has its name from the project is asked whose it is. */
export async function findRule(api: LambdaApi, wanted: DesiredRule, place: Place): Promise<RemoteCaller> {
  const at = nameOf(wanted.rule);
  const [rule, targets] = await Promise.all([describe(api, at), targetsOf(api, at)]);
  if (!rule) return { text: undefined };
  const [own, ...others] = ownFirst(targets, wanted.target);
  const text = ruleText(rule, own) + (others.length > 0 ? ', more than once' : '');
  if (!wanted.named || text === ruleText(wanted.rule, wanted.target)) return { text };
  const whose = await isOwn(api, wanted.source, place).catch(unseen);
  if (whose === true) return { text };
  const why = whose === false ? 'was made by somebody else' : "may be somebody else's";
  return { text, foreign: `rule ${at.Name} ${why} and stays as it is: ${text}.${whose ? ` ${whose}` : ''}` };
}

/** Who may not ask whose a rule is leaves it alone. */
function unseen(error: unknown): string {
  if (error instanceof PorchlightError && error.code === 'CREDENTIALS_REFUSED') return error.message;
  throw error;
}

/** Brings a rule and its target into the state that is wanted. */
export async function provideRule(api: LambdaApi, wanted: DesiredRule, place: Place): Promise<void> {
  const at = nameOf(wanted.rule);
  const client = eventsClient(api);
  const isThere = (await describe(api, at)) !== undefined;
  const Tags = [
    { Key: ownTags.trigger, Value: wanted.name.replace(/[^\w.:/=+@ -]/g, '-').slice(0, 256) },
    { Key: ownTags.function, Value: ownerOf(place) },
  ];
  // Tags of a rule that is there already are none of this call's business.
  const input = { ...wanted.rule, ...(!isThere && { Tags }) };
  await alter(api, 'events', 'PutRule', () => client.send(new api.sdk.PutRuleCommand(input)));
  const targets = { Rule: at.Name, EventBusName: at.EventBusName, Targets: [wanted.target] };
  const isEarly = ({ name }: Error): boolean => name === 'ResourceNotFoundException';
  const answer = await alter(
    api,
    'events',
    'PutTargets',
    () => client.send(new api.sdk.PutTargetsCommand(targets)),
    isEarly,
  );
  checkEntries('PutTargets', answer.FailedEntries);
  if (!isThere) return;
  const [, ...others] = ownFirst(await targetsOf(api, at), wanted.target);
  await removeTargets(
    api,
    at,
    others.flatMap((other) => other?.Id ?? []),
  );
}

/** Targets that are the alias: the wanted one, if it is there, and others, whose id the project stated before. */
function ownFirst(targets: Target[], { Id, Arn }: DesiredRule['target']): (Target | undefined)[] {
  const isWanted = (target: Target): boolean => target.Id === Id && target.Arn === Arn;
  return [targets.find(isWanted), ...targets.filter((target) => target.Arn === Arn && !isWanted(target))];
}

/** Takes away a rule that was made for the alias, by its ARN: the target, and the rule itself unless it has others. */
export async function removeRule(api: LambdaApi, source: string, place: Place, alias: string): Promise<void> {
  const at = ruleIn(source);
  if (!(await describe(api, at))) return;
  // Names of our own making need not be asked about: the statement that leads here is ours as well.
  if (!at.Name.startsWith(ownRulePrefix) && !(await isOwn(api, source, place))) return;
  const targets = await targetsOf(api, at);
  const Ids = targets.flatMap(({ Id, Arn }) => (Arn === alias && Id !== undefined ? [Id] : []));
  await removeTargets(api, at, Ids);
  if (targets.length > Ids.length) return;
  await ask(api, 'events', 'DeleteRule', () => eventsClient(api).send(new api.sdk.DeleteRuleCommand(at)));
}

async function removeTargets(api: LambdaApi, { Name, EventBusName }: RuleName, Ids: string[]): Promise<void> {
  if (Ids.length === 0) return;
  const input = { Rule: Name, EventBusName, Ids };
  const answer = await alter(api, 'events', 'RemoveTargets', () =>
    eventsClient(api).send(new api.sdk.RemoveTargetsCommand(input)),
  );
  checkEntries('RemoveTargets', answer.FailedEntries);
}

function describe(api: LambdaApi, at: RuleName): Promise<DescribeRuleCommandOutput | undefined> {
  return ask(api, 'events', 'DescribeRule', () =>
    eventsClient(api).send(new api.sdk.DescribeRuleCommand(at)),
  );
}

async function targetsOf(api: LambdaApi, { Name, EventBusName }: RuleName): Promise<Target[]> {
  const found: Target[] = [];
  for (let next: string | undefined, page = 0; page < largestPages; page++) {
    const input = { Rule: Name, EventBusName, ...(next && { NextToken: next }) };
    const answer = await ask(api, 'events', 'ListTargetsByRule', () =>
      eventsClient(api).send(new api.sdk.ListTargetsByRuleCommand(input)),
    );
    found.push(...(answer?.Targets ?? []));
    next = answer?.NextToken;
    if (!next) break;
  }
  return found;
}

/** Whether a deploy made a rule for this alias. */
async function isOwn(api: LambdaApi, source: string, place: Place): Promise<boolean> {
  const found = await ask(api, 'events', 'ListTagsForResource', () =>
    eventsClient(api).send(new api.sdk.ListTagsForResourceCommand({ ResourceARN: source })),
  );
  const tags = found?.Tags ?? [];
  return tags.some(({ Key, Value }) => Key === ownTags.function && Value === ownerOf(place));
}

const ownerOf = ({ name, alias }: Place): string => `${name}:${alias}`;

function nameOf({ Name, EventBusName }: RuleName): RuleName {
  return { Name, EventBusName };
}

/** `arn:aws:events:REGION:ACCOUNT:rule/[BUS/]NAME`; names of partner buses have slashes. */
function ruleIn(source: string): RuleName {
  const path = source
    .split(':')
    .slice(5)
    .join(':')
    .replace(/^rule\//, '');
  const cut = path.lastIndexOf('/');
  return { Name: path.slice(cut + 1), EventBusName: cut < 0 ? undefined : path.slice(0, cut) };
}

/** These calls answer 200 for what they did not do. */
function checkEntries(
  action: string,
  entries: { ErrorCode?: string | undefined; ErrorMessage?: string | undefined }[] = [],
): void {
  const [failed] = entries;
  if (!failed) return;
  const { ErrorCode: code = 'Failed', ErrorMessage: detail = 'no reason was given.' } = failed;
  throw new PorchlightError('CLOUD_REFUSED', { service: 'Amazon EventBridge', action, code, detail });
}
