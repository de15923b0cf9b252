import type { DeployedFunction, PreflightFinding, RemoteLogLine } from '../../model/deploy.ts';
import { PorchlightError, saidOf } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { Archive } from '../../packaging/archive.ts';
import type { Images } from '../images/images.ts';
import { ItemImages } from '../images/itemImages.ts';
import { destinationOf, imageMachine } from '../images/settings.ts';
import { listDeployed } from '../listDeployed.ts';
import { Looks } from '../looks.ts';
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
import type { FunctionStatus } from './answers.ts';
import { desiredSettings, fieldsOf, remoteSettings, type FunctionDeployment } from './deployment.ts';
import type { GatewayApi } from './gatewayApi.ts';
import { hasImage, imageRequest } from './image.ts';
import { preflight } from './preflight.ts';
import { provide } from './provide.ts';
import {
  fingerprint,
  newestFirst,
  nextVersion,
  readRecords,
  recordAnnotations,
  type VersionRecord,
  type VersionRecords,
} from './record.ts';
import type { OpenFaasSettings } from './settings.ts';
import { isTrialOf, removeTrial, startTrial, trialName } from './trial.ts';
import { invokeFunction } from './verify.ts';
import { sentences, phrase, type Phrase } from '../../support/l10n.ts';

/** How long replicas of a new version may take after it was switched to, in milliseconds. */
const rolloutMs = 120_000;

/** What is known of a function there, from one look. */
interface Known {
  status: FunctionStatus | undefined;
  records: VersionRecords | undefined;
  /** The function that has the name of a trial. */
  trial: FunctionStatus | undefined;
}

/** A version that was made and is tried. */
interface Made {
  record: VersionRecord;
  deployment: FunctionDeployment;
  /** What served when it was made: whoever changed that meanwhile is not overwritten. */
  over: string | undefined;
}

export interface TargetOptions {
  name: string;
  api: GatewayApi;
  images: Images;
  settings: OpenFaasSettings;
  context: TargetContext;
}

/**
 * Functions on OpenFaaS. A gateway has no versions: a new one is deployed under a second name (`NAME-next`) and asked
 * there, and only then the function itself is changed, in one call. What served before is kept in its annotations, by
 * the digest of its image.
 */
export class OpenFaasTarget implements DeployTarget {
  readonly type = 'openfaas';
  readonly platforms = ['openfaas'];
  readonly remote = true;
  readonly wholeOnly = true;
  readonly name: string;
  readonly #api: GatewayApi;
  readonly #images: ItemImages;
  readonly #settings: OpenFaasSettings;
  readonly #context: TargetContext;
  readonly #known = new Looks<Known>((name) => this.#look(name));
  readonly #made = new Map<string, Made>();
  readonly #namespaces = new Map<string, string | undefined>();

  constructor({ name, api, images, settings, context }: TargetOptions) {
    this.name = name;
    this.#api = api;
    this.#settings = settings;
    this.#images = new ItemImages({
      images,
      settings,
      destination: (definition) =>
        destinationOf(name, settings, { ...definition, name: this.#remote(definition.name) }),
      takes: hasImage,
      request: (item, destination) => imageRequest(item, { target: name, settings, destination }),
    });
    this.#context = context;
  }

  settings(definition: FunctionDefinition): Record<string, string> {
    return fieldsOf(desiredSettings(definition), definition.timeoutMs);
  }

  machine(): TargetMachine {
    return imageMachine(this.#settings);
  }

  async preflight(item: DeployItem): Promise<PreflightFinding[]> {
    const { definition } = item;
    const remoteName = this.#remote(definition.name);
    const namespace = await this.#namespace(definition.name);
    const hasSecrets = (definition.container?.secrets.length ?? 0) > 0;
    const known = this.#known.of(definition.name);
    const [{ trial, records }, secrets, namespaces, image] = await Promise.all([
      known,
      hasSecrets ? this.#api.secrets(namespace) : undefined,
      namespace === undefined ? undefined : this.#api.namespaces(),
      known.then((looked) => this.#images.look(item, looked.records?.current.package)),
    ]);
    return preflight(item, {
      ...image,
      gateway: this.#api.gateway,
      remoteName,
      namespace,
      adopted: records?.current.version === '0',
      trialTaken: trial !== undefined && !isTrialOf(trial, remoteName),
      secrets,
      namespaces,
    });
  }

  async current(name: string): Promise<CurrentVersion | undefined> {
    const { status, records, trial } = await this.#known.of(name);
    if (!status || !records) return undefined;
    const { current } = records;
    const remoteName = this.#remote(name);
    const settings = fieldsOf(remoteSettings(status, current.settings), current.timeoutMs);
    // What an interrupted deploy left is taken away by the next one, which therefore has something to do.
    const left = trial && isTrialOf(trial, remoteName) ? { interrupted: trialName(remoteName) } : {};
    return {
      version: current.version,
      packageHash: current.package,
      settings: { ...settings, ...left },
      environment: variablesOf(status),
    };
  }

  packageHash(archive: Archive): Promise<string> {
    return Promise.resolve(this.#images.of(archive)?.tag ?? archive.hash);
  }

  async hasPackage(item: DeployItem): Promise<boolean> {
    const { records } = await this.#known.of(item.definition.name);
    return this.#images.has(item, records?.current.package);
  }

  async upload(item: DeployItem, signal: AbortSignal): Promise<void> {
    await this.#images.provide(item, signal);
  }

  async create(item: DeployItem, signal: AbortSignal): Promise<string> {
    const { definition, environment } = item;
    const { name } = definition;
    // It may be gone from the registry since it was deployed.
    const image = await this.#images.provide(item, signal);
    this.#known.forget(name);
    const { records } = await this.#known.of(name);
    const settings = desiredSettings(definition);
    const record: VersionRecord = {
      version: records ? nextVersion(records) : '1',
      image: image.reference,
      package: image.tag,
      createdAt: Date.now(),
      timeoutMs: definition.timeoutMs,
      environment: fingerprint(environment),
      settings,
    };
    const deployment = await this.#deployment(name, record, environment);
    try {
      await startTrial(this.#api, deployment, signal);
    } catch (error) {
      await this.#withoutTrial(name);
      throw error;
    }
    this.#made.set(name, { record, deployment, over: records?.current.image });
    return record.version;
  }

  async verify(
    { definition, event: { bytes: event } }: DeployItem,
    _version: string,
    signal: AbortSignal,
  ): Promise<Verification> {
    const { name, timeoutMs } = definition;
    const called = await this.#address(name, trialName(this.#remote(name)));
    const call = { name: called, event, timeoutMs, fresh: true };
    return withWarmTime(() => invokeFunction(this.#api, call, signal));
  }

  async invoke({ name, ...call }: DeployedCall, signal: AbortSignal): Promise<Verification> {
    const called = await this.#address(name, this.#remote(name));
    return invokeFunction(this.#api, { ...call, name: called, fresh: false }, signal);
  }

  async switchTo(
    name: string,
    version: string,
    { item }: SwitchOptions = {},
  ): Promise<string | Phrase | undefined> {
    this.#known.forget(name);
    const { status, records } = await this.#known.of(name);
    this.#known.forget(name);
    const made = item && this.#made.get(name);
    if (made && records?.current.image !== made.over)
      throw new PorchlightError('DEPLOY_OVERTAKEN', { function: name });
    const { deployment, record, note } = made
      ? { ...made, note: undefined }
      : await this.#earlier(name, version, status, records);
    const others = records ? [records.current, ...records.others] : [];
    const annotations = { ...deployment.annotations, ...recordAnnotations(record, others) };
    await provide(this.#api, { ...deployment, annotations });
    // It serves: whatever happens now, it is not taken back.
    this.#made.delete(name);
    const notes = [note, await this.#rolledOut(name), await this.#withoutTrial(name)];
    return sentences(notes);
  }

  async discard(name: string): Promise<void> {
    this.#known.forget(name);
    if (!this.#made.delete(name)) return;
    await removeTrial(this.#api, this.#remote(name), await this.#namespace(name));
  }

  list(): Promise<DeployedFunction[]> {
    return listDeployed(this, this.#context, (name) => this.#versions(name));
  }

  async readLogs(name: string, since: number, signal: AbortSignal): Promise<RemoteLogLine[]> {
    return this.#api.logs(
      { name: this.#remote(name), namespace: await this.#namespace(name), since },
      signal,
    );
  }

  async urls(name: string): Promise<string[]> {
    const { status } = await this.#known.of(name);
    if (!status) return [];
    return [`${this.#api.gateway}/function/${await this.#address(name, this.#remote(name))}`];
  }

  async remove(name: string): Promise<void> {
    this.#known.forget(name);
    const namespace = await this.#namespace(name);
    await removeTrial(this.#api, this.#remote(name), namespace);
    await this.#api.remove(this.#remote(name), namespace);
  }

  #remote(name: string): string {
    return `${this.#settings.prefix}${name}`;
  }

  /** The name by which addresses have a function. */
  async #address(name: string, remoteName: string): Promise<string> {
    const namespace = await this.#namespace(name);
    return namespace === undefined ? remoteName : `${remoteName}.${namespace}`;
  }

  /** As the target or the project says it; undefined: the gateway's own. */
  async #namespace(name: string): Promise<string | undefined> {
    if (this.#settings.namespace !== undefined) return this.#settings.namespace;
    if (!this.#namespaces.has(name)) {
      const definition = (await this.#context.functions()).find((each) => each.name === name);
      this.#namespaces.set(name, definition?.namespace);
    }
    return this.#namespaces.get(name);
  }

  /** Function and trial in one round trip. */
  async #look(name: string): Promise<Known> {
    const remoteName = this.#remote(name);
    const namespace = await this.#namespace(name);
    const [status, trial] = await Promise.all([
      this.#api.find(remoteName, namespace),
      this.#api.find(trialName(remoteName), namespace),
    ]);
    const records = status && readRecords(status, remoteSettings(status, undefined));
    return { status, records, trial };
  }

  async #deployment(
    name: string,
    { image, settings }: VersionRecord,
    envVars: Record<string, string>,
  ): Promise<FunctionDeployment> {
    const namespace = await this.#namespace(name);
    const service = this.#remote(name);
    return { service, image, ...(namespace !== undefined && { namespace }), envVars, ...settings };
  }

  /** A version that served before, as it was; its variables are those of now, as their values are kept nowhere else. */
  async #earlier(
    name: string,
    version: string,
    status: FunctionStatus | undefined,
    records: VersionRecords | undefined,
  ): Promise<{ deployment: FunctionDeployment; record: VersionRecord; note: Phrase | undefined }> {
    const record = [...(records?.others ?? []), ...(records ? [records.current] : [])].find(
      (each) => each.version === version,
    );
    if (!status || !record) {
      throw new PorchlightError('VERSION_UNKNOWN', { function: name, version, target: this.name });
    }
    if (!status.envVars) {
      const detail = phrase(
        'the gateway does not tell its variables, which a roll-back would lose. Deploy the earlier code.',
      );
      throw new PorchlightError('TARGET_OBJECTS', { function: name, detail });
    }
    const variables = variablesOf(status);
    const note =
      fingerprint(variables) === record.environment
        ? undefined
        : phrase('Its variables are not those of version {version}: they stay as they are now.', { version });
    return { deployment: await this.#deployment(name, record, variables), record, note };
  }

  /** Waits until a version has replicas. It is served in any case: what has not come yet is only told. */
  async #rolledOut(name: string): Promise<Phrase | undefined> {
    const since = Date.now();
    try {
      for (let attempt = 0; ; attempt++) {
        const { status } = await this.#known.of(name);
        this.#known.forget(name);
        // Scaled to nothing, it starts with the next call.
        if (status?.replicas === 0 || (status?.availableReplicas ?? 0) > 0) return undefined;
        if (Date.now() - since > rolloutMs) break;
        await this.#api.pause(attempt);
      }
      return phrase('It has no replica yet after {seconds} s.', { seconds: rolloutMs / 1000 });
    } catch (error) {
      return phrase('Whether it has replicas could not be read: {detail}', { detail: saidOf(error) });
    }
  }

  /** Takes the trial away; what stands in the way is told, and the next deploy does it. */
  async #withoutTrial(name: string): Promise<Phrase | undefined> {
    const remoteName = this.#remote(name);
    try {
      await removeTrial(this.#api, remoteName, await this.#namespace(name));
      return undefined;
    } catch (error) {
      return phrase('{trial}, as which it was tried, is still there: {detail} Deploy again to complete it.', {
        trial: trialName(remoteName),
        detail: saidOf(error),
      });
    }
  }

  async #versions(name: string): Promise<DeployedFunction['versions']> {
    const { records } = await this.#known.of(name);
    if (!records) return [];
    return newestFirst([records.current, ...records.others]).map((record) => ({
      version: record.version,
      packageHash: record.package,
      createdAt: record.createdAt,
      // Only what has answered is switched to.
      verified: true,
      current: record.version === records.current.version,
    }));
  }
}

/** Variables as they were deployed; the process is told among them by some providers. */
function variablesOf({ envVars = {}, envProcess }: FunctionStatus): Record<string, string> {
  if (!envProcess || envVars['fprocess'] !== envProcess) return { ...envVars };
  const { fprocess: _process, ...variables } = envVars;
  return variables;
}
