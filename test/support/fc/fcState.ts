import { FcDomains } from './fcDomains.ts';
import { crc64OfObject, crc64OfZip } from './zipChecksum.ts';
import { checkFunction, checkProvision, checkTrigger, FcRefused, known, type Fields } from './fcRules.ts';

export { FcRefused };

/** An answer as it is sent; objects as JSON. */
export interface Invoked {
  status: number;
  headers?: Record<string, string>;
  body: unknown;
}

interface CodeLocation {
  zipFile?: string;
  ossBucketName?: string;
  ossObjectName?: string;
  checksum?: string;
}

interface Stored {
  latest: Fields;
  versions: Map<string, Fields>;
  aliases: Map<string, Fields>;
  triggers: Map<string, Fields>;
  provision: Map<string, Fields>;
  /** Looks for which the last change is still under way. */
  looksLeft: number;
  changedSince: boolean;
  numbered: number;
}

/** What the account has, and the rules for changing it. */
export class FcState {
  readonly functions = new Map<string, Stored>();
  readonly domains = new FcDomains((name, qualifier) => void this.#at(name, qualifier));
  /** Buckets whose objects it can read: by `bucket/object`. */
  objects: ReadonlyMap<string, Buffer> = new Map();
  /** Looks that show each change as under way. */
  slow = 0;
  /** Requests that do not know a new version yet. */
  spread = 0;
  /** Publishing what did not change is refused. */
  refusesUnchanged = false;
  /** What code answers; by the version that is invoked. */
  invoked: (version: string, event: Buffer) => Invoked = () => ({ status: 200, body: '1' });
  #unknownFor = 0;

  handle(operation: string, names: string[], query: Record<string, string>, body: Fields): unknown {
    const [name = '', part = ''] = names;
    switch (operation) {
      case 'CreateFunction':
        return this.#create(body);
      case 'GetFunction':
        return this.#show(name, query['qualifier']);
      case 'UpdateFunction':
        return this.#update(name, body);
      case 'DeleteFunction':
        return this.#delete(name);
      case 'PublishFunctionVersion':
        return this.#publish(name, body);
      case 'ListFunctionVersions':
        return this.#versions(name, query);
      case 'DeleteFunctionVersion':
        return this.#deleteVersion(name, part);
      case 'CreateAlias':
        return this.#alias(name, String(body['aliasName']), body, true);
      case 'UpdateAlias':
        return this.#alias(name, part, body, false);
      case 'GetAlias':
        return this.#of(name, 'aliases', part, 'AliasNotFound');
      case 'ListAliases':
        return page('aliases', [...this.#function(name).aliases.values()], query);
      case 'DeleteAlias':
        if (this.#function(name).provision.has(part)) throw new FcRefused(400, 'ProvisionConfigExist');
        return this.#take(name, 'aliases', part, 'AliasNotFound');
      case 'CreateTrigger':
        return this.#trigger(name, String(body['triggerName']), body, true);
      case 'UpdateTrigger':
        return this.#trigger(name, part, body, false);
      case 'ListTriggers':
        return { triggers: [...this.#function(name).triggers.values()], nextToken: '' };
      case 'DeleteTrigger':
        return this.#take(name, 'triggers', part, 'TriggerNotFound');
      case 'GetProvisionConfig':
        this.#at(name, query['qualifier']);
        return {
          defaultTarget: 0,
          current: 0,
          ...this.#function(name).provision.get(query['qualifier'] ?? ''),
        };
      case 'PutProvisionConfig':
        checkProvision(body);
        // The cloud takes versions and aliases alone.
        if (query['qualifier'] === undefined) throw new FcRefused(400, 'InvalidArgument', 'qualifier');
        this.#at(name, query['qualifier']);
        this.#function(name).provision.set(query['qualifier'], body);
        return body;
      case 'DeleteProvisionConfig':
        this.#function(name).provision.delete(query['qualifier'] ?? '');
        return {};
      case 'ListCustomDomains':
        return page('customDomains', [...this.domains.byName.values()], query);
      default:
        return this.domains.handle(operation, name, body);
    }
  }

  invoke(name: string, qualifier: string | undefined, event: Buffer): Invoked {
    const { version } = this.#at(name, qualifier);
    return this.invoked(version, event);
  }

  /** The version that callers of an alias get. */
  served(name: string, alias = 'live'): unknown {
    return this.functions.get(name)?.aliases.get(alias)?.['versionId'];
  }

  #function(name: string): Stored {
    const stored = this.functions.get(name);
    if (!stored) throw new FcRefused(404, 'FunctionNotFound', `function '${name}' does not exist`);
    return stored;
  }

  #create(body: Fields): Fields {
    checkFunction(body, true);
    const name = String(body['functionName']);
    if (this.functions.has(name)) throw new FcRefused(409, 'FunctionAlreadyExists');
    const stored: Stored = {
      latest: { ...defaults, cpu: usualCpu(body), ...this.#taken(body), functionName: name },
      versions: new Map(),
      aliases: new Map(),
      triggers: new Map(),
      provision: new Map(),
      looksLeft: this.slow,
      changedSince: true,
      numbered: 0,
    };
    this.functions.set(name, stored);
    return { ...stored.latest, state: 'Pending' };
  }

  #update(name: string, body: Fields): Fields {
    const stored = this.#function(name);
    if (stored.looksLeft > 0) throw new FcRefused(409, 'FunctionNotReady', 'a change is under way');
    checkFunction({ ...stored.latest, ...body }, false);
    known(body, updatable);
    Object.assign(stored.latest, this.#taken(body));
    stored.looksLeft = this.slow;
    stored.changedSince = true;
    return stored.latest;
  }

  #show(name: string, qualifier?: string): Fields {
    const { published: _published, ...fields } = this.#at(name, qualifier).fields;
    const stored = this.#function(name);
    if (qualifier !== undefined) return { ...fields, state: 'Active', lastUpdateStatus: 'Successful' };
    const busy = stored.looksLeft > 0 && stored.looksLeft-- > 0;
    const first = stored.numbered === 0;
    return {
      ...fields,
      state: busy && first ? 'Pending' : 'Active',
      lastUpdateStatus: busy && !first ? 'InProgress' : 'Successful',
    };
  }

  #publish(name: string, body: Fields): Fields {
    known(body, ['description']);
    const stored = this.#function(name);
    if (stored.looksLeft > 0) throw new FcRefused(409, 'FunctionNotReady', 'a change is under way');
    if (this.refusesUnchanged && !stored.changedSince)
      throw new FcRefused(400, 'VersionPublishError', 'No changes were made since last publish');
    const versionId = String(++stored.numbered);
    const { description } = body;
    stored.versions.set(versionId, {
      ...stored.latest,
      published: { versionId, description, createdTime: '2026-01-01T00:00:00Z' },
    });
    stored.changedSince = false;
    this.#unknownFor = this.spread;
    return { versionId, description };
  }

  #versions(name: string, query: Record<string, string>): Fields {
    const all = [...this.#function(name).versions.values()].map(({ published }) => published);
    return page('versions', all, query);
  }

  #deleteVersion(name: string, version: string): Fields {
    const stored = this.#function(name);
    for (const { versionId } of stored.aliases.values())
      if (versionId === version) throw new FcRefused(400, 'VersionInUse', 'an alias points to it');
    return this.#take(name, 'versions', version, 'VersionNotFound');
  }

  #alias(name: string, alias: string, body: Fields, create: boolean): Fields {
    const stored = this.#function(name);
    known(body, ['aliasName', 'versionId', 'description', 'additionalVersionWeight']);
    const before = stored.aliases.get(alias);
    if (create && before) throw new FcRefused(409, 'AliasAlreadyExists');
    if (!create && !before) throw new FcRefused(404, 'AliasNotFound');
    const versions = [body['versionId'], ...Object.keys(body['additionalVersionWeight'] ?? {})];
    for (const version of versions) this.#at(name, String(version));
    for (const weight of Object.values((body['additionalVersionWeight'] ?? {}) as Record<string, number>))
      if (!(weight >= 0 && weight <= 1)) throw new FcRefused(400, 'InvalidArgument', 'weight');
    stored.aliases.set(alias, { ...before, ...body, aliasName: alias });
    return stored.aliases.get(alias)!;
  }

  #trigger(name: string, trigger: string, body: Fields, create: boolean): Fields {
    const stored = this.#function(name);
    const before = stored.triggers.get(trigger);
    if (create && before) throw new FcRefused(409, 'TriggerAlreadyExists');
    if (!create && !before) throw new FcRefused(404, 'TriggerNotFound');
    checkTrigger({ ...before, ...body, triggerName: trigger }, body, create);
    this.#at(name, String(body['qualifier'] ?? 'LATEST'));
    const http = (before ?? body)['triggerType'] === 'http';
    const url = `https://${name}-x.cn-hangzhou.fcapp.run`;
    stored.triggers.set(trigger, { ...before, ...body, ...(http && { httpTrigger: { urlInternet: url } }) });
    return stored.triggers.get(trigger)!;
  }

  #delete(name: string): Fields {
    const { triggers, aliases, versions } = this.#function(name);
    if (triggers.size + aliases.size + versions.size > 0) throw new FcRefused(400, 'FunctionInUse');
    this.functions.delete(name);
    return {};
  }

  #of(name: string, kind: 'aliases' | 'versions' | 'triggers', part: string, code: string): Fields {
    const found = this.#function(name)[kind].get(part);
    if (!found) throw new FcRefused(404, code, `'${part}' does not exist`);
    return found;
  }

  #take(name: string, kind: 'aliases' | 'versions' | 'triggers', part: string, code: string): Fields {
    this.#of(name, kind, part, code);
    this.#function(name)[kind].delete(part);
    return {};
  }

  /** Fields as they are kept: code as its checksum, layers with their sizes. */
  #taken({ code, layers, ...rest }: Fields): Fields {
    return {
      ...rest,
      ...(code !== undefined && { codeChecksum: this.#checksum(code as CodeLocation) }),
      ...(Array.isArray(layers) && { layers: layers.map((arn) => ({ arn: arn as string, size: 1 })) }),
    };
  }

  #checksum({ zipFile, ossBucketName, ossObjectName, checksum }: CodeLocation): string {
    if (zipFile !== undefined) return crc64OfZip({ zipFile, ...(checksum !== undefined && { checksum }) });
    const object = this.objects.get(`${ossBucketName}/${ossObjectName}`);
    if (!object) throw new FcRefused(400, 'InvalidArgument', 'there is no such object');
    return crc64OfObject(object, checksum);
  }

  #at(name: string, qualifier = 'LATEST'): { version: string; fields: Fields } {
    const stored = this.#function(name);
    if (qualifier === 'LATEST') return { version: 'LATEST', fields: stored.latest };
    const alias = stored.aliases.get(qualifier);
    if (!alias && !/^\d+$/.test(qualifier)) throw new FcRefused(404, 'AliasNotFound');
    const version = String(alias?.['versionId'] ?? qualifier);
    const newest = version === String(stored.numbered);
    if (newest && this.#unknownFor > 0 && this.#unknownFor-- > 0) throw new FcRefused(404, 'VersionNotFound');
    return { version, fields: this.#of(name, 'versions', version, 'VersionNotFound') };
  }
}

/** One item at a time, so that pages are followed. */
function page(key: string, all: unknown[], { limit, nextToken }: Record<string, string>): Fields {
  if (!(Number(limit) >= 1 && Number(limit) <= 100)) throw new FcRefused(400, 'InvalidArgument', 'limit');
  const at = Number(nextToken ?? 0);
  return { [key]: all.slice(at, at + 1), ...(at + 1 < all.length && { nextToken: String(at + 1) }) };
}

const defaults: Fields = { timeout: 3, memorySize: 512, diskSize: 512 };
/** What goes with the memory, as the cloud's own choice. */
function usualCpu({ memorySize }: Fields): number {
  return Math.max(1, Math.round((Number(memorySize ?? 512) / 1024 / 0.05) * 0.7)) / 20;
}

const updatable = [
  ...['runtime', 'handler', 'code', 'cpu', 'memorySize', 'diskSize', 'timeout', 'environmentVariables'],
  ...[
    'instanceLifecycleConfig',
    'customRuntimeConfig',
    'instanceConcurrency',
    'layers',
    'role',
    'description',
  ],
];
