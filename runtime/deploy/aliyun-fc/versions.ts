import { randomUUID } from 'node:crypto';
import { fcVersion, fcVersions, type FcVersion } from './answers.ts';
import { functionPath, type FcApi } from './fcApi.ts';
import { isAmbiguous, isRefusal } from './refusal.ts';

const publishAttempts = 6;

/** Published versions, newest first. */
export async function listVersions(api: FcApi, name: string, signal?: AbortSignal): Promise<FcVersion[]> {
  const request = { operation: 'ListFunctionVersions', path: functionPath(name, 'versions'), signal };
  const versions = await api.list(request, async (page) => {
    const found = await api.find(fcVersions, page);
    return found && { items: found.versions, nextToken: found.nextToken };
  });
  return versions.sort((a, b) => Number(b.versionId) - Number(a.versionId));
}

/**
 * Publishes a function as it is. The version's description says its code, as the cloud's list of versions does not, and a
 * mark by which it is found when the answer was lost: publishing is not repeated blindly, as each time would make one.
 */
export async function publishVersion(
  api: FcApi,
  { name, checksum, signal }: { name: string; checksum: string; signal: AbortSignal },
): Promise<{ version: string; made: boolean }> {
  const description = `porchlight code=${checksum} mark=${randomUUID().slice(0, 8)}`;
  for (let attempt = 0; ; attempt++) {
    try {
      const published = await api.get(
        fcVersion,
        {
          operation: 'PublishFunctionVersion',
          method: 'POST',
          path: functionPath(name, 'versions'),
          body: { description },
          signal,
        },
        { once: true },
      );
      return { version: published.versionId, made: true };
    } catch (error) {
      const unchanged = isRefusal(error, /^(VersionPublishError|NoChanges?|VersionAlreadyExists)/);
      if (!unchanged && !isAmbiguous(error)) throw error;
      const versions = await listVersions(api, name, signal);
      const ours = versions.find((version) => version.description === description);
      if (ours) return { version: ours.versionId, made: true };
      // Nothing changed since: the newest version is what was to be published.
      if (unchanged && versions[0]) return { version: versions[0].versionId, made: false };
      if (unchanged || attempt + 1 >= publishAttempts) throw error;
      await api.pause(attempt, signal);
    }
  }
}

/** CRC-64 of the code of a version that a deploy published. */
export function checksumOf({ description }: FcVersion): string {
  return /^porchlight code=(\d+)/.exec(description ?? '')?.[1] ?? '';
}
