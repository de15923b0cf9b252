import type { IncomingMessage } from 'node:http';

/* Pods of a cluster and their logs, as the API of Kubernetes has them (`v1`, `pods` and `pods/log`). */

export interface Pod {
  name: string;
  service: string;
  createdAt: string;
  /** Containers with their ports, as Knative makes them. */
  containers: { name: string; ports?: { containerPort: number }[] }[];
  /** Log of the container that serves, with times; absent while it is not started. */
  log?: string;
  /** Of the one before, which has ended. */
  previous?: string;
}

interface Refused {
  status: number;
  reason: string;
  message: string;
}

const known = new Set(['container', 'timestamps', 'sinceTime', 'tailLines', 'limitBytes', 'previous']);

/** What the API answers about pods: a list, a log as text, or a refusal. */
export function answerPods(
  pods: readonly Pod[],
  path: string | undefined,
  query: URLSearchParams,
  { method, headers }: IncomingMessage,
): { items: object[] } | { text: string } | Refused {
  const bad = (message: string): Refused => ({ status: 400, reason: 'BadRequest', message });
  if (method !== 'GET') return { status: 405, reason: 'MethodNotAllowed', message: 'not supported' };
  if (path === undefined) {
    const [, service] = /^serving\.knative\.dev\/service=(.+)$/.exec(query.get('labelSelector') ?? '') ?? [];
    if (service === undefined) return bad('unable to parse requirement');
    return { items: pods.filter((each) => each.service === service).map(shown) };
  }
  const [, name] = /^([^/]+)\/log$/.exec(path) ?? [];
  const pod = pods.find((each) => each.name === name);
  if (!pod) return { status: 404, reason: 'NotFound', message: `pods "${name}" not found` };
  for (const key of query.keys()) if (!known.has(key)) return bad(`unknown parameter ${key}`);
  if (!/\*\/\*|text\/plain/.test(headers.accept ?? ''))
    return {
      status: 406,
      reason: 'NotAcceptable',
      message: 'only the following media types are accepted: text/plain',
    };
  const container = query.get('container');
  if (!container) return bad(`a container name must be specified for pod ${name}`);
  if (!pod.containers.some((each) => each.name === container))
    return bad(`container ${container} is not valid for pod ${name}`);
  const since = query.get('sinceTime') ?? '';
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(since)) return bad(`unable to decode "${since}" into a Time`);
  const log = query.get('previous') === 'true' ? pod.previous : pod.log;
  if (log === undefined) {
    return bad(
      query.get('previous') === 'true'
        ? `previous terminated container "${container}" in pod "${name}" not found`
        : `container "${container}" in pod "${name}" is waiting to start: ContainerCreating`,
    );
  }
  const lines = log.split('\n').filter((line) => line !== '' && line.slice(0, 19) >= since.slice(0, 19));
  const text = lines.slice(-Number(query.get('tailLines'))).map((line) => `${line}\n`);
  return { text: text.join('').slice(0, Number(query.get('limitBytes'))) };
}

function shown({ name, service, createdAt, containers, previous }: Pod): object {
  return {
    metadata: { name, creationTimestamp: createdAt, labels: { 'serving.knative.dev/service': service } },
    spec: { containers },
    status: {
      phase: 'Running',
      containerStatuses: containers.map((each) => ({
        name: each.name,
        restartCount: previous !== undefined && each.name !== 'queue-proxy' ? 1 : 0,
      })),
    },
  };
}
