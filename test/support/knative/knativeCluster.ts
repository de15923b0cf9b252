import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { checkSchema, type Schema } from './checkSchema.ts';
import { answerPods, type Pod } from './pods.ts';

/* A strict stand-in for a cluster with Knative Serving: its API, what its webhooks object to, its controllers, its ingress. */

const schema = JSON.parse(readFileSync(new URL('service.schema.json', import.meta.url), 'utf8')) as Schema;
/** Fields that the cluster itself adds, and that come back with a change. */
const clusterFields = ['uid', 'creationTimestamp', 'generation', 'resourceVersion'];

export interface Traffic {
  revisionName?: string;
  latestRevision?: boolean;
  percent?: number;
  tag?: string;
}

interface Metadata {
  name: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  generation: number;
  resourceVersion: string;
  creationTimestamp: string;
}

export interface Template {
  metadata?: { name?: string; annotations?: Record<string, string> };
  spec: { containers: { image: string; env?: { name: string; value?: string }[] }[] } & Record<
    string,
    unknown
  >;
}

export interface Service {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec: { template: Template; traffic: Traffic[] };
  status: Record<string, unknown>;
}

export interface Revision {
  metadata: Metadata;
  spec: Template['spec'];
  /** Looks that are still to be waited before it is ready. */
  left: number;
  failure: { reason: string; message: string } | undefined;
}

/** What a request to a function is answered. */
export type Serve = (revision: Revision, request: IncomingMessage, response: ServerResponse) => void;

export class KnativeCluster {
  readonly services = new Map<string, Service>();
  readonly revisions = new Map<string, Revision>();
  readonly pods: Pod[] = [];
  /** Revisions that were asked through the API, by the headers that say whose a call is. */
  readonly proxied: string[] = [];
  /** What the cluster's rules were broken by. */
  readonly objections: string[] = [];
  /** Looks at a revision until it is ready. */
  slowLooks = 1;
  /** What new revisions fail with. */
  failure: Revision['failure'];
  /** The cluster's own news of a service: how many changes meet a newer state than they know. */
  statusNews = 0;
  /** Nobody may ask services through the API. */
  refusesProxy = false;
  /** Tokens that are let in. */
  tokens = new Set<string>();
  serve: Serve = (revision, _request, response) => void response.end(`answered by ${revision.metadata.name}`);
  #version = 0;
  readonly #namespace: string;

  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** The revision that most calls go to. */
  served(name: string): string | undefined {
    const traffic = this.services.get(name)?.spec.traffic ?? [];
    const [first] = [...traffic].sort((a, b) => (b.percent ?? 0) - (a.percent ?? 0));
    return first?.latestRevision ? this.#latestReady(name) : first?.revisionName;
  }

  answer(request: IncomingMessage, response: ServerResponse, body: string): void {
    const send = (status: number, value: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    const refuse = (status: number, reason: string, message: string, name?: string): void =>
      send(status, { kind: 'Status', status: 'Failure', reason, message, code: status, details: { name } });
    if (!this.tokens.has(request.headers.authorization ?? ''))
      return refuse(401, 'Unauthorized', 'Unauthorized');
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const core = new RegExp(`^/api/v1/namespaces/${this.#namespace}/(pods|services)(?:/(.+))?$`).exec(
      pathname,
    );
    if (core?.[1] === 'pods') {
      const answer = answerPods(this.pods, core[2], searchParams, request);
      if ('text' in answer) return void response.end(answer.text);
      return 'items' in answer ? send(200, answer) : refuse(answer.status, answer.reason, answer.message);
    }
    if (core?.[1] === 'services') {
      // The public service of a revision: behind it is the activator, which believes headers alone.
      const [, revision] = /^([^/]+):80\/proxy\/.*$/.exec(core[2] ?? '') ?? [];
      // What is passed on is the path behind, without the caller's own credentials.
      request.url = request.url!.replace(/^.*?:80\/proxy/, '');
      delete request.headers.authorization;
      const told = [
        request.headers['knative-serving-namespace'],
        request.headers['knative-serving-revision'],
      ];
      if (this.refusesProxy) return refuse(403, 'Forbidden', 'services/proxy is forbidden');
      // The private one leads to its instances.
      const own = this.revisions.get(/^(.*)-private$/.exec(revision ?? '')?.[1] ?? '');
      if (own && own.left <= 0) return this.serve(own, request, response);
      const found = this.revisions.get(revision ?? '');
      if (!found || told[0] !== this.#namespace || told[1] !== revision)
        return refuse(503, 'ServiceUnavailable', `no endpoints available for service "${revision}"`);
      this.proxied.push(revision!);
      return this.serve(found, request, response);
    }
    const [, kind, name] =
      /^\/apis\/serving\.knative\.dev\/v1\/namespaces\/[^/]+\/(services|revisions)(?:\/([^/]+))?$/.exec(
        pathname,
      ) ?? [];
    const namespace = /namespaces\/([^/]+)/.exec(pathname)?.[1];
    if (!kind || namespace !== this.#namespace) {
      return refuse(403, 'Forbidden', `${request.method} ${pathname} is forbidden`);
    }
    const absent = () => refuse(404, 'NotFound', `${kind}.serving.knative.dev "${name}" not found`, name);
    const what = `${request.method} ${kind}`;
    if (what === 'GET revisions' && !name) {
      const service = searchParams.get('labelSelector')?.split('=')[1];
      const of = [...this.revisions.values()].filter(
        ({ metadata }) => metadata.labels?.['serving.knative.dev/service'] === service,
      );
      return send(200, { kind: 'RevisionList', items: of.map((revision) => this.#shown(revision)) });
    }
    if (what === 'GET revisions') {
      const revision = this.revisions.get(name!);
      return revision ? send(200, this.#shown(revision, true)) : absent();
    }
    if (what === 'DELETE revisions') return this.revisions.delete(name!) ? send(200, {}) : absent();
    if (what === 'GET services') {
      const service = this.services.get(name!);
      return service ? send(200, this.#withStatus(service)) : absent();
    }
    if (what === 'DELETE services') {
      if (!this.services.delete(name!)) return absent();
      for (const each of [...this.revisions.keys()])
        if (each.startsWith(`${name}-`)) this.revisions.delete(each);
      return send(200, {});
    }
    const given = JSON.parse(body) as Service;
    this.objections.push(
      ...checkSchema(withoutClusterFields(given), schema).map((text) => `${what}: ${text}`),
    );
    const problem = this.#admission(given, this.services.get(given.metadata.name));
    if (problem) return refuse(400, 'BadRequest', `admission webhook denied the request: ${problem}`);
    if (what === 'POST services') {
      if (this.services.has(given.metadata.name))
        return refuse(409, 'AlreadyExists', 'it already exists', given.metadata.name);
      return send(201, this.#withStatus(this.#store(given, undefined)));
    }
    const before = this.services.get(name!);
    if (!before) return absent();
    if (this.statusNews > 0) {
      this.statusNews--;
      before.metadata.resourceVersion = String(++this.#version);
    }
    if (given.metadata.resourceVersion !== before.metadata.resourceVersion)
      return refuse(409, 'Conflict', 'the object has been modified', name);
    send(200, this.#withStatus(this.#store(given, before)));
  }

  /** A request at the ingress: its host says whose it is. */
  ingress(request: IncomingMessage, response: ServerResponse): void {
    const [host = ''] = (request.headers.host ?? '').split('.');
    for (const service of this.services.values()) {
      if (isHidden(service)) continue;
      const target = service.spec.traffic.find(
        ({ tag }) => tag && host === `${tag}-${service.metadata.name}`,
      );
      const name = target?.revisionName ?? (host === service.metadata.name ? this.served(host) : undefined);
      const revision = name === undefined ? undefined : this.revisions.get(name);
      if (revision) return this.serve(revision, request, response);
    }
    response.writeHead(404).end();
  }

  /** Somebody else changes a service. */
  edit(name: string, change: (service: Service) => void): void {
    const service = this.services.get(name)!;
    change(service);
    service.metadata.generation++;
    service.metadata.resourceVersion = String(++this.#version);
  }

  #store(given: Service, before: Service | undefined): Service {
    const { name } = given.metadata;
    const changed = !isDeepStrictEqual(given.spec, before?.spec);
    const service: Service = {
      ...given,
      metadata: {
        ...given.metadata,
        generation: (before?.metadata.generation ?? 0) + (changed ? 1 : 0),
        resourceVersion: String(++this.#version),
        creationTimestamp: before?.metadata.creationTimestamp ?? new Date().toISOString(),
      },
      spec: JSON.parse(JSON.stringify(given.spec)) as Service['spec'],
    };
    this.services.set(name, service);
    const { template } = service.spec;
    const revision =
      template.metadata?.name ?? `${name}-${String(service.metadata.generation).padStart(5, '0')}`;
    if (!this.revisions.has(revision)) {
      this.revisions.set(revision, {
        metadata: {
          name: revision,
          generation: 1,
          resourceVersion: '1',
          // Objects are told apart by it, and Kubernetes counts in seconds.
          creationTimestamp: new Date(Date.UTC(2026, 0, 1) + ++this.#version * 1000).toISOString(),
          labels: { 'serving.knative.dev/service': name },
          annotations: { ...template.metadata?.annotations },
        },
        spec: JSON.parse(JSON.stringify(template.spec)) as Template['spec'],
        left: this.slowLooks,
        failure: this.failure,
      });
    }
    return service;
  }

  #admission({ spec, metadata }: Service, before: Service | undefined): string | undefined {
    const { name } = spec.template.metadata ?? {};
    const sum = spec.traffic.reduce((total, { percent = 0 }) => total + percent, 0);
    if (sum !== 100) return `Traffic targets sum to ${sum}, want 100: spec.traffic`;
    const tags = spec.traffic.flatMap(({ tag }) => tag ?? []);
    if (new Set(tags).size !== tags.length) return 'Multiple definitions for a tag: spec.traffic';
    if (!/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(metadata.name))
      return 'not a DNS 1035 label: metadata.name';
    if (name === undefined) return undefined;
    if (!name.startsWith(`${metadata.name}-`)) return 'must have the name of the service as its prefix';
    const old = before?.spec.template;
    const same = isDeepStrictEqual(old, spec.template);
    if (old?.metadata?.name === name && !same)
      return 'Saw the following changes without a name change (-old +new): spec.template';
    const taken = this.revisions.get(name);
    if (taken && !isDeepStrictEqual(taken.spec, spec.template.spec))
      return `the revision name "${name}" is taken by another`;
    return undefined;
  }

  #latestReady(name: string): string | undefined {
    const ready = [...this.revisions.values()].filter(
      ({ metadata, left, failure }) =>
        metadata.labels?.['serving.knative.dev/service'] === name && left <= 0 && !failure,
    );
    return ready.at(-1)?.metadata.name;
  }

  #shown(revision: Revision, looked = false): object {
    if (looked) revision.left--;
    const { left, failure, metadata, spec } = revision;
    const ready =
      left > 0
        ? { type: 'Ready', status: 'Unknown', reason: 'Deploying' }
        : failure
          ? { type: 'Ready', status: 'False', ...failure }
          : { type: 'Ready', status: 'True' };
    return { kind: 'Revision', metadata, spec, status: { conditions: [ready] } };
  }

  #withStatus(service: Service): Service {
    const { name, generation } = service.metadata;
    const domain = isHidden(service) ? 'svc.cluster.local' : 'example.test';
    const url = (host: string) => `http://${host}.${this.#namespace}.${domain}`;
    const traffic = service.spec.traffic.map((target) => ({
      ...target,
      revisionName: target.revisionName ?? this.#latestReady(name),
      ...(target.tag && { url: url(`${target.tag}-${name}`) }),
    }));
    const good = traffic.every(({ revisionName }) => {
      const revision = this.revisions.get(revisionName ?? '');
      return revision && revision.left <= 0 && !revision.failure;
    });
    return {
      ...service,
      status: {
        observedGeneration: generation,
        url: url(name),
        traffic,
        latestReadyRevisionName: this.#latestReady(name),
        conditions: [{ type: 'RoutesReady', status: good ? 'True' : 'Unknown' }],
      },
    };
  }
}

/** Known within the cluster alone. */
function isHidden({ metadata }: Service): boolean {
  return metadata.labels?.['networking.knative.dev/visibility'] === 'cluster-local';
}

export interface RunningCluster {
  cluster: KnativeCluster;
  /** Of the API. */
  url: string;
  /** Of the ingress. */
  gateway: string;
  close(): Promise<void>;
}

/** Starts API and ingress of a cluster on loopback. */
export async function startKnative(namespace: string): Promise<RunningCluster> {
  const cluster = new KnativeCluster(namespace);
  const api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => cluster.answer(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  const ingress = createServer((request, response) => cluster.ingress(request, response));
  const open = async (server: typeof api): Promise<string> => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  };
  const [url, gateway] = [await open(api), await open(ingress)];
  const close = async (): Promise<void> => {
    for (const server of [api, ingress]) {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    }
  };
  return { cluster, url, gateway, close };
}

function withoutClusterFields({ metadata, ...rest }: Service): object {
  const own = Object.entries(metadata).filter(([name]) => !clusterFields.includes(name));
  return { ...rest, metadata: Object.fromEntries(own) };
}
