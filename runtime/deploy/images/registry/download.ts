import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Blob } from './blobs.ts';
import type { Descriptor } from './manifest.ts';
import type { RegistryClient } from './registryClient.ts';
import { refused } from './registryRefusal.ts';
import { phrase } from '../../../support/l10n.ts';

const action = phrase('reading a layer of the base image');

/** Brings a layer into a file, whatever its size; what was cut is gone on with. It is what its digest says, or refused. */
export async function downloadBlob(
  client: RegistryClient,
  { digest, size }: Descriptor,
  file: string,
  signal: AbortSignal,
): Promise<Blob> {
  let arrived = 0;
  await client.repeated({ action, signal }, async () => {
    const headers: Record<string, string> = arrived > 0 ? { range: `bytes=${arrived}-` } : {};
    const answer = await client.open({ method: 'GET', at: `blobs/${digest}`, headers, action, signal });
    // Who does not know of ranges sends all of it again.
    if (answer.statusCode !== 206) arrived = 0;
    const handle = await open(file, arrived > 0 ? 'r+' : 'w');
    try {
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        if (arrived + chunk.length > size)
          throw refused(client.registry, action, phrase('it is longer than stated.'));
        await handle.write(chunk, 0, chunk.length, arrived);
        arrived += chunk.length;
      }
    } finally {
      answer.destroy();
      await handle.close();
    }
    if (arrived < size) throw Object.assign(new Error('the connection was cut.'), { code: 'ECONNRESET' });
  });
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) hash.update(chunk);
  if (`sha256:${hash.digest('hex')}` !== digest)
    throw refused(client.registry, action, phrase('what came is not what its digest says.'));
  return { digest, size, content: { file } };
}
