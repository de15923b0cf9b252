import { saidOf } from '../../model/errors.ts';
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
import { isServedBy, servingOf } from '../aliasMove.ts';
import { Looks } from '../looks.ts';
import { MadeVersions } from '../madeVersions.ts';
import type { TargetContext } from '../targetContext.ts';
import { Zips } from '../zips.ts';
import { latest, publish, updateCode, type CodeSource, type FunctionChange } from './applyFunction.ts';
import { findAlias, moveAlias } from './alias.ts';
import { desiredUrl, findUrl, provideUrl, urlText, type RemoteUrl } from './functionUrl.ts';
import type { LambdaApi } from './lambdaApi.ts';
import { directUploadBytes, preflight } from './preflight.ts';
import { lambdaWords } from './logWords.ts';
import { readLogs } from './logs.ts';
import { configurationOf, desiredFields, glibcOf, remoteFields } from './remoteFunction.ts';
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
import type { Place } from './triggers/place.ts';
import { invokeVersion, verifyVersion } from './verify.ts';
import { listVersions } from './versions.ts';
import { sentences, phrase, type Phrase } from '../../support/l10n.ts';

/** What is known of a function there, from one look. */
interface Known {
  current?: CurrentVersion | undefined;
  /** It is there, but callers of the alias get nothing yet. */
  withoutAlias: boolean;
  /** `Zip`, or `Image`. */
  packageType?: string | undefined;
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
  readonly logWords = lambdaWords;
  readonly name: string;
  readonly #api: LambdaApi;
  readonly #settings: AwsSettings;
  readonly #context: TargetContext;
  readonly #directBytes: number;
  readonly #zips = new Zips((bytes) => createHash('sha256').update(bytes).digest('base64'));
  readonly #known = new Looks<Known>((name) => this.#look(name));
  /** Number of the account, once the role or a function says it. */
  #accountId: string | undefined;
  #role: Promise<Phrase | undefined> | undefined;
  readonly #made = new MadeVersions();

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
    const [{ bytes }, known] = await Promise.all([this.#zips.facts(item.archive), this.#known.of(name)]);
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
      packageType: known.packageType,
      hasUrl: known.url !== undefined,
    });
  }

  async current(name: string): Promise<CurrentVersion | undefined> {
    return (await this.#known.of(name)).current;
  }

  async packageHash(archive: Archive): Promise<string> {
    return (await this.#zips.facts(archive)).digest;
  }

  async hasPackage({ definition, archive }: DeployItem): Promise<boolean> {
    const { digest: sha256, bytes } = await this.#zips.facts(archive);
    const { current } = await this.#known.of(definition.name);
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
    if (!before.includes(version)) this.#made.add(name, version, true);
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
    const before = await this.#known.of(name);
    this.#known.forget(name);
    const place = this.#place(name);
    const note = await this.#made.serve(
      name,
      version,
      () => moveAlias(this.#api, place, version, percent),
      async () => isServedBy(await findAlias(this.#api, place), version),
    );
    const problems = item ? await this.#provideCallers(item.definition, before) : [];
    return sentences([note, ...problems]);
  }

  async discard(name: string, version: string): Promise<void> {
    this.#known.forget(name);
    if (!this.#made.take(name, version)) return;
    const input = { FunctionName: this.#remote(name), Qualifier: version };
    await this.#api.remove('DeleteFunction', (lambda) =>
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
    return [(await this.#known.of(name)).url?.FunctionUrl ?? []].flat();
  }

  async remove(name: string): Promise<void> {
    this.#known.forget(name);
    const input = { FunctionName: this.#remote(name) };
    await removeTriggers(this.#api, this.#place(name));
    await this.#api.remove('DeleteFunction', (lambda) =>
      lambda.send(new this.#api.sdk.DeleteFunctionCommand(input)),
    );
  }

  #remote(name: string): string {
    return `${this.#settings.prefix}${name}`;
  }

  #place(name: string): Place {
    return { name: this.#remote(name), alias: this.#settings.alias };
  }

  #triggers(name: string, definition: Pick<FunctionDefinition, 'triggers'>): DesiredTriggers {
    const account = { region: this.#api.region, accountId: this.#accountId };
    return desiredTriggers(definition, { ...account, ...this.#place(name) });
  }

  /** The alias serves by now: what goes wrong here is told, and the next deploy completes it. */
  async #provideCallers(definition: FunctionDefinition, before: Known): Promise<(string | Phrase)[]> {
    const { name } = definition;
    const problems: (string | Phrase)[] = [];
    const url = desiredUrl(definition, this.#settings);
    try {
      if (url) await provideUrl(this.#api, this.#place(name), url, before.url);
    } catch (error) {
      problems.push(
        phrase('Its URL is not set up: {detail} Deploy again to complete it.', { detail: saidOf(error) }),
      );
    }
    const desired = this.#triggers(name, definition);
    problems.push(...(await provideTriggers(this.#api, this.#place(name), desired, before.triggers)));
    return problems;
  }

  /** All functions have the same role: it is looked at once. */
  #roleObjection(): Promise<Phrase | undefined> {
    const { role } = this.#settings;
    return (this.#role ??= role === undefined ? Promise.resolve(undefined) : roleObjection(this.#api, role));
  }

  /** Function, alias and what calls it in one round trip. */
  async #look(name: string): Promise<Known> {
    const place = this.#place(name);
    const definition = (await this.#context.functions()).find((one) => one.name === name);
    const desired = (): DesiredTriggers => this.#triggers(name, definition ?? { triggers: [] });
    const serving = this.#api.findFunction(place.name, place.alias);
    // Rules and topics have the account in their names: without a role, the function says it.
    const account = this.#accountId ?? serving.then((it) => (this.#accountId ??= accountIn(it?.FunctionArn)));
    const [served, url, found] = await Promise.all([
      serving,
      findUrl(this.#api, place.name, place.alias),
      Promise.resolve(account).then(() => findTriggers(this.#api, place, desired())),
    ]);
    const configuration = served ?? (await this.#api.findFunction(place.name));
    this.#accountId ??= accountIn(configuration?.FunctionArn);
    if (!served) {
      return {
        withoutAlias: configuration !== undefined,
        packageType: configuration?.PackageType,
        triggers: found,
      };
    }
    const wantedUrl = desiredUrl(definition ?? { triggers: [] }, this.#settings);
    return {
      withoutAlias: false,
      packageType: served.PackageType,
      url,
      triggers: found,
      current: {
        version: served.Version ?? '',
        packageHash: served.CodeSha256 ?? '',
        settings: {
          ...remoteFields(served, urlText(url, wantedUrl), this.#settings),
          ...remoteTexts(found, desired()),
        },
        environment: { ...served.Environment?.Variables },
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

  async #versions(name: string): Promise<DeployedFunction['versions']> {
    const [alias, versions] = await Promise.all([
      findAlias(this.#api, this.#place(name)),
      listVersions(this.#api, this.#remote(name)),
    ]);
    return versions.map(({ Version: version = '', CodeSha256, LastModified }) => ({
      version,
      packageHash: CodeSha256 ?? '',
      createdAt: Date.parse(LastModified ?? '') || 0,
      ...servingOf(alias, version),
    }));
  }
}

/** The account in an ARN. */
function accountIn(arn: string | undefined): string | undefined {
  return arn?.split(':')[4] || undefined;
}

function keyOf(sha256: string): string {
  return `porchlight/${Buffer.from(sha256, 'base64').toString('hex')}.zip`;
}
