import type {
  CreateEventSourceMappingRequest,
  EventSourceMappingConfiguration,
  UpdateEventSourceMappingRequest,
} from '@aws-sdk/client-lambda';
import { PorchlightError } from '../../../model/errors.ts';
import { badAnswer } from '../awsRefusal.ts';
import type { LambdaApi } from '../lambdaApi.ts';
import { ownTags } from './callers/caller.ts';
import { sourceId, sourceText, type DesiredSource } from './desiredTriggers.ts';
import type { Place } from './place.ts';
import { sourceKinds } from './sourceKinds.ts';
import { differing, type Members } from './sourceMembers.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/** Mappings without it are not ours to take away. */
const ownTag = ownTags.trigger;
/** Pages of a hundred. */
const largestPages = 10;
const passing = new Set(['Creating', 'Enabling', 'Disabling', 'Updating']);

/** A mapping of the alias as it is there. */
export interface RemoteSource {
  uuid: string;
  id: string;
  members: Members;
  /** Trigger that a deploy made it for; undefined of others, and of those that nobody asked about. */
  madeFor?: string | undefined;
}

/**
 * What brings events to an alias. Mappings that are not `expected` (by what they read) are asked whose they are, which is
 * another round trip.
 */
export async function listSources(
  api: LambdaApi,
  { name, alias }: Place,
  expected: ReadonlySet<string>,
): Promise<RemoteSource[]> {
  const found: EventSourceMappingConfiguration[] = [];
  for (let marker: string | undefined, page = 0; page < largestPages; page++) {
    const input = { FunctionName: `${name}:${alias}`, ...(marker && { Marker: marker }) };
    const answer = await api.find('ListEventSourceMappings', (lambda) =>
      lambda.send(new api.sdk.ListEventSourceMappingsCommand(input)),
    );
    found.push(...(answer?.EventSourceMappings ?? []));
    marker = answer?.NextMarker;
    if (!marker) break;
  }
  return Promise.all(
    found
      .filter(({ State }) => State !== 'Deleting')
      .map(async (mapping): Promise<RemoteSource> => {
        const { UUID = '', State = '', EventSourceMappingArn: arn, ...rest } = mapping;
        const members: Members = { ...rest, Enabled: !/^Disabl/.test(State) };
        const id = sourceId(members);
        const madeFor = expected.has(id) || arn === undefined ? undefined : await maker(api, arn);
        return { uuid: UUID, id, members, madeFor };
      }),
  );
}

/** Who may not ask is told that it is none of ours: it stays. */
async function maker(api: LambdaApi, arn: string): Promise<string | undefined> {
  try {
    const found = await api.find('ListTags', (lambda) =>
      lambda.send(new api.sdk.ListTagsCommand({ Resource: arn })),
    );
    return found?.Tags?.[ownTag];
  } catch (error) {
    if (error instanceof PorchlightError && error.code === 'CREDENTIALS_REFUSED') return undefined;
    throw error;
  }
}

/** A mapping as one text, for comparing with what is wanted. */
export function remoteText({ members }: RemoteSource): string {
  const arn = typeof members['EventSourceArn'] === 'string' ? members['EventSourceArn'] : '';
  const service = arn.split(':')[2];
  const kind = Object.values(sourceKinds).find((one) => one.service === service);
  return sourceText(members, { batchSize: kind?.batchSize ?? 100 });
}

/** Brings a mapping into the state that is wanted, and waits until it is; the answer says what is still open. */
export async function provideSource(
  api: LambdaApi,
  place: Place,
  source: DesiredSource,
  before: RemoteSource | undefined,
): Promise<Phrase | undefined> {
  const uuid = before ? await update(api, place, source, before) : await create(api, place, source);
  return uuid === undefined ? undefined : settled(api, uuid, source.members['Enabled'] !== false);
}

async function create(api: LambdaApi, place: Place, source: DesiredSource): Promise<string | undefined> {
  const input = {
    ...source.members,
    FunctionName: `${place.name}:${place.alias}`,
    Tags: { [ownTag]: source.name },
  } as CreateEventSourceMappingRequest;
  let there: RemoteSource | undefined;
  const made = async (): Promise<boolean> => {
    there = (await listSources(api, place, new Set([source.id]))).find(({ id }) => id === source.id);
    return there !== undefined;
  };
  try {
    const { UUID, $metadata } = await api.change(
      'CreateEventSourceMapping',
      (lambda) => lambda.send(new api.sdk.CreateEventSourceMappingCommand(input)),
      undefined,
      { fresh: true, made },
    );
    if (UUID === undefined) throw badAnswer('CreateEventSourceMapping', $metadata.httpStatusCode);
    return UUID;
  } catch (error) {
    // An answer was lost, or somebody made the same: then it is brought up to date.
    if (!there) throw error;
    return update(api, place, source, there);
  }
}

async function update(
  api: LambdaApi,
  { name, alias }: Place,
  { members, kind }: DesiredSource,
  before: RemoteSource,
): Promise<string | undefined> {
  const changes = differing(members, before.members, kind.batchSize);
  if (Object.keys(changes).length === 0) return undefined;
  const input = { ...changes, UUID: before.uuid, FunctionName: `${name}:${alias}` };
  await api.change('UpdateEventSourceMapping', (lambda) =>
    lambda.send(new api.sdk.UpdateEventSourceMappingCommand(input as UpdateEventSourceMappingRequest)),
  );
  return before.uuid;
}

export async function removeSource(api: LambdaApi, { uuid }: RemoteSource): Promise<void> {
  await api.remove('DeleteEventSourceMapping', (lambda) =>
    lambda.send(new api.sdk.DeleteEventSourceMappingCommand({ UUID: uuid })),
  );
}

/** Waits while a mapping is being made or changed. */
async function settled(api: LambdaApi, uuid: string, enabled: boolean): Promise<Phrase | undefined> {
  const found = await api.poll(async () => {
    const mapping = await api.find('GetEventSourceMapping', (lambda) =>
      lambda.send(new api.sdk.GetEventSourceMappingCommand({ UUID: uuid })),
    );
    return passing.has(mapping?.State ?? '') ? undefined : { mapping };
  });
  if (!found) return phrase('it is still being set up there.');
  const { State = 'gone', StateTransitionReason } = found.mapping ?? {};
  const wanted = enabled ? 'Enabled' : 'Disabled';
  return State === wanted
    ? undefined
    : phrase('it is {state} there ({reason}).', {
        state: State,
        reason: StateTransitionReason ?? phrase('no reason was given'),
      });
}
