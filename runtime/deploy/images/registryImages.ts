import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PorchlightError } from '../../model/errors.ts';
import { imageDocuments } from './imageConfig.ts';
import { imageLayers } from './imageLayers.ts';
import { atMirror, imageText, type ImageName } from './imageName.ts';
import type { ImageRequest, PlannedImage, PushedImage } from './imageRequest.ts';
import type { Images } from './images.ts';
import { hasBlob, mountBlob, uploadBlob, type Blob } from './registry/blobs.ts';
import { findCredentials, type CredentialPlaces } from './registry/credentials.ts';
import { downloadBlob } from './registry/download.ts';
import { digestOf, findManifest, mediaTypes, readImage, type Descriptor } from './registry/manifest.ts';
import { RegistryClient } from './registry/registryClient.ts';
import { refused } from './registry/registryRefusal.ts';
import { filesHash, serverFiles } from './startFiles.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** What is made of the same request has the same bytes as long as this stays: it changes with how images are made. */
const format = 1;
/** Layers of a base image that are brought over at the same time. */
const atATime = 3;

export interface ImagesOptions {
  /** Host, with a path where it has one, that stands for Docker Hub when base images are read. */
  mirror?: string | undefined;
  places?: CredentialPlaces;
  /** Milliseconds of the first pause before a request is repeated. */
  pauseMs?: number | undefined;
}

/** Images in registries that speak OCI's distribution protocol. */
export class RegistryImages implements Images {
  readonly #options: ImagesOptions;
  readonly #clients = new Map<string, RegistryClient>();
  /** Digests of base images, by name: the same for all that is planned together. */
  readonly #bases = new Map<string, Promise<string>>();

  constructor(options: ImagesOptions = {}) {
    this.#options = options;
  }

  async plan(request: ImageRequest, signal?: AbortSignal): Promise<PlannedImage> {
    const digest = await this.#baseDigest(request, signal);
    const { archive, architecture, start, port, environment, labels } = request;
    const server = start.kind === 'handler' ? filesHash(await serverFiles(start)) : '';
    const parts = [format, digest, architecture, archive.hash, server, start, port, environment, labels];
    const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex');
    const base = imageText({ ...request.base, digest });
    return { request, base, tag: `porchlight-${hash.slice(0, 32)}` };
  }

  async find({ request, tag }: PlannedImage, signal?: AbortSignal): Promise<PushedImage | undefined> {
    const { destination } = request;
    const digest = await findManifest(this.#destination(destination), tag, signal);
    if (digest === undefined) return undefined;
    return { ...named(destination, digest), tag, bytes: 0, pushedBytes: 0, pushed: false };
  }

  async provide(planned: PlannedImage, signal: AbortSignal): Promise<PushedImage> {
    const found = await this.find(planned, signal);
    if (found) return found;
    const { request, tag } = planned;
    const { destination } = request;
    const source = atMirror(request.base, this.#options.mirror);
    const from = this.#client(source, 'pull');
    const base = await readImage(from, planned.base.split('@')[1]!, request.architecture, signal);
    const layers = await imageLayers(request, signal);
    const { config, manifest } = imageDocuments(request, base, layers);
    const mountable =
      source.registry === destination.registry && source.repository !== destination.repository;
    const to = this.#destination(destination, mountable ? source.repository : undefined);
    let pushedBytes = await this.#bringOver(base.manifest.layers, { from, to, mountable, signal });
    const own: Blob[] = [
      ...layers.map(({ blob }) => blob),
      { ...config.descriptor, content: { bytes: config.bytes } },
    ];
    for (const blob of own) {
      if (await hasBlob(to, blob.digest, signal)) continue;
      await uploadBlob(to, blob, signal);
      pushedBytes += blob.size;
    }
    await putManifest(to, tag, manifest, signal);
    const bytes = [...base.manifest.layers, ...layers.map(({ blob }) => blob)].reduce(
      (sum, { size }) => sum + size,
      0,
    );
    return { ...named(destination, digestOf(manifest)), tag, bytes, pushedBytes, pushed: true };
  }

  async mayPush(destination: ImageName, signal?: AbortSignal): Promise<string | Phrase | undefined> {
    const client = this.#destination(destination);
    const action = phrase('pushing to {repository}', { repository: destination.repository });
    try {
      const { headers } = await client.ask({ method: 'POST', at: 'blobs/uploads/', action, signal });
      const { location } = headers;
      if (typeof location !== 'string') return undefined;
      // The registry forgets it in time when it does not take it back.
      const accept = [400, 401, 403, 404, 405, 500];
      await client.ask({ method: 'DELETE', at: client.resolve(location, action), action, accept, signal });
      return undefined;
    } catch (error) {
      if (error instanceof PorchlightError) return error.message;
      throw error;
    }
  }

  /** Makes the layers of a base known in the repository: mounted, or copied. Gives how many bytes were sent for it. */
  async #bringOver(
    layers: Descriptor[],
    way: { from: RegistryClient; to: RegistryClient; mountable: boolean; signal: AbortSignal },
  ): Promise<number> {
    const { from, to, mountable, signal } = way;
    const folder = await mkdtemp(join(tmpdir(), 'porchlight-image-'));
    const left = [...new Map(layers.map((layer) => [layer.digest, layer])).values()];
    let sent = 0;
    const work = async (): Promise<void> => {
      for (let layer = left.shift(); layer; layer = left.shift()) {
        const { digest } = layer;
        if (await hasBlob(to, digest, signal)) continue;
        if (mountable && (await mountBlob(to, digest, from.repository, signal))) continue;
        const file = join(folder, digest.replace(':', '-'));
        await uploadBlob(to, await downloadBlob(from, layer, file, signal), signal);
        await rm(file, { force: true });
        sent += layer.size;
      }
    };
    try {
      const stop = (error: unknown): never => {
        left.length = 0;
        throw error;
      };
      // All have ended before the folder goes, and the first failure is told.
      const results = await Promise.allSettled(Array.from({ length: atATime }, () => work().catch(stop)));
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed) throw (failed as PromiseRejectedResult).reason;
      return sent;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  #baseDigest({ base, architecture }: ImageRequest, signal: AbortSignal | undefined): Promise<string> {
    if (base.digest !== undefined) return Promise.resolve(base.digest);
    const key = `${imageText(base)} ${architecture}`;
    const known = this.#bases.get(key);
    if (known) return known;
    const looking = this.#lookForBase(base, signal);
    this.#bases.set(key, looking);
    // What failed may do better the next time.
    looking.catch(() => this.#bases.delete(key));
    return looking;
  }

  async #lookForBase(base: ImageName, signal: AbortSignal | undefined): Promise<string> {
    const client = this.#client(atMirror(base, this.#options.mirror), 'pull');
    const { tag = 'latest' } = base;
    const digest = await findManifest(client, tag, signal);
    if (digest !== undefined) return digest;
    const { registry, repository } = client;
    throw refused(
      registry,
      phrase('reading {repository}:{tag}', { repository, tag }),
      phrase('there is no such image. Set baseImage: of the target.'),
    );
  }

  #destination(name: ImageName, mountFrom?: string): RegistryClient {
    return this.#client(name, 'pull,push', mountFrom);
  }

  #client({ registry, repository }: ImageName, actions: string, mountFrom?: string): RegistryClient {
    const key = [registry, repository, actions, mountFrom ?? ''].join(' ');
    const known = this.#clients.get(key);
    if (known) return known;
    const { places, pauseMs } = this.#options;
    const client = new RegistryClient({
      registry,
      repository,
      actions,
      moreScopes: mountFrom === undefined ? [] : [`repository:${mountFrom}:pull`],
      credentials: () => findCredentials(registry, repository, places ? { places } : {}),
      pauseMs,
    });
    this.#clients.set(key, client);
    return client;
  }
}

function named(
  { registry, repository }: ImageName,
  digest: string,
): Pick<PushedImage, 'reference' | 'digest'> {
  return { reference: `${registry}/${repository}@${digest}`, digest };
}

async function putManifest(
  client: RegistryClient,
  tag: string,
  manifest: Buffer,
  signal: AbortSignal,
): Promise<void> {
  const action = phrase('putting the image together');
  const { headers } = await client.ask({
    method: 'PUT',
    at: `manifests/${tag}`,
    headers: { 'content-type': mediaTypes.manifest },
    body: () => manifest,
    action,
    signal,
  });
  const told = headers['docker-content-digest'];
  if (told !== undefined && told !== digestOf(manifest))
    throw refused(client.registry, action, phrase('it keeps something else than what it was sent.'));
}
