import type { FunctionDefinition, OtherTrigger } from '../../../model/functionDefinition.ts';
import { platformDefaults } from '../../../model/platformDefaults.ts';
import { queueNameOf } from '../../../model/queues/queueDefinition.ts';
import type { DesiredCaller } from './callers/caller.ts';
import { desiredCaller, isCaller, rivalOf } from './callers/desiredCaller.ts';
import { partitionOf, type Account, type Place } from './place.ts';
import { sourceKinds, type SourceKind } from './sourceKinds.ts';
import { membersOf, membersText, type Members } from './sourceMembers.ts';
import { isPhrase, phrase, type Phrase } from '../../../support/l10n.ts';

/** An event source that Lambda reads by itself. */
export interface DesiredSource {
  name: string;
  /** What it is, apart from how it is read: `sourceId` of `EventSourceArn` or servers, topics and queues. */
  id: string;
  /** As `CreateEventSourceMapping` takes them. */
  members: Members;
  kind: SourceKind;
}

export interface DesiredTriggers {
  sources: DesiredSource[];
  /** Services that call the function by themselves. */
  callers: DesiredCaller[];
  /** What is not set up, by trigger. What is there of it stays. */
  left: { name: string; why: Phrase }[];
}

/** Reads a function's triggers other than HTTP as AWS's services can set them up. */
export function desiredTriggers(
  { triggers }: Pick<FunctionDefinition, 'triggers'>,
  where: Account & Place,
): DesiredTriggers {
  const desired: DesiredTriggers = { sources: [], callers: [], left: [] };
  for (const trigger of triggers) {
    if (trigger.kind === 'http') continue;
    const type =
      typeof trigger.config['type'] === 'string' ? trigger.config['type'] : usualTypes[trigger.kind];
    const leave = (why: Phrase): void =>
      void desired.left.push({ name: trigger.name, why: phrase('({type}) {why}', { type, why }) });
    const kind = Object.hasOwn(sourceKinds, type) ? sourceKinds[type] : undefined;
    if (kind) {
      const source = readSource(trigger, kind, where);
      if (isPhrase(source)) leave(source);
      else desired.sources.push(source);
    } else if (isCaller(type)) {
      const caller = desiredCaller(trigger, type, where);
      const rival = caller && !isPhrase(caller) ? rivalOf(caller, desired.callers) : undefined;
      if (isPhrase(caller)) leave(phrase('is not set up: {why}', { why: caller }));
      else if (rival !== undefined) leave(phrase('is not set up: {why}', { why: rival }));
      else if (caller) desired.callers.push(caller);
    } else {
      leave(
        phrase(
          "is not set up: it is part of another service's settings. Make it there, or with SAM or CloudFormation, for the function's alias.",
        ),
      );
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

function readSource(trigger: OtherTrigger, kind: SourceKind, account: Account): DesiredSource | Phrase {
  const { name, config, unresolved } = trigger;
  const stated = kind.arnKey === undefined ? undefined : (config[kind.arnKey] ?? config['queue']);
  const expression = kind.arnKey === undefined ? undefined : unresolved?.[kind.arnKey];
  if (expression !== undefined)
    return phrase(
      'is not set up: {expression} is known in the cloud alone. State its ARN in porchlight.yaml.',
      { expression },
    );
  const arn = kind.arnKey === undefined ? undefined : arnOf(stated, kind, account);
  if (kind.arnKey !== undefined && arn === undefined)
    return phrase('is not set up: it does not say the ARN of its source.');
  if (arn?.startsWith('?'))
    return phrase('is not set up: the account is not known. State the ARN of its source, or a role:.');
  const members = membersOf(config);
  if (isPhrase(members)) return phrase('is not set up: {why}', { why: members });
  if (kind.positioned && members['StartingPosition'] === undefined)
    return phrase('is not set up: state StartingPosition: LATEST or TRIM_HORIZON.');
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
