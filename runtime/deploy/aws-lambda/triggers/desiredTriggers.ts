import type { FunctionDefinition, OtherTrigger } from '../../../model/functionDefinition.ts';
import { platformDefaults } from '../../../model/platformDefaults.ts';
import { queueNameOf } from '../../../model/queues/queueDefinition.ts';
import { bucketOf } from '../../../model/storageTrigger.ts';
import { sourceKinds, type SourceKind } from './sourceKinds.ts';
import { membersOf, membersText, type Members } from './sourceMembers.ts';

/** An event source that Lambda reads by itself. */
export interface DesiredSource {
  name: string;
  /** What it is, apart from how it is read: `sourceId` of `EventSourceArn` or servers, topics and queues. */
  id: string;
  /** As `CreateEventSourceMapping` takes them. */
  members: Members;
  kind: SourceKind;
}

/** A service that is permitted to call the function; that it does so is said there. */
export interface DesiredPermission {
  name: string;
  principal: string;
  sourceArn: string;
  /** Where the ARN does not say the account. */
  sourceAccount?: string;
}

export interface DesiredTriggers {
  sources: DesiredSource[];
  permissions: DesiredPermission[];
  /** What is not set up, or not wholly, by trigger. */
  left: { name: string; why: string }[];
}

/** Where the function is. */
export interface Account {
  region: string;
  /** Unknown until a role or the function says it. */
  accountId: string | undefined;
}

/** Reads a function's triggers other than HTTP as Lambda's API can set them up. */
export function desiredTriggers(
  { triggers }: Pick<FunctionDefinition, 'triggers'>,
  account: Account,
): DesiredTriggers {
  const desired: DesiredTriggers = { sources: [], permissions: [], left: [] };
  for (const trigger of triggers) {
    if (trigger.kind === 'http') continue;
    const type =
      typeof trigger.config['type'] === 'string' ? trigger.config['type'] : usualTypes[trigger.kind];
    const kind = Object.hasOwn(sourceKinds, type) ? sourceKinds[type] : undefined;
    if (kind) {
      const source = readSource(trigger, kind, account);
      if (typeof source === 'string') desired.left.push({ name: trigger.name, why: `(${type}) ${source}` });
      else desired.sources.push(source);
    } else {
      const { permission, why } = readPermission(trigger, type, account);
      if (permission) desired.permissions.push(permission);
      desired.left.push({ name: trigger.name, why: `(${type}) ${why}` });
    }
  }
  return desired;
}

/** What triggers of `porchlight.yaml` are, which state no type. */
const usualTypes: Record<OtherTrigger['kind'], string> = {
  queue: 'SQS',
  timer: 'Schedule',
  storage: 'S3',
  event: 'event',
};

const notSetUp = 'is not set up:';

function readSource(trigger: OtherTrigger, kind: SourceKind, account: Account): DesiredSource | string {
  const { name, config, unresolved } = trigger;
  const stated = kind.arnKey === undefined ? undefined : (config[kind.arnKey] ?? config['queue']);
  const expression = kind.arnKey === undefined ? undefined : unresolved?.[kind.arnKey];
  if (expression !== undefined)
    return `${notSetUp} ${expression} is known in the cloud alone. State its ARN in porchlight.yaml.`;
  const arn = kind.arnKey === undefined ? undefined : arnOf(stated, kind, account);
  if (kind.arnKey !== undefined && arn === undefined)
    return `${notSetUp} it does not say the ARN of its source.`;
  if (arn?.startsWith('?'))
    return `${notSetUp} the account is not known. State the ARN of its source, or a role:.`;
  const members = membersOf(config);
  if (typeof members === 'string') return `${notSetUp} ${members}`;
  if (kind.positioned && members['StartingPosition'] === undefined)
    return `${notSetUp} state StartingPosition: LATEST or TRIM_HORIZON.`;
  const whole = { ...members, ...kind.more?.(config), ...(arn !== undefined && { EventSourceArn: arn }) };
  return { name, id: sourceId(whole), members: whole, kind };
}

/** An ARN; a queue may be named. What stands for the account on this machine is replaced by the account. */
function arnOf(stated: unknown, { service }: SourceKind, { region, accountId }: Account): string | undefined {
  if (typeof stated !== 'string') return undefined;
  const queue = service === 'sqs' ? queueNameOf(stated) : undefined;
  const own = platformDefaults('aws-lambda').accountId;
  const [, partition, of, where, whose, ...rest] = stated.split(':');
  if (stated.startsWith('arn:')) {
    if (of !== service || rest.length === 0) return undefined;
    if (whose !== own || accountId === undefined) return stated;
    return ['arn', partition, of, service === 'sqs' ? region : where, accountId, ...rest].join(':');
  }
  if (queue === undefined) return undefined;
  return accountId === undefined ? '?' : `arn:${partitionOf(region)}:sqs:${region}:${accountId}:${queue}`;
}

/** What tells event sources of an alias apart. */
export function sourceId(members: Members): string {
  const { EventSourceArn, SelfManagedEventSource, Topics, Queues } = members;
  const servers = (SelfManagedEventSource as { Endpoints?: Record<string, string[]> } | undefined)?.Endpoints;
  const parts = [
    EventSourceArn,
    ...Object.values(servers ?? {}).flat(),
    ...[Topics ?? [], Queues ?? []].flat(),
  ];
  return parts.filter((part) => part !== undefined && part !== null).join(' ');
}

/** A source as one text, for comparing; a stated one and one of the cloud alike. */
export function sourceText(members: Members, { batchSize }: Pick<SourceKind, 'batchSize'>): string {
  return [sourceId(members), membersText(members, batchSize)].filter(Boolean).join(', ');
}

function readPermission(
  { name, config, unresolved = {} }: OtherTrigger,
  type: string,
  { region, accountId }: Account,
): { permission?: DesiredPermission; why: string } {
  const partition = partitionOf(region);
  const permitted = (principal: string, sourceArn: string, rest: string, sourceAccount?: string) => ({
    permission: { name, principal, sourceArn, ...(sourceAccount !== undefined && { sourceAccount }) },
    why: `is permitted, no more: ${rest}`,
  });
  const unknown = { why: `${notSetUp} the account is not known. State a role: of the target.` };
  if (type === 'S3') {
    const bucket =
      unresolved['Bucket'] === undefined ? bucketOf({ kind: 'storage', name, config }, 'Bucket') : undefined;
    if (bucket === undefined) return { why: `${notSetUp} the project does not say its bucket.` };
    if (accountId === undefined) return unknown;
    const rest = `that bucket ${bucket} notifies the function is said at the bucket.`;
    return permitted('s3.amazonaws.com', `arn:${partition}:s3:::${bucket}`, rest, accountId);
  }
  if (type === 'SNS') {
    const topic = config['Topic'];
    if (typeof topic !== 'string')
      return { why: `${notSetUp} the project does not say the ARN of its topic.` };
    if (accountId === undefined && !topic.startsWith('arn:')) return unknown;
    const arn = topic.startsWith('arn:') ? topic : `arn:${partition}:sns:${region}:${accountId}:${topic}`;
    return permitted('sns.amazonaws.com', arn, 'the subscription is made at the topic.');
  }
  const rule = config['RuleName'] ?? config['Name'];
  if (/^(Schedule|CloudWatchEvent|EventBridgeRule)$/.test(type) && typeof rule === 'string') {
    if (accountId === undefined) return unknown;
    const bus = config['EventBusName'];
    const path = typeof bus === 'string' && bus !== 'default' ? `${bus}/${rule}` : rule;
    const arn = `arn:${partition}:events:${region}:${accountId}:rule/${path}`;
    return permitted(
      'events.amazonaws.com',
      arn,
      `rule ${rule} of EventBridge has to name the alias as its target.`,
    );
  }
  return {
    why: `${notSetUp} it is part of another service's settings. Make it there, or with SAM or CloudFormation, for the function's alias.`,
  };
}

function partitionOf(region: string): string {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
