import type { KnativeService, TrafficTarget } from './objects.ts';

/** Tag under which a new revision is reached before anybody is sent to it. */
export const candidateTag = 'next';

/** Where requests go, by revision: what follows the latest one by itself is the revision that it is now. */
function resolved({ spec, status }: KnativeService): TrafficTarget[] {
  const latest = status?.latestReadyRevisionName;
  const stated = spec.traffic ?? [{ latestRevision: true, percent: 100 }];
  return stated.flatMap((target): TrafficTarget[] => {
    const { latestRevision: _latest, ...rest } = target;
    if (target.revisionName) return [rest];
    return latest === undefined ? [] : [{ ...rest, revisionName: latest }];
  });
}

/** The revision that most requests go to; undefined while none serves. */
export function servingRevision(service: KnativeService): string | undefined {
  const by = resolved(service).filter(({ percent = 0 }) => percent > 0);
  return by.sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0))[0]?.revisionName;
}

/** Shares of the requests by revision, where more than one gets some. */
export function sharesOf(service: KnativeService): Map<string, number> {
  const shares = new Map<string, number>();
  for (const { revisionName, percent = 0 } of resolved(service))
    if (revisionName !== undefined && percent > 0)
      shares.set(revisionName, (shares.get(revisionName) ?? 0) + percent);
  return shares.size > 1 ? shares : new Map<string, number>();
}

/** Whether requests are sent to a revision. */
export function isSentTo(service: KnativeService | undefined, revision: string): boolean {
  const traffic = service?.spec.traffic ?? [];
  return traffic.some(({ revisionName, percent = 0 }) => revisionName === revision && percent > 0);
}

/** Whether requests follow the latest revision by themselves: a new one would serve at once. */
export function followsLatest({ spec }: KnativeService): boolean {
  return (
    !spec.traffic || spec.traffic.some(({ latestRevision, revisionName }) => latestRevision || !revisionName)
  );
}

/** As it is now, pinned, with a new revision that is reached by its tag alone. */
export function withCandidate(service: KnativeService, revision: string): TrafficTarget[] {
  const kept = withoutCandidate(service);
  const sum = kept.reduce((total, { percent = 0 }) => total + percent, 0);
  // What serves nothing yet serves its first revision: shares have to be 100 together.
  if (sum !== 100) return [{ revisionName: revision, percent: 100, tag: candidateTag }];
  return [...kept, { revisionName: revision, percent: 0, tag: candidateTag }];
}

/** Sends a share of the requests to a revision, and the rest to the one that most go to; tags of others stay. */
export function switched(service: KnativeService, revision: string, percent: number): TrafficTarget[] {
  const before = servingRevision(service);
  const tags = withoutCandidate(service)
    .filter(({ tag }) => tag !== undefined)
    .map((target): TrafficTarget => ({ ...target, percent: 0 }));
  const rest = before === undefined || before === revision ? undefined : before;
  const share = rest === undefined ? 100 : percent;
  return [
    ...(rest !== undefined && share < 100 ? [{ revisionName: rest, percent: 100 - share }] : []),
    { revisionName: revision, percent: share },
    ...tags,
  ];
}

/** Without the tag of a new revision; one that serves by now goes on. */
export function withoutCandidate(service: KnativeService): TrafficTarget[] {
  return resolved(service).flatMap((target): TrafficTarget[] => {
    const { tag, ...rest } = target;
    if (tag !== candidateTag) return [target];
    return (target.percent ?? 0) > 0 ? [rest] : [];
  });
}
