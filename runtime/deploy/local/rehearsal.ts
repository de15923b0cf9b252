import type { DeployItem, Verification, VerifyingEvent } from '../target.ts';
import { PackageStore } from './packageStore.ts';
import { deployedFolder, unpackedArtifact, type ServedFunction } from './servedFunctions.ts';

/** Lays a package out as it would lie elsewhere and has it called once; afterwards it is gone again. */
export async function rehearse(
  root: string,
  { definition, environment, archive, event }: DeployItem,
  signal: AbortSignal,
  tryOut: (served: ServedFunction, event: VerifyingEvent, signal: AbortSignal) => Promise<Verification>,
): Promise<Verification> {
  const store = new PackageStore(deployedFolder(root), 'rehearsals');
  try {
    await store.put(archive, signal);
    const codeRoot = store.path(archive.hash);
    const artifact = unpackedArtifact(definition.name, codeRoot, archive.hash, archive.start);
    const served = {
      version: 'rehearsal',
      definition: { ...definition, codeRoot, env: {} },
      environment,
      artifact,
    };
    return await tryOut(served, event, signal);
  } finally {
    await store.remove(archive.hash);
  }
}
