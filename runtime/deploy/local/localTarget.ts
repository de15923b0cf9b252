import type { DeployedFunction } from '../../model/deploy.ts';
import { PorchlightError, saidOf } from '../../model/errors.ts';
import type { RemoteInvocation } from '../../model/remoteInvocation.ts';
import { deployedSettings } from '../settings.ts';
import type { CurrentVersion, DeployItem, DeployTarget, Verification, VerifyingEvent } from '../target.ts';
import { invokeServed } from './invokeServed.ts';
import { PackageStore } from './packageStore.ts';
import { deployedFolder, servedVersion, type ServedFunction } from './servedFunctions.ts';
import { VersionStore, type StoredFunction } from './versionStore.ts';
import { phrase, sentences, type Phrase } from '../../support/l10n.ts';

export interface LocalTargetOptions {
  root: string;
  /** Invokes a version cold on a throw-away instance. */
  tryOut(served: ServedFunction, event: VerifyingEvent, signal: AbortSignal): Promise<Verification>;
  /** The current versions changed: whoever serves them reads them again. False when nobody serves. */
  onDidSwitch(): Promise<boolean>;
  /** Addresses of functions; empty when nobody serves. */
  urls(): Promise<Map<string, string[]>>;
  /** What was called of a function since a time, oldest first. */
  invocations(name: string, since: number): Promise<RemoteInvocation[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The embedded target: versions kept in the project's state folder, served by this runtime. Needs no account. */
export function createLocalTarget(options: LocalTargetOptions): DeployTarget {
  const { root, now } = options;
  const folder = deployedFolder(root);
  const versions = new VersionStore(folder);
  const packages = new PackageStore(folder);

  const dropUnused = async (): Promise<void> => {
    const used = (await versions.all()).flatMap((stored) =>
      stored.versions.map(({ packageHash }) => packageHash),
    );
    await packages.keepOnly(new Set(used));
  };
  /** It is current from now on, whatever becomes of serving it: that is said, and no reason to take it back. */
  const serveAgain = async (): Promise<string | Phrase | undefined> => {
    try {
      return (await options.onDidSwitch())
        ? undefined
        : phrase('Nothing serves it yet: porchlight serve start.');
    } catch (error) {
      if (error instanceof PorchlightError) return saidOf(error);
      throw error;
    }
  };
  const stored = async (name: string, version: string) => {
    const found = (await versions.get(name))?.versions.find((candidate) => candidate.version === version);
    if (!found) throw new PorchlightError('VERSION_UNKNOWN', { function: name, version, target: 'local' });
    return found;
  };

  return {
    name: 'local',
    type: 'local',
    remote: false,
    settings: deployedSettings,
    preflight: () => Promise.resolve([]),
    async current(name): Promise<CurrentVersion | undefined> {
      const known = await versions.get(name);
      const current = known?.versions.find(({ version }) => version === known.current);
      if (!current) return undefined;
      const { version, packageHash, settings } = current;
      return { version, packageHash, settings, environment: await versions.readEnvironment(name, version) };
    },
    packageHash: ({ hash }) => Promise.resolve(hash),
    hasPackage: ({ archive }) => packages.has(archive.hash),
    upload: ({ archive }, signal) => packages.put(archive, signal),
    async create({ definition, environment, archive }: DeployItem) {
      const { name } = definition;
      return versions.update(name, async (known) => {
        const version = String(known.next++);
        await versions.writeEnvironment(name, version, environment);
        known.versions.unshift({
          version,
          packageHash: archive.hash,
          createdAt: now(),
          verified: false,
          definition: withoutValues(definition),
          settings: deployedSettings(definition),
          start: archive.start,
        });
        return version;
      });
    },
    async verify({ definition: { name }, event }, version, signal) {
      const answer = await options.tryOut(
        await servedVersion(root, name, await stored(name, version)),
        event,
        signal,
      );
      if (answer.answered) await versions.update(name, (known) => markVerified(known, version));
      return answer;
    },
    async switchTo(name, version, { percent = 100 } = {}) {
      await stored(name, version);
      const told = await versions.update(name, (known) => giveCalls(known, version, percent));
      await dropUnused();
      return sentences([told, await serveAgain()]);
    },
    async discard(name, version) {
      await versions.update(name, (known) => {
        known.versions = known.versions.filter((candidate) => candidate.version !== version);
        if (known.share?.version === version) delete known.share;
      });
      await versions.removeEnvironment(name, version);
      await dropUnused();
    },
    async list(): Promise<DeployedFunction[]> {
      const all = (await versions.all()).filter(({ current }) => current !== undefined);
      const urls = await options.urls();
      return all.map((known) => ({
        function: known.name,
        target: 'local',
        versions: known.versions.map(({ version, packageHash, createdAt, verified }) => ({
          version,
          packageHash,
          createdAt,
          verified,
          current: version === known.current,
          ...shareOf(known, version),
        })),
        urls: urls.get(known.name) ?? [],
      }));
    },
    urls: async (name) => (await options.urls()).get(name) ?? [],
    invoke: (call, signal) => invokeServed(root, call, signal),
    readInvocations: (name, since) => options.invocations(name, since),
    async remove(name) {
      await versions.remove(name);
      await dropUnused();
      await serveAgain();
    },
  };
}

/** Values of the environment are kept apart, and places in the user's files do not belong to a version. */
function withoutValues<T extends DeployItem['definition']>(definition: T): T {
  const {
    unresolvedEnv: _unresolved,
    build: _build,
    handlerAt: _at,
    runtimeAt: _runtimeAt,
    ...rest
  } = definition;
  return { ...rest, env: {} } as unknown as T;
}

/** Lets a version serve, or gives it a share of the calls beside the one that serves; the answer is for the user. */
function giveCalls(known: StoredFunction, version: string, percent: number): Phrase | undefined {
  const { current } = known;
  delete known.share;
  if (percent >= 100 || current === undefined || current === version) {
    known.current = version;
    return percent < 100 ? phrase('It gets all calls, as no other version serves.') : undefined;
  }
  known.share = { version, percent };
  return phrase(
    '{percent} % of the calls go to version {version}, the others to {current}. Deploy again without --canary to send all of them to the new code, or roll back.',
    { percent, version, current },
  );
}

function shareOf({ current, share }: StoredFunction, version: string): { percent?: number } {
  if (share && version === share.version) return { percent: share.percent };
  return share && version === current ? { percent: 100 - share.percent } : {};
}

function markVerified(known: StoredFunction, version: string): void {
  const found = known.versions.find((candidate) => candidate.version === version);
  if (found) found.verified = true;
}
