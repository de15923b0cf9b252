import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { HttpAnswer } from '../../../support/httpExchange.ts';
import type { Architecture } from '../imageRequest.ts';
import type { RegistryClient } from './registryClient.ts';
import { refused } from './registryRefusal.ts';
import { phrase, type Phrase } from '../../../support/l10n.ts';

/* Manifests and configurations of images (OCI image specification 1.1; Docker's of schema 2 are the same in all that counts). */

const digest = v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{64}$/));
const size = v.pipe(v.number(), v.integer(), v.minValue(0));

const descriptor = v.looseObject({ mediaType: v.string(), digest, size });
export type Descriptor = v.InferOutput<typeof descriptor>;

const manifest = v.looseObject({
  schemaVersion: v.literal(2),
  mediaType: v.nullish(v.string()),
  config: descriptor,
  layers: v.pipe(v.array(descriptor), v.maxLength(256)),
});
export type Manifest = v.InferOutput<typeof manifest>;

const index = v.looseObject({
  schemaVersion: v.literal(2),
  manifests: v.pipe(
    v.array(
      v.looseObject({
        ...descriptor.entries,
        platform: v.nullish(v.looseObject({ architecture: v.string(), os: v.string() })),
      }),
    ),
    v.maxLength(1000),
  ),
});

const texts = v.nullish(v.array(v.string()));
const config = v.looseObject({
  architecture: v.string(),
  os: v.string(),
  created: v.nullish(v.string()),
  config: v.nullish(
    v.looseObject({
      User: v.nullish(v.string()),
      Env: texts,
      Labels: v.nullish(v.record(v.string(), v.string())),
      ExposedPorts: v.nullish(v.record(v.string(), v.unknown())),
    }),
  ),
  rootfs: v.looseObject({ type: v.string(), diff_ids: v.pipe(v.array(digest), v.maxLength(256)) }),
  history: v.nullish(v.array(v.looseObject({ empty_layer: v.nullish(v.boolean()) }))),
});
export type ImageConfig = v.InferOutput<typeof config>;

/** Media types of OCI, and those of Docker that stand for the same. */
export const mediaTypes = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const;

const manifestTypes = [mediaTypes.manifest, 'application/vnd.docker.distribution.manifest.v2+json'];
const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const accept = [...indexTypes, ...manifestTypes].join(', ');

/** A digest as images are known by. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Digest of what a tag or digest stands for; undefined when there is nothing of that name. One request. */
export async function findManifest(
  client: RegistryClient,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const request = {
    method: 'HEAD',
    at: `manifests/${reference}`,
    headers: { accept },
    accept: [404],
    signal,
  };
  const { status, headers } = await client.ask({ ...request, action: phrase('looking for the image') });
  if (status === 404) return undefined;
  const told = headers['docker-content-digest'];
  if (typeof told === 'string' && v.is(digest, told)) return told;
  // Old registries do not say it.
  const { bytes } = await readManifest(client, reference, signal);
  return digestOf(bytes);
}

/** A base image: manifest and configuration for a processor. */
export interface BaseImage {
  /** Of the manifest for the processor. */
  digest: string;
  manifest: Manifest;
  config: ImageConfig;
}

/** Reads an image for a processor. What comes is what its digest says, or it is refused. */
export async function readImage(
  client: RegistryClient,
  reference: string,
  architecture: Architecture,
  signal: AbortSignal | undefined,
): Promise<BaseImage> {
  const refuse = (detail: string | Phrase): never => {
    throw refused(
      client.registry,
      phrase('reading {repository}:{reference}', { repository: client.repository, reference }),
      detail,
    );
  };
  let read = await readManifest(client, reference, signal);
  if (indexTypes.includes(read.mediaType)) {
    const { manifests } =
      checked(index, read.bytes) ?? refuse(phrase('its list of images is not as specified.'));
    const found = manifests.find(
      ({ platform }) => platform?.os === 'linux' && platform.architecture === architecture,
    );
    if (!found)
      return refuse(
        phrase('the image is not there for linux/{architecture}. Choose another base image.', {
          architecture,
        }),
      );
    read = await readManifest(client, found.digest, signal);
  }
  const found = manifestTypes.includes(read.mediaType) ? checked(manifest, read.bytes) : undefined;
  if (!found)
    return refuse(
      phrase('its manifest is of a kind that is not read here ({type}).', {
        type: read.mediaType.slice(0, 100),
      }),
    );
  const { body } = await client.ask({
    method: 'GET',
    at: `blobs/${found.config.digest}`,
    action: phrase('reading {repository}', { repository: client.repository }),
    signal,
  });
  if (digestOf(body) !== found.config.digest)
    refuse(phrase('its configuration is not what its digest says.'));
  const settings = checked(config, body) ?? refuse(phrase('its configuration is not as specified.'));
  if (settings.os !== 'linux' || settings.architecture !== architecture)
    refuse(
      phrase('the image is for {os}/{architecture}, not for linux/{architecture2}.', {
        os: settings.os,
        architecture: settings.architecture,
        architecture2: architecture,
      }),
    );
  if (settings.rootfs.diff_ids.length !== found.layers.length)
    refuse(phrase('its configuration has another number of layers than its manifest.'));
  return { digest: digestOf(read.bytes), manifest: found, config: settings };
}

async function readManifest(
  client: RegistryClient,
  reference: string,
  signal: AbortSignal | undefined,
): Promise<{ bytes: Buffer; mediaType: string }> {
  const action = phrase('reading {repository}:{reference}', { repository: client.repository, reference });
  const request = { method: 'GET', at: `manifests/${reference}`, headers: { accept }, action, signal };
  const { body, headers } = await client.ask(request);
  const told = headers['docker-content-digest'];
  const expected = reference.startsWith('sha256:') ? reference : told;
  if (typeof expected === 'string' && expected.startsWith('sha256:') && digestOf(body) !== expected)
    throw refused(client.registry, action, phrase('what came is not what its digest says.'));
  return { bytes: body, mediaType: typeIn(body) ?? typeOf(headers) };
}

/** What a manifest says of itself counts; older ones say nothing. */
function typeIn(body: Buffer): string | undefined {
  const found = checked(v.looseObject({ mediaType: v.string() }), body);
  return found?.mediaType;
}

function typeOf(headers: HttpAnswer['headers']): string {
  return String(headers['content-type'] ?? '')
    .split(';', 1)[0]!
    .trim();
}

function checked<T extends v.GenericSchema>(schema: T, bytes: Buffer): v.InferOutput<T> | undefined {
  try {
    const { success, output } = v.safeParse(schema, JSON.parse(bytes.toString('utf8')));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}
