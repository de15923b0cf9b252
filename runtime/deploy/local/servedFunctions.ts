import { join } from 'node:path';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { ArchiveStart } from '../../packaging/archive.ts';
import type { DevArtifact } from '../../packaging/artifact.ts';
import { PackageStore } from './packageStore.ts';
import { VersionStore, type StoredVersion } from './versionStore.ts';

/** A deployed version, ready to be run by any host: its definition points into its package. */
export interface ServedFunction {
  version: string;
  definition: FunctionDefinition;
  environment: Record<string, string>;
  artifact: DevArtifact;
}

/** What serves of a function. */
export interface ServedVersions extends ServedFunction {
  /** A newer version that gets a share of the calls, in percent. */
  share?: { percent: number; served: ServedFunction };
}

/** Folder of what is deployed in a project. */
export function deployedFolder(root: string): string {
  return join(root, '.porchlight', 'deployed');
}

/** The current versions of everything that is deployed in a project. */
export async function servedFunctions(root: string): Promise<ServedVersions[]> {
  const versions = new VersionStore(deployedFolder(root));
  const served: ServedVersions[] = [];
  for (const { name, current, share, versions: known } of await versions.all()) {
    const find = (wanted: string | undefined) => known.find(({ version }) => version === wanted);
    const version = find(current);
    if (!version) continue;
    const shared = share && find(share.version);
    served.push({
      ...(await servedVersion(root, name, version)),
      ...(shared && {
        share: { percent: share.percent, served: await servedVersion(root, name, shared) },
      }),
    });
  }
  return served;
}

/** One version as it is run. */
export async function servedVersion(
  root: string,
  name: string,
  stored: StoredVersion,
): Promise<ServedFunction> {
  const folder = deployedFolder(root);
  const environment = await new VersionStore(folder).readEnvironment(name, stored.version);
  const codeRoot = new PackageStore(folder).path(stored.packageHash);
  return {
    version: stored.version,
    definition: { ...stored.definition, codeRoot, env: {} },
    environment,
    artifact: unpackedArtifact(name, codeRoot, stored.packageHash, stored.start),
  };
}

/** A package in a folder, as an instance starts it. */
export function unpackedArtifact(
  name: string,
  codeRoot: string,
  hash: string,
  start: ArchiveStart,
): DevArtifact {
  const at = <T extends { entry: string }>(hook: T): T => ({
    ...hook,
    entry: join(codeRoot, ...hook.entry.split('/')),
  });
  const { program, ...rest } = start;
  // A name is looked up where it runs.
  const entry = program === 'named' ? start.entry : at(start).entry;
  return {
    ...rest,
    entry,
    ...(start.initializer ? { initializer: at(start.initializer) } : {}),
    ...(start.preFreeze ? { preFreeze: at(start.preFreeze) } : {}),
    ...(start.preStop ? { preStop: at(start.preStop) } : {}),
    id: hash,
    function: name,
    kind: 'bundle',
    entryFile: entry,
    codeRoot,
    inputs: [],
    buildMs: 0,
  };
}
