import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { HttpAnswer } from '../../../support/httpExchange.ts';
import type { RegistryClient, RegistryRequest } from './registryClient.ts';
import { refused, RegistryRefusal } from './registryRefusal.ts';
import { phrase } from '../../../support/l10n.ts';

/** Sent at once where a registry does not take a blob whole. */
const chunkBytes = 16 * 1024 * 1024;
/** Storage behind a registry may take its time to put a large layer away. */
const patienceMs = 300_000;

/** Bytes of a known digest, in memory or in a file. */
export interface Blob {
  digest: string;
  size: number;
  content: { bytes: Uint8Array } | { file: string };
}

/** Whether a repository has a blob. */
export async function hasBlob(
  client: RegistryClient,
  digest: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const action = phrase('looking for a layer');
  const { status } = await client.ask({
    method: 'HEAD',
    at: `blobs/${digest}`,
    action,
    accept: [404],
    signal,
  });
  return status !== 404;
}

/** Makes a blob of another repository of the same registry known in this one; false where that cannot be. */
export async function mountBlob(
  client: RegistryClient,
  digest: string,
  from: string,
  signal: AbortSignal,
): Promise<boolean> {
  const at = `blobs/uploads/?${new URLSearchParams({ mount: digest, from }).toString()}`;
  // Registries without it, or that do not let us read there, say so in many ways: then the layer is sent.
  const accept = [400, 401, 403, 404, 405];
  const answer = await client.ask({ method: 'POST', at, action: phrase('mounting a layer'), accept, signal });
  if (answer.status === 202) await cancel(client, answer, signal);
  return answer.status === 201;
}

/** Sends a blob that the repository does not have: whole, and where that does not go, in chunks. What was cut is resumed. */
export async function uploadBlob(client: RegistryClient, blob: Blob, signal: AbortSignal): Promise<void> {
  const upload = new Upload(client, blob, signal);
  await client.repeated({ action: phrase('the upload of a layer'), signal }, () => upload.attempt());
}

class Upload {
  readonly #client: RegistryClient;
  readonly #blob: Blob;
  readonly #request: Pick<RegistryRequest, 'action' | 'signal' | 'idleMs'>;
  #location: URL | undefined;
  #chunked = false;
  #chunkBytes = chunkBytes;
  /** How often the registry has forgotten an upload in chunks. */
  #forgotten = 0;

  constructor(client: RegistryClient, blob: Blob, signal: AbortSignal) {
    this.#client = client;
    this.#blob = blob;
    this.#request = { action: phrase('the upload of a layer'), signal, idleMs: patienceMs };
  }

  /** Begins, or goes on behind what has arrived. */
  async attempt(): Promise<void> {
    const offset = this.#location === undefined ? await this.#begin() : await this.#arrived();
    if (offset === undefined) return;
    try {
      if (offset === 0 && !this.#chunked) await this.#finish(0);
      else await this.#chunks(offset);
    } catch (error) {
      if (!(error instanceof RegistryRefusal)) {
        // Whichever way it was cut at its beginning: the other one may do better.
        if (offset === 0) this.#chunked = !this.#chunked;
        throw error;
      }
      // An upload that the registry does not know any more is begun anew; one that it does not take whole, in chunks.
      const forgotten = error.status === 404 || error.status === 416;
      const tooMuch = [400, 405, 411, 413, 415, 501].includes(error.status) && !this.#chunked;
      if (!forgotten && !tooMuch) throw error;
      if (this.#chunked && ++this.#forgotten > 2) throw error;
      this.#chunked = true;
      this.#location = undefined;
      await this.attempt();
    }
  }

  async #begin(): Promise<number> {
    const answer = await this.#client.once({ ...this.#request, method: 'POST', at: 'blobs/uploads/' });
    const least = Number(answer.headers['oci-chunk-min-length'] ?? 0);
    if (least > this.#chunkBytes && least <= 1024 * 1024 * 1024) this.#chunkBytes = least;
    this.#take(answer);
    return 0;
  }

  /** How much of it is there; undefined when it is all there after all. */
  async #arrived(): Promise<number | undefined> {
    // The last request may have been carried out although its answer was lost.
    if (await hasBlob(this.#client, this.#blob.digest, this.#request.signal)) return undefined;
    const accept = [404, 400, 405];
    const answer = await this.#client.once({ ...this.#request, method: 'GET', at: this.#location!, accept });
    if (answer.status !== 204 && answer.status !== 202) return this.#begin();
    this.#take(answer);
    const end = /^(?:bytes=)?0-(\d+)$/.exec(String(answer.headers['range'] ?? ''))?.[1];
    const arrived = end === undefined || end === '0' ? 0 : Number(end) + 1;
    if (arrived <= this.#blob.size) return arrived;
    throw refused(
      this.#client.registry,
      this.#request.action,
      phrase('it has more of the layer than there is.'),
    );
  }

  async #chunks(offset: number): Promise<void> {
    for (let from = offset; from < this.#blob.size;) {
      const to = Math.min(from + this.#chunkBytes, this.#blob.size);
      const answer = await this.#client.once({
        ...this.#request,
        method: 'PATCH',
        at: this.#location!,
        headers: { 'content-type': 'application/octet-stream', 'content-range': `${from}-${to - 1}` },
        body: () => bodyOf(this.#blob, from, to),
      });
      this.#take(answer);
      from = to;
    }
    await this.#finish(this.#blob.size);
  }

  /** Sends the rest, and closes the upload. */
  async #finish(from: number): Promise<void> {
    const { digest, size } = this.#blob;
    // The registry's own query stays as it is written: it may be signed.
    const { href, search } = this.#location!;
    const url = new URL(`${href}${search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`);
    await this.#client.once({
      ...this.#request,
      method: 'PUT',
      at: url,
      headers: { 'content-type': 'application/octet-stream' },
      ...(from < size && { body: () => bodyOf(this.#blob, from, size) }),
    });
  }

  #take({ headers }: HttpAnswer): void {
    const { location } = headers;
    const named = typeof location === 'string' ? location : this.#location?.href;
    this.#location = this.#client.resolve(named, this.#request.action);
  }
}

function bodyOf({ content }: Blob, from: number, to: number) {
  if ('bytes' in content) return content.bytes.subarray(from, to);
  const stream: Readable = createReadStream(content.file, { start: from, end: to - 1 });
  return { stream, bytes: to - from };
}

async function cancel(client: RegistryClient, { headers }: HttpAnswer, signal: AbortSignal): Promise<void> {
  const { location } = headers;
  if (typeof location !== 'string') return;
  const at = client.resolve(location, phrase('mounting a layer'));
  // An upload nobody goes on with is forgotten by the registry in time.
  const accept = [400, 401, 403, 404, 405, 500];
  await client.ask({ method: 'DELETE', at, action: phrase('mounting a layer'), accept, signal });
}
