import { createHash } from 'node:crypto';
import type { RemoteLogLine } from '../../model/deploy.ts';
import { isRefusal, type KubeRefusal } from './kubernetes/kubeRefusal.ts';
import { podList, type Pod } from './objects.ts';
import { madeAt, nameOf, type ServiceApi } from './serviceApi.ts';
import { phrase } from '../../support/l10n.ts';

/** Pods that are read, the newest; a service that has been scaled further is told of these. */
const mostPods = 50;
/** Of one pod, the newest. */
const mostLines = 10_000;
const mostBytes = 8 * 1024 * 1024;
const atATime = 4;
/** Container of Knative's own in each pod. */
const proxyContainer = 'queue-proxy';
/** Name of the container that serves, where the service gives it none (`config-defaults`, `container-name-template`). */
const usualContainer = 'user-container';

export interface LogQuery {
  /** Name of the service. */
  service: string;
  /** Milliseconds since the epoch. */
  since: number;
}

/** Lines that the pods of a service have written since a time. Those of pods that are gone are gone with them. */
export async function readPodLogs(
  api: ServiceApi,
  { service, since }: LogQuery,
  signal: AbortSignal,
): Promise<RemoteLogLine[]> {
  const pods = await findPods(api, service, signal);
  const waiting = pods.flatMap((pod) => {
    const container = servingName(pod);
    if (container === undefined) return [];
    const started = pod.status?.containerStatuses?.find(({ name }) => name === container);
    // What ended one that was started again stands in the log of the one before.
    return [...((started?.restartCount ?? 0) > 0 ? [true] : []), false].map((previous) => ({
      pod: nameOf(pod),
      container,
      previous,
    }));
  });
  const lines = new Map<string, RemoteLogLine>();
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      // One that is about to be started again still has the log of the one before: each line counts once.
      for (const line of await readContainer(api, next, since, signal)) lines.set(line.id, line);
  };
  await Promise.all(Array.from({ length: atATime }, work));
  return [...lines.values()];
}

async function findPods(api: ServiceApi, service: string, signal: AbortSignal): Promise<Pod[]> {
  const query = new URLSearchParams({ labelSelector: `serving.knative.dev/service=${service}` });
  const path = `${podsOf(api)}?${query.toString()}`;
  const action = phrase('list the pods of {service}', { service });
  const { items } = await api.kube.get(podList, { method: 'GET', path, action, signal });
  return items.sort((a, b) => madeAt(b) - madeAt(a)).slice(0, mostPods);
}

async function readContainer(
  api: ServiceApi,
  { pod, container, previous }: { pod: string; container: string; previous: boolean },
  since: number,
  signal: AbortSignal,
): Promise<RemoteLogLine[]> {
  const query = new URLSearchParams({
    container,
    timestamps: 'true',
    // Kubernetes takes whole seconds.
    sinceTime: new Date(since).toISOString().replace(/\.\d+Z$/, 'Z'),
    tailLines: String(mostLines),
    limitBytes: String(mostBytes),
    ...(previous && { previous: 'true' }),
  });
  const path = `${podsOf(api)}/${encodeURIComponent(pod)}/log?${query.toString()}`;
  const action = phrase('read the log of the pod {pod}', { pod });
  try {
    const { body } = await api.kube.call({ method: 'GET', path, action, accept: '*/*', signal });
    return readLines(body, pod, (text) => api.kube.hide(text)).filter(({ time }) => time >= since);
  } catch (error) {
    if (hasNoLog(error)) return [];
    throw error;
  }
}

/** It went away since it was listed, or nothing of it was started yet. */
function hasNoLog(error: unknown): boolean {
  if (isRefusal(error, /^NotFound$/)) return true;
  if (!isRefusal(error, /^BadRequest$/)) return false;
  const { detail } = (error as Error).cause as KubeRefusal;
  return /waiting to start|previous terminated container|not available|trying and failing to pull/i.test(
    detail,
  );
}

/** Lines of a pod's log, each behind its time (RFC 3339 with nanoseconds). */
export function readLines(body: Buffer, pod: string, hide: (text: string) => string): RemoteLogLine[] {
  const text = body.toString('utf8');
  const lines = text.split('\n');
  // What was cut comes whole with the next look, or it would be told twice.
  if (body.byteLength >= mostBytes) lines.pop();
  let before = '';
  return lines.flatMap((line, at) => {
    if (line === '') return [];
    const [, stamp, said] = /^(\d{4}-\d\d-\d\dT\S+)(?: (.*))?$/.exec(line.replace(/\r$/, '')) ?? [];
    const known = stamp !== undefined && !Number.isNaN(Date.parse(stamp));
    if (known) before = stamp;
    const shown = known ? (said ?? '') : line;
    const id = `${pod} ${known ? stamp : `${before} ${at}`} ${digestOf(shown)}`;
    return [{ id, time: Date.parse(before) || 0, instance: pod, text: hide(shown) }];
  });
}

/** Ids go further than texts do, from which secrets are taken. */
function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** The container with the function: the one with a port, as Knative gives one to it alone. */
function servingName({ spec: { containers } }: Pod): string | undefined {
  const own = containers.filter(({ name }) => name !== proxyContainer);
  const serving =
    own.find(({ ports }) => (ports ?? []).length > 0) ??
    own.find(({ name }) => name === usualContainer) ??
    own[0];
  return serving?.name;
}

function podsOf({ namespace }: ServiceApi): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
}
