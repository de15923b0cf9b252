import { isDeepStrictEqual } from 'node:util';
import { PorchlightError, saidOf } from '../../model/errors.ts';
import { visibilityLabel, withDesired, type DesiredRevision } from './desiredRevision.ts';
import { conditionOf, type KnativeService, type Template } from './objects.ts';
import { revisionReady, routesReady } from './ready.ts';
import { nameOf, type ServiceApi } from './serviceApi.ts';
import { candidateTag, servingRevision, withCandidate, withoutCandidate } from './traffic.ts';
import { isReachedByApi, privateService } from './verify.ts';
import { phrase } from '../../support/l10n.ts';

/** A revision that was made or found, and how the service was before. */
export interface AppliedRevision {
  revision: string;
  /** Address at which it is reached before anybody is sent to it. */
  url: string;
  /** By this deploy: only such a revision may be taken away again. */
  made: boolean;
  before: KnativeService | undefined;
}

/**
 * Makes a revision that nobody is sent to yet: the service is pinned to what it serves, and the new one is reached by a tag alone.
 * One that an interrupted deploy left is taken when it is the same. What does not become ready is taken away again.
 */
export async function applyRevision(
  api: ServiceApi,
  name: string,
  desired: DesiredRevision,
  signal: AbortSignal,
): Promise<AppliedRevision> {
  const before = await api.find(name, signal);
  const revision = await revisionNameFor(api, name, before, desired, signal);
  const made = before === undefined || nameIn(before.spec.template) !== revision.name;
  const applied = { revision: revision.name, made, before };
  try {
    if (before) {
      const change = (service: KnativeService): KnativeService => ({
        ...service,
        spec: {
          ...service.spec,
          template: named(withDesired(service.spec.template, desired), revision.name),
          traffic: withCandidate(service, revision.name),
        },
      });
      await api.change(before, change, signal);
    } else {
      await createService(api, name, desired, revision.name, signal);
    }
    await revisionReady(api, revision.name, signal);
    const { url } = await routesReady(api, name, { tag: candidateTag, signal });
    return { ...applied, url: url! };
  } catch (error) {
    if (!made) throw error;
    throw await afterTakingBack(api, name, applied, error);
  }
}

/**
 * Makes the service as it was before a revision, and the revision go away. A service that was made for it goes as a whole. What
 * somebody else has changed since stays.
 */
export async function takeBack(
  api: ServiceApi,
  name: string,
  { revision, before }: Pick<AppliedRevision, 'revision' | 'before'>,
): Promise<void> {
  const now = await api.find(name);
  if (!now) return;
  const serving = servingRevision(now);
  if (before === undefined) {
    // It serves its first revision since it is there: there is nothing else to serve.
    if (serving === undefined || serving === revision) await api.remove(name);
    return;
  }
  if (serving === revision) return;
  const mine = nameIn(now.spec.template) === revision;
  await api.change(now, (service) => ({
    ...service,
    spec: {
      ...service.spec,
      ...(mine && { template: previousTemplate(before) }),
      traffic: mine ? before.spec.traffic : withoutCandidate(service),
    },
  }));
  await api.removeRevision(revision);
}

async function afterTakingBack(
  api: ServiceApi,
  name: string,
  applied: Pick<AppliedRevision, 'revision' | 'before'>,
  error: unknown,
): Promise<unknown> {
  try {
    await takeBack(api, name, applied);
    return error;
  } catch (second) {
    const detail = phrase('{first} The revision {revision}, which does not serve, is still there: {second}', {
      first: saidOf(error),
      revision: applied.revision,
      second: saidOf(second),
    });
    return new PorchlightError('TARGET_OBJECTS', { function: name, detail }, { cause: error });
  }
}

async function createService(
  api: ServiceApi,
  name: string,
  desired: DesiredRevision,
  revision: string,
  signal: AbortSignal,
): Promise<KnativeService> {
  const { settings } = desired;
  // A first revision serves as soon as it is there: the service is known within the cluster alone until it has answered.
  const hidden = settings.visibility === 'cluster' || isReachedByApi(privateService(revision));
  const made = await api.create(
    {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: {
        name,
        namespace: api.namespace,
        labels: {
          'app.kubernetes.io/managed-by': 'porchlight',
          ...(hidden && { [visibilityLabel]: 'cluster-local' }),
        },
      },
      spec: {
        template: named(withDesired(undefined, desired), revision),
        traffic: [{ revisionName: revision, percent: 100, tag: candidateTag }],
      },
    },
    name,
    signal,
  );
  if (nameIn(made.spec.template) !== revision)
    throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
  return made;
}

/** The latest revision when it is the same in all that is desired, and good; otherwise the next number. */
async function revisionNameFor(
  api: ServiceApi,
  name: string,
  service: KnativeService | undefined,
  desired: DesiredRevision,
  signal: AbortSignal,
): Promise<{ name: string }> {
  const revisions = await api.revisions(name, signal);
  if (service) {
    const { template } = service.spec;
    const latest = nameIn(template);
    const there = revisions.find((revision) => nameOf(revision) === latest);
    const good = there === undefined || conditionOf(there, 'Ready')?.status !== 'False';
    if (latest !== undefined && good && isSame(withDesired(template, desired), template))
      return { name: latest };
  }
  const latest = service && nameIn(service.spec.template);
  const numbers = [
    ...revisions.map(nameOf),
    latest ?? '',
    service?.status?.latestCreatedRevisionName ?? '',
  ].map((each) => Number(new RegExp(`^${name}-(\\d+)$`).exec(each)?.[1] ?? 0));
  return { name: `${name}-${String(Math.max(0, ...numbers) + 1).padStart(5, '0')}` };
}

function nameIn({ metadata }: Template): string | undefined {
  return metadata?.name;
}

function named(template: Template, name: string): Template {
  return { ...template, metadata: { ...template.metadata, name } };
}

/** As it was. One without a name would make yet another revision: it has the name of the one it has made. */
function previousTemplate({ spec, status }: KnativeService): Template {
  const { template } = spec;
  const latest = nameIn(template) ?? status?.latestCreatedRevisionName;
  return latest === undefined ? template : named(template, latest);
}

function isSame(one: Template, other: Template): boolean {
  const plain = (value: Template): unknown => JSON.parse(JSON.stringify(value));
  return isDeepStrictEqual(plain(one), plain(other));
}
