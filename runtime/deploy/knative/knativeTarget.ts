import type { DeployedFunction, PreflightFinding, RemoteLogLine } from '../../model/deploy.ts';
import { PorchlightError } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { Archive } from '../../packaging/archive.ts';
import type { PlannedImage } from '../images/imageRequest.ts';
import type { Images } from '../images/images.ts';
import { programProblem } from '../images/programImage.ts';
import { destinationOf, imageMachine } from '../images/settings.ts';
import { listDeployed } from '../listDeployed.ts';
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
import { servingRevision, sharesOf, switched } from './traffic.ts';
import { invokeRevision } from './verify.ts';

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
  readonly #known = new Map<string, Promise<Known>>();
  /** Images as planned, by function; of the package that was looked at last. */
  readonly #planned = new Map<string, PlannedImage>();
  readonly #environments = new Map<string, Record<string, string>>();
  /** Revisions that this deploy made, and how their services were before: only these may be taken back. */
  readonly #made = new Map<string, AppliedRevision>();
  readonly #addresses = new Map<string, string>();

  constructor(options: TargetOptions) {
    this.name = options.name;
    this.#options = options;
  }

  settings(definition: FunctionDefinition, start: Archive['start'] | undefined): Record<string, string> {
    const planned = start && this.#planned.get(definition.name);
    const environment = this.#environments.get(definition.name) ?? {};
    return desiredFields(definition, this.#options.settings, environment, planned);
  }

  machine(): TargetMachine {
    return imageMachine(this.#options.settings);
  }

  async preflight(item: DeployItem): Promise<PreflightFinding[]> {
    const { definition, environment } = item;
    const { settings, images } = this.#options;
    this.#environments.set(definition.name, environment);
    this.#planned.delete(definition.name);
    const destination = destinationOf(this.name, settings, definition);
    const { service } = await this.#look(definition.name);
    let baseProblem: string | undefined;
    let pushProblem: string | undefined;
    const imageProblem = await programProblem(item, settings);
    if (destination && imageProblem === undefined) {
      try {
        const planned = await images.plan(await imageRequest(this.name, item, settings, destination));
        this.#planned.set(definition.name, planned);
        // What is there already need not be pushed.
        const there = this.#noted(service) === planned.tag || (await images.find(planned)) !== undefined;
        if (!there) pushProblem = await images.mayPush(destination);
      } catch (error) {
        if (!(error instanceof PorchlightError) || error.kind !== 'user' || error.code === 'TARGET_SETTING')
          throw error;
        baseProblem = error.message;
      }
    }
    const remoteName = this.#remote(definition.name);
    return preflight(item, { imageProblem, remoteName, destination, service, baseProblem, pushProblem });
  }

  async current(name: string): Promise<CurrentVersion | undefined> {
    const { service, serving } = await this.#look(name);
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
    const planned = await this.#plan(item);
    if (planned === undefined) return false;
    const { service } = await this.#look(item.definition.name);
    return this.#noted(service) === planned.tag || (await this.#options.images.find(planned)) !== undefined;
  }

  async upload(item: DeployItem, signal: AbortSignal): Promise<void> {
    await this.#options.images.provide(await this.#mustPlan(item), signal);
  }

  async create(item: DeployItem, signal: AbortSignal): Promise<string> {
    const { definition } = item;
    const api = await this.#api(definition.name);
    const desired = await this.#desired(item, signal);
    this.#known.delete(definition.name);
    const applied = await applyRevision(api, this.#remote(definition.name), desired, signal);
    if (applied.made) this.#made.set(applied.revision, applied);
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
    const { service, serving } = await this.#look(name);
    const url = service?.status?.url;
    if (url === undefined || !serving) {
      const detail = 'the cluster gives it no address yet. Ask again in a moment.';
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
  ): Promise<string | undefined> {
    const api = await this.#api(name);
    const remote = this.#remote(name);
    this.#known.delete(name);
    const service = await api.find(remote);
    if (!service) throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
    const made = this.#made.get(version);
    // Whatever comes of it, it may serve from here on, and is not taken back.
    this.#made.delete(version);
    try {
      await api.change(service, (looked) => ({
        ...looked,
        metadata: item ? this.#withVisibility(looked) : looked.metadata,
        spec: { ...looked.spec, traffic: switched(looked, version, percent) },
      }));
    } catch (error) {
      if (made && !(await this.#mayServe(api, remote, version))) this.#made.set(version, made);
      throw error;
    }
    try {
      await routesReady(api, remote, { patienceMs: switchPatienceMs });
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return `The service is changed, but calls do not go there yet: ${detail}`;
    }
    const alone = percent < 100 && servingRevision(service) === undefined;
    return alone ? 'It gets all calls, as no other version serves.' : undefined;
  }

  async discard(name: string, version: string): Promise<void> {
    this.#known.delete(name);
    const made = this.#made.get(version);
    if (!made) return;
    this.#made.delete(version);
    await takeBack(await this.#api(name), this.#remote(name), made);
  }

  list(): Promise<DeployedFunction[]> {
    return listDeployed(this, this.#options.context, (name) => this.#versions(name));
  }

  async urls(name: string): Promise<string[]> {
    const { service } = await this.#look(name);
    const url = service?.status?.url;
    return url === undefined ? [] : [url];
  }

  async remove(name: string): Promise<void> {
    this.#known.delete(name);
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

  async #plan(item: DeployItem): Promise<PlannedImage | undefined> {
    const known = this.#planned.get(item.definition.name);
    if (known?.request.archive.hash === item.archive.hash) return known;
    const { settings, images } = this.#options;
    const destination = destinationOf(this.name, settings, item.definition);
    if (!destination || !this.#planned.has(item.definition.name)) return undefined;
    return images.plan(await imageRequest(this.name, item, settings, destination));
  }

  async #mustPlan(item: DeployItem): Promise<PlannedImage> {
    const planned = await this.#plan(item);
    if (planned) return planned;
    throw new PorchlightError('PLAN_UNKNOWN');
  }

  async #desired(item: DeployItem, signal: AbortSignal): Promise<DesiredRevision> {
    const { definition, environment, archive } = item;
    const { settings, images } = this.#options;
    const planned = await this.#mustPlan(item);
    // It was pushed, or it was there: in both cases its registry knows its digest.
    const image = await images.provide(planned, signal);
    const { tag, base } = planned;
    return {
      image: image.reference,
      tag,
      base,
      packageHash: archive.hash,
      definition,
      environment,
      settings,
    };
  }

  /** Tag of the image that serves. */
  #noted(service: KnativeService | undefined): string | undefined {
    return service?.spec.template.metadata?.annotations?.[notes.image];
  }

  /** Service and serving revision in two round trips; again only after something was changed. */
  #look(name: string): Promise<Known> {
    const known = this.#known.get(name);
    if (known) return known;
    const looking = this.#lookNow(name);
    this.#known.set(name, looking);
    return looking;
  }

  async #lookNow(name: string): Promise<Known> {
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

  /** After a change that failed: it may have been made all the same. */
  async #mayServe(api: ServiceApi, remote: string, version: string): Promise<boolean> {
    try {
      const service = await api.find(remote);
      const traffic = service?.spec.traffic ?? [];
      return traffic.some(({ revisionName, percent = 0 }) => revisionName === version && percent > 0);
    } catch {
      // The first failure is told by whoever called; a revision that may serve is kept.
      return true;
    }
  }

  async #versions(name: string): Promise<DeployedFunction['versions']> {
    const { service } = await this.#look(name);
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
