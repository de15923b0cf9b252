import type { DeployedFunction, PreflightFinding, RemoteLogLine } from '../../model/deploy.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { Archive } from '../../packaging/archive.ts';
import { crc64 } from '../../support/crc64.ts';
import { isServedBy, servingOf, type AliasState } from '../aliasMove.ts';
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
import { Zips } from '../zips.ts';
import { findAlias, listAliases, moveAlias } from './alias.ts';
import {
  desiredCallers,
  desiredTexts,
  findCallers,
  provideCallers,
  remoteTexts,
  urlsOf,
  type DesiredCallers,
  type RemoteCallers,
} from './callers.ts';
import { latest, publish, updateCode, type FunctionChange } from './applyFunction.ts';
import { desiredTriggers, type Account } from './desiredTriggers.ts';
import type { Place } from './domains.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { fcWords } from './logWords.ts';
import { readLogs, type LogSource } from './logs.ts';
import { hasObject, objectOf, ossEndpoint, putObject, type PackageBucket } from './oss/packageBucket.ts';
import { largestZip, preflight } from './preflight.ts';
import { configurationOf, desiredFields, glibcOf, remoteFields } from './remoteFunction.ts';
import type { FcSettings } from './settings.ts';
import { removeProvision } from './provision.ts';
import { madeIn } from './madeDomains.ts';
import { listTriggers, removeTrigger } from './triggers.ts';
import { withdrawRoutes } from './withdrawRoutes.ts';
import { invokeVersion, verifyVersion } from './verify.ts';
import { checksumOf, listVersions } from './versions.ts';
import { sentences, type Phrase } from '../../support/l10n.ts';

/** What is known of a function there, from one look. */
interface Known {
  alias?: AliasState | undefined;
  current?: CurrentVersion | undefined;
  /** It is there, but callers of the alias get nothing yet. */
  withoutAlias: boolean;
  callers: RemoteCallers;
}

export interface TargetOptions {
  name: string;
  api: FcApi;
  settings: FcSettings;
  account: Account;
  context: TargetContext;
  /** Where and how logs are read. */
  logs: LogSource;
  /** Largest package that goes with the request itself. */
  directBytes?: number | undefined;
}

/**
 * Functions on Alibaba Cloud Function Compute 3.0. Callers and triggers use an alias: what a deploy changes before it
 * moves the alias (the unpublished state, a new version) concerns nobody, and moving it is one call.
 */
export class AliyunFcTarget implements DeployTarget {
  readonly type = 'aliyun-fc';
  readonly platforms = ['aliyun-fc'];
  readonly remote = true;
  readonly logWords = fcWords;
  readonly name: string;
  readonly #api: FcApi;
  readonly #settings: FcSettings;
  readonly #account: Account;
  readonly #context: TargetContext;
  readonly #logs: LogSource;
  readonly #directBytes: number;
  readonly #zips = new Zips(crc64);
  readonly #known = new Looks<Known>((name) => this.#look(name));
  readonly #made = new MadeVersions();

  constructor({ name, api, settings, account, context, logs, directBytes = largestZip }: TargetOptions) {
    this.name = name;
    this.#api = api;
    this.#settings = settings;
    this.#account = account;
    this.#context = context;
    this.#logs = logs;
    this.#directBytes = directBytes;
  }

  settings(definition: FunctionDefinition, start: Archive['start'] | undefined): Record<string, string> {
    return {
      ...desiredFields(definition, start, this.#settings),
      ...desiredTexts(this.#callers(definition)),
    };
  }

  machine({ runtime }: FunctionDefinition): TargetMachine {
    const glibc = glibcOf(runtime);
    return { os: 'linux', architecture: 'x86_64', libc: 'glibc', ...(glibc !== undefined && { glibc }) };
  }

  async preflight(item: DeployItem): Promise<PreflightFinding[]> {
    const { name } = item.definition;
    const [{ bytes }, known] = await Promise.all([this.#zips.facts(item.archive), this.#known.of(name)]);
    return preflight(item, {
      settings: this.#settings,
      remoteName: this.#remote(name),
      zippedBytes: bytes,
      adopted: known.withoutAlias,
      directBytes: this.#directBytes,
      desired: this.#callers(item.definition),
      callers: known.callers,
    });
  }

  async current(name: string): Promise<CurrentVersion | undefined> {
    return (await this.#known.of(name)).current;
  }

  async packageHash(archive: Archive): Promise<string> {
    return (await this.#zips.facts(archive)).digest;
  }

  async hasPackage({ definition, archive }: DeployItem): Promise<boolean> {
    const { digest: checksum, bytes } = await this.#zips.facts(archive);
    if ((await this.#known.of(definition.name)).current?.packageHash === checksum) return true;
    const bucket = this.#bucketFor(bytes);
    if (!bucket) return false;
    return hasObject(this.#api, bucket, objectOf(await this.#zips.bytes(archive)), checksum);
  }

  async upload(item: DeployItem, signal: AbortSignal): Promise<void> {
    const change = await this.#change(item);
    if ('ossObjectName' in change.code) {
      const zip = await this.#zips.bytes(item.archive);
      return putObject(this.#api, this.#bucketFor(zip.length)!, change.code.ossObjectName, zip, signal);
    }
    // A function that is not there yet is sent when it is made.
    const now = await latest(this.#api, change.name, signal);
    if (now) await updateCode(this.#api, change, now, signal);
  }

  async create(item: DeployItem, signal: AbortSignal): Promise<string> {
    const { name } = item.definition;
    const { version, made } = await publish(this.#api, await this.#change(item), signal);
    // Nothing is published where nothing changed since: then it is a version that may have served.
    if (made) this.#made.add(name, version, true);
    return version;
  }

  verify({ definition, event }: DeployItem, version: string, signal: AbortSignal): Promise<Verification> {
    const { name, timeoutMs } = definition;
    const call = { name: this.#remote(name), version, event: event.bytes, timeoutMs };
    return verifyVersion(this.#api, call, signal);
  }

  invoke({ name, ...call }: DeployedCall, signal: AbortSignal): Promise<Verification> {
    const { alias } = this.#settings;
    return invokeVersion(this.#api, { ...call, name: this.#remote(name), version: alias }, signal);
  }

  async switchTo(
    name: string,
    version: string,
    { item, percent = 100 }: SwitchOptions = {},
  ): Promise<string | Phrase | undefined> {
    const { callers } = await this.#known.of(name);
    this.#known.forget(name);
    const place = this.#place(name);
    const note = await this.#made.serve(
      name,
      version,
      () => moveAlias(this.#api, place, version, percent),
      async () => isServedBy(await findAlias(this.#api, place), version),
    );
    const problems = item
      ? await provideCallers(this.#api, place, this.#callers(item.definition), callers)
      : [];
    return sentences([note, ...problems]);
  }

  async discard(name: string, version: string): Promise<void> {
    this.#known.forget(name);
    if (!this.#made.take(name, version)) return;
    const path = functionPath(this.#remote(name), 'versions', version);
    await this.#api.remove({ operation: 'DeleteFunctionVersion', path });
  }

  list(): Promise<DeployedFunction[]> {
    return listDeployed(this, this.#context, (name) => this.#versions(name));
  }

  async readLogs(name: string, since: number, signal: AbortSignal): Promise<RemoteLogLine[]> {
    const found = await this.#api.findFunction(this.#remote(name), undefined, signal);
    return found ? readLogs(this.#logs, found, since, signal) : [];
  }

  async urls(name: string): Promise<string[]> {
    return urlsOf((await this.#known.of(name)).callers, this.#place(name));
  }

  /** What belongs to a function goes first: the cloud keeps a function that still has some of it. */
  async remove(name: string): Promise<void> {
    this.#known.forget(name);
    const remote = this.#remote(name);
    const aliases = await listAliases(this.#api, remote);
    const made = aliases.flatMap(({ description }) => madeIn(description));
    await withdrawRoutes(this.#api, remote, made);
    for (const { triggerName } of await listTriggers(this.#api, remote))
      await removeTrigger(this.#api, remote, triggerName);
    for (const { aliasName: alias } of aliases) {
      await removeProvision(this.#api, { name: remote, alias });
      await this.#api.remove({ operation: 'DeleteAlias', path: functionPath(remote, 'aliases', alias) });
    }
    for (const { versionId } of await listVersions(this.#api, remote)) {
      const path = functionPath(remote, 'versions', versionId);
      await this.#api.remove({ operation: 'DeleteFunctionVersion', path });
    }
    await this.#api.remove({ operation: 'DeleteFunction', path: functionPath(remote) });
  }

  #remote(name: string): string {
    return `${this.#settings.prefix}${name}`;
  }

  #place(name: string): Place {
    return { name: this.#remote(name), alias: this.#settings.alias };
  }

  #callers(definition: FunctionDefinition): DesiredCallers {
    return desiredCallers(definition, desiredTriggers(definition, this.#settings, this.#account));
  }

  /** Alias, function and triggers in one round trip. */
  async #look(name: string): Promise<Known> {
    const place = this.#place(name);
    // A function that the project has no longer is only listed: nothing of it is compared.
    const definition = (await this.#context.functions()).find((one) => one.name === name);
    const desired = definition
      ? this.#callers(definition)
      : { triggers: [], routes: [], left: [], provision: undefined };
    const [alias, served, callers] = await Promise.all([
      findAlias(this.#api, place),
      this.#api.findFunction(place.name, place.alias),
      findCallers(this.#api, place, desired),
    ]);
    if (!alias || !served)
      return { withoutAlias: (await this.#api.findFunction(place.name)) !== undefined, callers };
    return {
      alias,
      withoutAlias: false,
      callers,
      current: {
        version: alias.version,
        packageHash: served.codeChecksum ?? '',
        settings: {
          ...remoteFields(served, this.#settings),
          ...remoteTexts(callers, desired, place),
        },
        environment: { ...served.environmentVariables },
      },
    };
  }

  async #change({ definition, environment, archive }: DeployItem): Promise<FunctionChange> {
    const { digest: checksum, bytes } = await this.#zips.facts(archive);
    const zip = await this.#zips.bytes(archive);
    const bucket = this.#bucketFor(bytes);
    return {
      name: this.#remote(definition.name),
      configuration: configurationOf(definition, archive.start, environment, this.#settings),
      code: bucket ? { ossBucketName: bucket.name, ossObjectName: objectOf(zip) } : { zip },
      checksum,
    };
  }

  /** Where a package goes that is too large for a request. */
  #bucketFor(bytes: number): PackageBucket | undefined {
    const { bucket: name, ossEndpoint: endpoint } = this.#settings;
    const { region } = this.#account;
    if (name === undefined || bytes <= this.#directBytes) return undefined;
    return { name, region, endpoint: endpoint ?? ossEndpoint(region) };
  }

  async #versions(name: string): Promise<DeployedFunction['versions']> {
    const [{ alias, current }, versions] = await Promise.all([
      this.#known.of(name),
      listVersions(this.#api, this.#remote(name)),
    ]);
    return versions.map((version) => ({
      version: version.versionId,
      packageHash: version.versionId === current?.version ? current.packageHash : checksumOf(version),
      createdAt: Date.parse(version.createdTime ?? '') || 0,
      ...servingOf(alias, version.versionId),
    }));
  }
}
