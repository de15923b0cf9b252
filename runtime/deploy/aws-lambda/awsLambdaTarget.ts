import { createHash } from 'node:crypto';
import type { DeployedFunction, PreflightFinding, RemoteLogLine } from '../../model/deploy.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { Archive } from '../../packaging/archive.ts';
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
import { servedIn, withServed } from '../servedVersions.ts';
import type { TargetContext } from '../targetContext.ts';
import { Zips } from '../zips.ts';
import { latest, publish, updateCode, type CodeSource, type FunctionChange } from './applyFunction.ts';
import { findUrl, provideUrl, type RemoteUrl } from './functionUrl.ts';
import type { LambdaApi } from './lambdaApi.ts';
import { directUploadBytes, preflight } from './preflight.ts';
import { readLogs } from './logs.ts';
import { configurationOf, desiredFields, glibcOf, remoteFields, urlAuth } from './remoteFunction.ts';
import { roleObjection } from './role.ts';
import { hasObject, putObject } from './s3.ts';
import type { AwsSettings } from './settings.ts';
import { desiredTriggers, type DesiredTriggers } from './triggers/desiredTriggers.ts';
import {
  desiredTexts,
  findTriggers,
  provideTriggers,
  remoteTexts,
  removeTriggers,
  type RemoteTriggers,
} from './triggers/remoteTriggers.ts';
import { invokeVersion, verifyVersion } from './verify.ts';

/** What is known of a function there, from one look. */
interface Known {
  current?: CurrentVersion | undefined;
  /** It is there, but callers of the alias get nothing yet. */
  withoutAlias: boolean;
  url?: RemoteUrl | undefined;
  triggers: RemoteTriggers;
}

export interface TargetOptions {
  name: string;
  api: LambdaApi;
  settings: AwsSettings;
  context: TargetContext;
  /** Largest package that goes with the request itself. */
  directBytes?: number | undefined;
}

/**
 * Functions on AWS Lambda. Callers use an alias: what a deploy changes before it moves the alias (`$LATEST`, a new
 * published version) concerns nobody, and moving it is one call.
 */
export class AwsLambdaTarget implements DeployTarget {
  readonly type = 'aws-lambda';
  readonly platforms = ['aws-lambda'];
  readonly remote = true;
  readonly name: string;
  readonly #api: LambdaApi;
  readonly #settings: AwsSettings;
  readonly #context: TargetContext;
  readonly #directBytes: number;
  readonly #zips = new Zips((bytes) => createHash('sha256').update(bytes).digest('base64'));
  readonly #known = new Map<string, Promise<Known>>();
  /** Number of the account, once the role or a function says it. */
  #accountId: string | undefined;
  #role: Promise<string | undefined> | undefined;
  /** Versions that this deploy made: only these may be taken back. */
  readonly #made = new Set<string>();

  constructor({ name, api, settings, context, directBytes = directUploadBytes }: TargetOptions) {
    this.name = name;
    this.#api = api;
    this.#settings = settings;
    this.#context = context;
    this.#directBytes = directBytes;
    this.#accountId = accountIn(settings.role);
  }

  settings(definition: FunctionDefinition, start: Archive['start'] | undefined): Record<string, string> {
    return {
      ...desiredFields(definition, start, this.#settings),
      ...desiredTexts(this.#triggers(definition.name, definition)),
    };
  }

  machine({ runtime }: FunctionDefinition): TargetMachine {
    const glibc = glibcOf(runtime);
    const { architecture } = this.#settings;
    return { os: 'linux', architecture, libc: 'glibc', ...(glibc !== undefined && { glibc }) };
  }

  async preflight(item: DeployItem): Promise<PreflightFinding[]> {
    const { name } = item.definition;
    const [{ bytes }, known] = await Promise.all([this.#zips.facts(item.archive), this.#look(name)]);
    return preflight(item, {
      roleObjection: () => this.#roleObjection(),
      settings: this.#settings,
      directBytes: this.#directBytes,
      remoteName: this.#remote(name),
      zippedBytes: bytes,
      exists: known.current !== undefined || known.withoutAlias,
      adopted: known.withoutAlias,
      desired: this.#triggers(name, item.definition),
      triggers: known.triggers,
    });
  }

  async current(name: string): Promise<CurrentVersion | undefined> {
    return (await this.#look(name)).current;
  }

  async packageHash(archive: Archive): Promise<string> {
    return (await this.#zips.facts(archive)).digest;
  }

  async hasPackage({ definition, archive }: DeployItem): Promise<boolean> {
    const { digest: sha256, bytes } = await this.#zips.facts(archive);
    const { current } = await this.#look(definition.name);
    if (current?.packageHash === sha256) return true;
    const { bucket } = this.#settings;
    return bucket !== undefined && bytes > this.#directBytes && hasObject(this.#api, bucket, keyOf(sha256));
  }

  async upload(item: DeployItem, signal: AbortSignal): Promise<void> {
    const change = await this.#change(item);
    if ('S3Bucket' in change.code) {
      return putObject(this.#api, change.code, await this.#zips.bytes(item.archive), signal);
    }
    // A function that is not there yet is sent when it is made.
    const now = await latest(this.#api, change.name, signal);
    if (now) await updateCode(this.#api, change, now, signal);
  }

  async create(item: DeployItem, signal: AbortSignal): Promise<string> {
    const { name } = item.definition;
    const before = (await this.#versions(name)).map(({ version }) => version);
    const version = await publish(this.#api, await this.#change(item), signal);
    // Nothing is published where nothing changed since: then it is a version that may have served.
    if (!before.includes(version)) this.#made.add(`${name}:${version}`);
    return version;
  }

  verify({ definition, event }: DeployItem, version: string, signal: AbortSignal): Promise<Verification> {
    const call = { name: this.#remote(definition.name), version, event: event.bytes };
    return verifyVersion(this.#api, call, signal);
  }

  invoke({ name, event }: DeployedCall, signal: AbortSignal): Promise<Verification> {
    const call = { name: this.#remote(name), version: this.#settings.alias, event };
    return invokeVersion(this.#api, call, signal);
  }

  async switchTo(
    name: string,
    version: string,
    { item, percent = 100 }: SwitchOptions = {},
  ): Promise<string | undefined> {
    const note = await this.#moveAlias(name, version, percent);
    // It serves: whatever happens now, it is not taken back.
    this.#made.delete(`${name}:${version}`);
    const before = await this.#look(name);
    this.#known.delete(name);
    const problems = item ? await this.#provideCallers(item.definition, before) : [];
    return [note, ...problems].filter((text) => text !== undefined).join(' ') || undefined;
  }

  async discard(name: string, version: string): Promise<void> {
    this.#known.delete(name);
    if (!this.#made.delete(`${name}:${version}`)) return;
    const input = { FunctionName: this.#remote(name), Qualifier: version };
    await this.#api.change('DeleteFunction', (lambda) =>
      lambda.send(new this.#api.sdk.DeleteFunctionCommand(input)),
    );
  }

  list(): Promise<DeployedFunction[]> {
    return listDeployed(this, this.#context, (name) => this.#versions(name));
  }

  readLogs(name: string, since: number, signal: AbortSignal): Promise<RemoteLogLine[]> {
    return readLogs(this.#api, this.#remote(name), since, signal);
  }

  async urls(name: string): Promise<string[]> {
    const { url } = await this.#look(name);
    return url ? [url.url] : [];
  }

  async remove(name: string): Promise<void> {
    this.#known.delete(name);
    const input = { FunctionName: this.#remote(name) };
    await removeTriggers(this.#api, this.#place(name));
    await this.#api.find('DeleteFunction', (lambda) =>
      lambda.send(new this.#api.sdk.DeleteFunctionCommand(input)),
    );
  }

  #remote(name: string): string {
    return `${this.#settings.prefix}${name}`;
  }

  #place(name: string): { name: string; alias: string } {
    return { name: this.#remote(name), alias: this.#settings.alias };
  }

  #triggers(name: string, definition: Pick<FunctionDefinition, 'triggers'>): DesiredTriggers {
    const account = { region: this.#api.region, accountId: this.#accountId };
    return desiredTriggers(definition, { ...account, ...this.#place(name) });
  }

  /** The alias serves by now: what goes wrong here is told, and the next deploy completes it. */
  async #provideCallers(definition: FunctionDefinition, before: Known): Promise<string[]> {
    const { name } = definition;
    const problems: string[] = [];
    const auth = urlAuth(definition, this.#settings);
    try {
      if (auth) await provideUrl(this.#api, this.#remote(name), this.#settings.alias, auth, before.url);
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      problems.push(`Its URL is not set up: ${detail} Deploy again to complete it.`);
    }
    const desired = this.#triggers(name, definition);
    problems.push(...(await provideTriggers(this.#api, this.#place(name), desired, before.triggers)));
    return problems;
  }

  /** All functions have the same role: it is looked at once. */
  #roleObjection(): Promise<string | undefined> {
    const { role } = this.#settings;
    return (this.#role ??= role === undefined ? Promise.resolve(undefined) : roleObjection(this.#api, role));
  }

  /** Function, alias and URL in one round trip; again only after something was changed. */
  #look(name: string): Promise<Known> {
    const known = this.#known.get(name);
    if (known) return known;
    const looking = this.#lookNow(name);
    this.#known.set(name, looking);
    return looking;
  }

  async #lookNow(name: string): Promise<Known> {
    const { sdk } = this.#api;
    const { alias } = this.#settings;
    const FunctionName = this.#remote(name);
    const get = (qualifier?: string) =>
      this.#api.find('GetFunction', (lambda) =>
        lambda.send(new sdk.GetFunctionCommand({ FunctionName, ...(qualifier && { Qualifier: qualifier }) })),
      );
    const desired = async (): Promise<DesiredTriggers> => {
      const definition = (await this.#context.functions()).find((one) => one.name === name);
      return this.#triggers(name, definition ?? { triggers: [] });
    };
    const serving = get(alias);
    // Rules and topics have the account in their names: without a role, the function says it.
    const account =
      this.#accountId ??
      serving.then((it) => (this.#accountId ??= accountIn(it?.Configuration?.FunctionArn)));
    const [served, url, found] = await Promise.all([
      serving,
      findUrl(this.#api, FunctionName, alias),
      Promise.resolve(account)
        .then(desired)
        .then((wanted) => findTriggers(this.#api, this.#place(name), wanted)),
    ]);
    const configuration = served?.Configuration ?? (await get())?.Configuration;
    this.#accountId ??= accountIn(configuration?.FunctionArn);
    if (!served?.Configuration || !configuration)
      return { withoutAlias: configuration !== undefined, triggers: found };
    return {
      withoutAlias: false,
      url,
      triggers: found,
      current: {
        version: configuration.Version ?? '',
        packageHash: configuration.CodeSha256 ?? '',
        settings: {
          ...remoteFields(configuration, url?.auth, this.#settings),
          ...remoteTexts(found, await desired()),
        },
        environment: { ...configuration.Environment?.Variables },
      },
    };
  }

  async #change({ definition, environment, archive }: DeployItem): Promise<FunctionChange> {
    const { digest: sha256, bytes } = await this.#zips.facts(archive);
    const { bucket, architecture } = this.#settings;
    const code: CodeSource =
      bytes > this.#directBytes && bucket !== undefined
        ? { S3Bucket: bucket, S3Key: keyOf(sha256) }
        : { ZipFile: await this.#zips.bytes(archive) };
    return {
      name: this.#remote(definition.name),
      configuration: configurationOf(definition, archive.start, environment, this.#settings),
      architecture,
      code,
      codeSha256: sha256,
    };
  }

  /** Moves the alias, or gives a share of its calls to a version. */
  async #moveAlias(name: string, version: string, percent: number): Promise<string | undefined> {
    const { sdk } = this.#api;
    const { alias } = this.#settings;
    const input = { FunctionName: this.#remote(name), Name: alias };
    const { current } = await this.#look(name);
    const found = current && (await this.#alias(name));
    const shared = current !== undefined && percent < 100 && current.version !== version;
    // A version that has a share of the calls only may still turn out to be bad.
    const Description = shared
      ? found?.Description
      : withServed(found?.Description, version, current ? [current.version] : []);
    if (!current) {
      await this.#api.change(
        'CreateAlias',
        (lambda) =>
          lambda.send(new sdk.CreateAliasCommand({ ...input, FunctionVersion: version, Description })),
        undefined,
        { fresh: true },
      );
      return percent < 100 ? 'It is the first version, and gets all calls.' : undefined;
    }
    const update = shared
      ? {
          FunctionVersion: current.version,
          RoutingConfig: { AdditionalVersionWeights: { [version]: percent / 100 } },
        }
      : { FunctionVersion: version, RoutingConfig: { AdditionalVersionWeights: {} }, Description };
    await this.#api.change(
      'UpdateAlias',
      (lambda) => lambda.send(new sdk.UpdateAliasCommand({ ...input, ...update })),
      undefined,
      { fresh: true },
    );
    return shared
      ? `${percent} % of the calls go to version ${version}, the others to ${current.version}. Deploy again without --canary to send it all of them, or roll back.`
      : undefined;
  }

  #alias(name: string) {
    const input = { FunctionName: this.#remote(name), Name: this.#settings.alias };
    return this.#api.find('GetAlias', (lambda) => lambda.send(new this.#api.sdk.GetAliasCommand(input)));
  }

  async #versions(name: string): Promise<DeployedFunction['versions']> {
    const { sdk } = this.#api;
    const FunctionName = this.#remote(name);
    const { current } = await this.#look(name);
    const served = servedIn((await this.#alias(name))?.Description);
    const versions: DeployedFunction['versions'] = [];
    for (let marker: string | undefined, page = 0; page < 50; page++) {
      const found = await this.#api.find('ListVersionsByFunction', (lambda) =>
        lambda.send(
          new sdk.ListVersionsByFunctionCommand({ FunctionName, ...(marker && { Marker: marker }) }),
        ),
      );
      for (const { Version, CodeSha256, LastModified } of found?.Versions ?? []) {
        if (Version === undefined || Version === '$LATEST') continue;
        versions.push({
          version: Version,
          packageHash: CodeSha256 ?? '',
          createdAt: Date.parse(LastModified ?? '') || 0,
          // Where it is not written down, those that did not answer were taken away again.
          verified: served?.includes(Version) ?? true,
          current: Version === current?.version,
        });
      }
      marker = found?.NextMarker;
      if (!marker) break;
    }
    return versions.sort((a, b) => Number(b.version) - Number(a.version));
  }
}

/** The account in an ARN. */
function accountIn(arn: string | undefined): string | undefined {
  return arn?.split(':')[4] || undefined;
}

function keyOf(sha256: string): string {
  return `porchlight/${Buffer.from(sha256, 'base64').toString('hex')}.zip`;
}
