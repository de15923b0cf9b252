import type { DeployedFunction, PreflightFinding, RemoteLogLine } from '../../model/deploy.ts';
import { PorchlightError, saidOf } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { Archive } from '../../packaging/archive.ts';
import type { Images } from '../images/images.ts';
import { ItemImages } from '../images/itemImages.ts';
import { destinationOf, imageMachine } from '../images/settings.ts';
import { listDeployed } from '../listDeployed.ts';
import { Looks } from '../looks.ts';
import { MadeVersions } from '../madeVersions.ts';
import type {
  CurrentVersion,
  DeployedCall,
  DeployItem,
  DeployTarget,
  SwitchOptions,
  TargetMachine,
  Verification,
} from '../target.ts';
import type { TargetContext } from '../targetContext.ts';
import { withWarmTime } from '../warmTime.ts';
import { applyRevision, takeBack, type AppliedRevision } from './applyRevision.ts';
import {
  desiredFields,
  notes,
  remoteEnvironment,
  remoteFields,
  visibilityLabel,
  type DesiredRevision,
} from './desiredRevision.ts';
import { imageRequest } from './imageOfFunction.ts';
import { conditionOf, type KnativeRevision, type KnativeService } from './objects.ts';
import { readPodLogs } from './podLogs.ts';
import { preflight } from './preflight.ts';
import { routesReady } from './ready.ts';
import { madeAt, nameOf, type ServiceApi } from './serviceApi.ts';
import type { KnativeSettings } from './settings.ts';
import { isSentTo, servingRevision, sharesOf, switched } from './traffic.ts';
import { invokeRevision } from './verify.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** Routes follow within this time, or it is told that they do not, in milliseconds. */
const switchPatienceMs = 60_000;

/** What is known of a function there, from one look. */
interface Known {
  service?: KnativeService | undefined;
  /** The revision that most calls go to. */
  serving?: KnativeRevision | undefined;
}

export interface TargetOptions {
  name: string;
  /** Of a namespace; absent: of the one that is stated, or the context's. */
  api(namespace: string | undefined): ServiceApi;
  images: Images;
  settings: KnativeSettings;
  context: TargetContext;
}

/**
 * Functions as services of Knative, in images. Calls go to a revision by name: what a deploy does before it moves them (an image in
 * the registry, a new revision that has an address of its own) concerns nobody, and moving them is one change of the service.
 */
export class KnativeTarget implements DeployTarget {
  readonly type = 'knative';
  readonly platforms = ['knative'];
  readonly remote = true;
  readonly name: string;
  readonly #options: TargetOptions;
  readonly #images: ItemImages;
  readonly #known = new Looks<Known>((name) => this.#look(name));
  readonly #environments = new Map<string, Record<string, string>>();
  /** With how their services were before. */
  readonly #made = new MadeVersions<AppliedRevision>();
  readonly #addresses = new Map<string, string>();

  constructor(options: TargetOptions) {
    const { name, images, settings } = options;
    this.name = name;
    this.#options = options;
    this.#images = new ItemImages({
      images,
      settings,
      destination: (definition) => destinationOf(name, settings, definition),
      request: (item, destination) => imageRequest(name, item, settings, destination),
    });
  }

  settings(definition: FunctionDefinition, start: Archive['start'] | undefined): Record<string, string> {
    const planned = start && this.#images.latest(definition.name);
    const environment = this.#environments.get(definition.name) ?? {};
    return desiredFields(definition, this.#options.settings, environment, planned);
  }

  machine(): TargetMachine {
    return imageMachine(this.#options.settings);
  }

  async preflight(item: DeployItem): Promise<PreflightFinding[]> {
    const { name } = item.definition;
    this.#environments.set(name, item.environment);
    const { service } = await this.#known.of(name);
    const image = await this.#images.look(item, notedImage(service));
    return preflight(item, { ...image, remoteName: this.#remote(name), service });
  }

  async current(name: string): Promise<CurrentVersion | undefined> {
    const { service, serving } = await this.#known.of(name);
    if (!service || !serving) return undefined;
    const { settings } = this.#options;
    return {
      version: nameOf(serving),
      packageHash: serving.metadata.annotations?.[notes.package] ?? '',
      settings: remoteFields(serving, service.metadata.labels, settings),
      environment: remoteEnvironment(serving),
    };
  }

  packageHash(archive: Archive): Promise<string> {
    return Promise.resolve(archive.hash);
  }

  async hasPackage(item: DeployItem): Promise<boolean> {
    const { service } = await this.#known.of(item.definition.name);
    return this.#images.has(item, notedImage(service));
  }

  async upload(item: DeployItem, signal: AbortSignal): Promise<void> {
    await this.#images.provide(item, signal);
  }

  async create(item: DeployItem, signal: AbortSignal): Promise<string> {
    const { definition } = item;
    const api = await this.#api(definition.name);
    const desired = await this.#desired(item, signal);
    this.#known.forget(definition.name);
    const applied = await applyRevision(api, this.#remote(definition.name), desired, signal);
    if (applied.made) this.#made.add(definition.name, applied.revision, applied);
    this.#addresses.set(applied.revision, applied.url);
    return applied.revision;
  }

  async verify(
    { definition, event: { bytes: event } }: DeployItem,
    version: string,
    signal: AbortSignal,
  ): Promise<Verification> {
    const { gateway } = this.#options.settings;
    const { timeoutMs, name } = definition;
    const url = this.#addresses.get(version)!;
    const api = await this.#api(name);
    const call = { revision: version, url, gateway, event, timeoutMs, fresh: true };
    return withWarmTime(() => invokeRevision(api, call, signal));
  }

  /** At the address of the service: which version answers is the cluster's to say. */
  async invoke({ name, event, timeoutMs }: DeployedCall, signal: AbortSignal): Promise<Verification> {
    const { service, serving } = await this.#known.of(name);
    const url = service?.status?.url;
    if (url === undefined || !serving) {
      const detail = phrase('the cluster gives it no address yet. Ask again in a moment.');
      throw new PorchlightError('TARGET_OBJECTS', { function: name, detail });
    }
    const { gateway } = this.#options.settings;
    const call = { revision: nameOf(serving), url, gateway, event, timeoutMs, fresh: false };
    return invokeRevision(await this.#api(name), call, signal);
  }

  async readLogs(name: string, since: number, signal: AbortSignal): Promise<RemoteLogLine[]> {
    return readPodLogs(await this.#api(name), { service: this.#remote(name), since }, signal);
  }

  async switchTo(
    name: string,
    version: string,
    { item, percent = 100 }: SwitchOptions = {},
  ): Promise<Phrase | undefined> {
    const api = await this.#api(name);
    const remote = this.#remote(name);
    this.#known.forget(name);
    const service = await api.find(remote);
    if (!service) throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
    const change = (looked: KnativeService): KnativeService => ({
      ...looked,
      metadata: item ? this.#withVisibility(looked) : looked.metadata,
      spec: { ...looked.spec, traffic: switched(looked, version, percent) },
    });
    await this.#made.serve(
      name,
      version,
      () => api.change(service, change),
      async () => isSentTo(await api.find(remote), version),
    );
    try {
      await routesReady(api, remote, { patienceMs: switchPatienceMs });
    } catch (error) {
      return phrase('The service is changed, but calls do not go there yet: {detail}', {
        detail: saidOf(error),
      });
    }
    const alone = percent < 100 && servingRevision(service) === undefined;
    return alone ? phrase('It gets all calls, as no other version serves.') : undefined;
  }

  async discard(name: string, version: string): Promise<void> {
    this.#known.forget(name);
    const made = this.#made.take(name, version);
    if (made) await takeBack(await this.#api(name), this.#remote(name), made);
  }

  list(): Promise<DeployedFunction[]> {
    return listDeployed(this, this.#options.context, (name) => this.#versions(name));
  }

  async urls(name: string): Promise<string[]> {
    const { service } = await this.#known.of(name);
    const url = service?.status?.url;
    return url === undefined ? [] : [url];
  }

  async remove(name: string): Promise<void> {
    this.#known.forget(name);
    await (await this.#api(name)).remove(this.#remote(name));
  }

  #remote(name: string): string {
    return `${this.#options.settings.prefix}${name}`;
  }

  /** Of the namespace that the target states, or the function's own file. */
  async #api(name: string): Promise<ServiceApi> {
    const { settings, context, api } = this.#options;
    if (settings.namespace !== undefined) return api(settings.namespace);
    const definition = (await context.functions()).find((one) => one.name === name);
    return api(definition?.namespace);
  }

  async #desired(item: DeployItem, signal: AbortSignal): Promise<DesiredRevision> {
    const { definition, environment, archive } = item;
    const { settings } = this.#options;
    const { reference: image, tag } = await this.#images.provide(item, signal);
    const base = this.#images.of(archive)!.base;
    return { image, tag, base, packageHash: archive.hash, definition, environment, settings };
  }

  /** Service and serving revision in two round trips. */
  async #look(name: string): Promise<Known> {
    const api = await this.#api(name);
    const service = await api.find(this.#remote(name));
    const serving = service && servingRevision(service);
    return { service, serving: serving === undefined ? undefined : await api.findRevision(serving) };
  }

  #withVisibility({ metadata }: KnativeService): KnativeService['metadata'] {
    const { [visibilityLabel]: _label, ...labels } = metadata.labels ?? {};
    const hidden = this.#options.settings.visibility === 'cluster';
    return { ...metadata, labels: { ...labels, ...(hidden && { [visibilityLabel]: 'cluster-local' }) } };
  }

  async #versions(name: string): Promise<DeployedFunction['versions']> {
    const { service } = await this.#known.of(name);
    if (!service) return [];
    const current = servingRevision(service);
    const shares = sharesOf(service);
    const revisions = await (await this.#api(name)).revisions(this.#remote(name));
    return revisions.map((revision) => ({
      version: nameOf(revision),
      packageHash: revision.metadata.annotations?.[notes.package] ?? '',
      createdAt: madeAt(revision),
      // Those that did not answer were taken away again; one that is not ready would serve nothing.
      verified: conditionOf(revision, 'Ready')?.status !== 'False',
      current: nameOf(revision) === current,
      ...(shares.has(nameOf(revision)) && { percent: shares.get(nameOf(revision))! }),
    }));
  }
}

/** Tag of the image that serves. */
function notedImage(service: KnativeService | undefined): string | undefined {
  return service?.spec.template.metadata?.annotations?.[notes.image];
}
