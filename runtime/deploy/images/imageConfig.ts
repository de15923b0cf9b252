import type { ImageRequest } from './imageRequest.ts';
import type { Layer } from './layer.ts';
import { digestOf, mediaTypes, type BaseImage, type Descriptor } from './registry/manifest.ts';
import { codeFolder, serverCommand } from './startFiles.ts';

/** Whoever a base image runs as root runs as this user instead: in Node's official images it is `node`. */
const plainUser = '1000:1000';
const unknownTime = '1970-01-01T00:00:00Z';

/** The last two parts of an image, as bytes. */
export interface ImageDocuments {
  config: { bytes: Buffer; descriptor: Descriptor };
  manifest: Buffer;
}

/** An image's configuration and manifest: those of its base with our layers on top. No times but the base's. */
export function imageDocuments(request: ImageRequest, base: BaseImage, layers: Layer[]): ImageDocuments {
  const config = Buffer.from(JSON.stringify(configOf(request, base, layers)));
  const descriptor = { mediaType: mediaTypes.config, digest: digestOf(config), size: config.length };
  const { repository, registry, tag } = request.base;
  const manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor,
    layers: [
      ...base.manifest.layers.map(baseLayer),
      ...layers.map(({ blob: { digest, size } }) => ({ mediaType: mediaTypes.layer, digest, size })),
    ],
    annotations: {
      'org.opencontainers.image.base.name': `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}`,
      'org.opencontainers.image.base.digest': base.digest,
    },
  };
  return { config: { bytes: config, descriptor }, manifest: Buffer.from(JSON.stringify(manifest)) };
}

function configOf(request: ImageRequest, { config: base }: BaseImage, layers: Layer[]): object {
  const { environment, labels, port, start } = request;
  const inherited = base.config ?? {};
  const created = base.created ?? unknownTime;
  const own = layers.map(({ title }) => ({ created, created_by: `porchlight: ${title}` }));
  return {
    ...base,
    created,
    config: {
      ...inherited,
      User: isRoot(inherited.User) ? plainUser : inherited.User,
      Env: mergedEnv(inherited.Env ?? [], environment),
      Entrypoint: start.kind === 'command' ? start.command : serverCommand(start.language),
      // What the base would add to a command of its own.
      Cmd: undefined,
      WorkingDir: codeFolder,
      ExposedPorts: { [`${port}/tcp`]: {} },
      Labels: { ...inherited.Labels, ...labels },
      StopSignal: 'SIGTERM',
    },
    rootfs: { type: 'layers', diff_ids: [...base.rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)] },
    // One entry for each layer, or none at all.
    history: base.history ? [...base.history, ...own] : undefined,
  };
}

function isRoot(user: string | null | undefined): boolean {
  return !user || /^(root|0)(:|$)/.test(user);
}

function mergedEnv(inherited: string[], own: Record<string, string>): string[] {
  const kept = inherited.filter((entry) => !Object.hasOwn(own, entry.split('=', 1)[0]!));
  return [...kept, ...Object.entries(own).map(([name, value]) => `${name}=${value}`)];
}

/** Docker's layers are OCI's under another name; images hold one kind of names. */
function baseLayer({ mediaType, digest, size, annotations }: Descriptor): object {
  const type =
    mediaType === 'application/vnd.docker.image.rootfs.diff.tar.gzip' ? mediaTypes.layer : mediaType;
  return { mediaType: type, digest, size, ...(annotations ? { annotations } : {}) };
}
