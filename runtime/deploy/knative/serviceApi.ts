import { isDeepStrictEqual } from 'node:util';
import { PorchlightError } from '../../model/errors.ts';
import type { KubeApi } from './kubernetes/kubeApi.ts';
import { isRefusal } from './kubernetes/kubeRefusal.ts';
import {
  knativeRevision,
  knativeService,
  revisionList,
  type KnativeRevision,
  type KnativeService,
  type Pod,
} from './objects.ts';
import { phrase } from '../../support/l10n.ts';

/** How often a change is made again that only met news of the cluster's own about the service. */
const mostConflicts = 10;

/** Knative's services and revisions of one namespace. */
export class ServiceApi {
  readonly kube: KubeApi;
  readonly namespace: string;

  constructor(kube: KubeApi, namespace: string) {
    this.kube = kube;
    this.namespace = namespace;
  }

  find(name: string, signal?: AbortSignal): Promise<KnativeService | undefined> {
    const action = phrase('read the service {name}', { name });
    return this.kube.find(knativeService, {
      method: 'GET',
      path: this.#path('services', name),
      action,
      signal,
    });
  }

  findRevision(name: string, signal?: AbortSignal): Promise<KnativeRevision | undefined> {
    const action = phrase('read the revision {name}', { name });
    return this.kube.find(knativeRevision, {
      method: 'GET',
      path: this.#path('revisions', name),
      action,
      signal,
    });
  }

  /** Revisions of a service, newest first. */
  async revisions(service: string, signal?: AbortSignal): Promise<KnativeRevision[]> {
    const query = new URLSearchParams({ labelSelector: `serving.knative.dev/service=${service}` }).toString();
    const path = `${this.#path('revisions')}?${query}`;
    const action = phrase('list revisions of {service}', { service });
    const { items } = await this.kube.get(revisionList, { method: 'GET', path, action, signal });
    return items.sort((a, b) => madeAt(b) - madeAt(a) || (nameOf(b) < nameOf(a) ? -1 : 1));
  }

  /** Makes a service. One that is there by now was made by somebody else, or by this request, whose answer was lost. */
  async create(service: object, name: string, signal: AbortSignal): Promise<KnativeService> {
    const action = phrase('create the service {name}', { name });
    try {
      const request = {
        method: 'POST' as const,
        path: this.#path('services'),
        action,
        body: service,
        signal,
      };
      return await this.kube.get(knativeService, request);
    } catch (error) {
      if (!isRefusal(error, /^AlreadyExists$/)) throw error;
      const found = await this.find(name, signal);
      if (found) return found;
      throw error;
    }
  }

  /**
   * Changes what is wanted of a service. It is the state that was looked at that is changed: what somebody else changes in between
   * is not overwritten. News of the cluster's own (its status) are no such change.
   */
  async change(
    looked: KnativeService,
    change: (service: KnativeService) => KnativeService,
    signal?: AbortSignal,
  ): Promise<KnativeService> {
    const name = nameOf(looked);
    let from = looked;
    for (let conflicts = 0; ; conflicts++) {
      const { status: _status, ...body } = change(from);
      if (isDeepStrictEqual(plain(body), plain({ ...from, status: undefined }))) return from;
      const action = phrase('change the service {name}', { name });
      try {
        const path = this.#path('services', name);
        return await this.kube.get(knativeService, { method: 'PUT', path, action, body, signal });
      } catch (error) {
        if (!isRefusal(error, /^Conflict$/)) throw error;
        const now = await this.find(name, signal);
        if (!now || conflicts >= mostConflicts)
          throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
        // The request may have been carried out although its answer was lost.
        if (isDeepStrictEqual(wanted(now), wanted(change(from)))) return now;
        if (!isDeepStrictEqual(wanted(now), wanted(from)))
          throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
        from = now;
        await this.kube.pause(1, signal);
      }
    }
  }

  remove(name: string): Promise<void> {
    return this.kube.remove({
      path: this.#path('services', name),
      action: phrase('remove the service {name}', { name }),
    });
  }

  removeRevision(name: string): Promise<void> {
    return this.kube.remove({
      path: this.#path('revisions', name),
      action: phrase('remove the revision {name}', { name }),
    });
  }

  #path(kind: 'services' | 'revisions', name?: string): string {
    const all = `/apis/serving.knative.dev/v1/namespaces/${encodeURIComponent(this.namespace)}/${kind}`;
    return name === undefined ? all : `${all}/${encodeURIComponent(name)}`;
  }
}

/** Name of an object; Kubernetes gives every one a name. */
export function nameOf({ metadata }: { metadata: { name?: string | undefined } }): string {
  return metadata.name ?? '';
}

/** When an object was made, in milliseconds since the epoch. */
export function madeAt({ metadata }: Pick<KnativeRevision | Pod, 'metadata'>): number {
  return Date.parse(metadata.creationTimestamp ?? '') || 0;
}

/** What people change of a service. */
function wanted({ spec, metadata: { labels, annotations } }: KnativeService): unknown {
  const own = Object.entries(annotations ?? {}).filter(([name]) => !name.startsWith('serving.knative.dev/'));
  return plain({ spec, labels: labels ?? {}, annotations: Object.fromEntries(own) });
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
