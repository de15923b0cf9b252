import { PorchlightError } from '../../model/errors.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** An image as people write it, with everything that is implied filled in. */
export interface ImageName {
  /** Host, with port where it has one, e.g. `docker.io` or `127.0.0.1:5000`. */
  registry: string;
  /** Path below it, e.g. `library/node`. */
  repository: string;
  tag?: string;
  /** `sha256:…` */
  digest?: string;
}

const component = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const repositoryForm = new RegExp(`^${component}(?:/${component})*$`);
const registryForm = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestForm = /^sha256:[0-9a-f]{64}$/;
/** Docker bounds name and registry together. */
const longest = 255;

const dockerHub = 'docker.io';

/**
 * Reads `[registry/]repository[:tag][@digest]` as Docker does: without a registry it is Docker Hub's, where official
 * images lie below `library` (distribution/reference). A `TARGET_SETTING` of the target `where` when it is no name.
 */
export function parseImageName(text: string, where: { target: string; setting: string }): ImageName {
  const refuse = (why: Phrase): never => {
    const detail = phrase('{setting}: "{text}" is no name of an image: {why}', {
      setting: where.setting,
      text,
      why,
    });
    throw new PorchlightError('TARGET_SETTING', { target: where.target, detail });
  };
  const [named = '', digest, ...more] = text.trim().split('@');
  if (more.length > 0 || (digest !== undefined && !digestForm.test(digest)))
    refuse(phrase('a digest is written as @sha256: and 64 hex digits.'));
  const first = /^([^/]+)\/(.+)$/s.exec(named);
  const isHost = first !== null && (/[.:]/.test(first[1]!) || first[1] === 'localhost');
  const registry = isHost ? first[1]! : dockerHub;
  const path = isHost ? first[2]! : named;
  const tagAt = /:([^:/]*)$/.exec(path);
  const tag = tagAt?.[1];
  const plain = tagAt ? path.slice(0, tagAt.index) : path;
  if (!registryForm.test(registry)) refuse(phrase('its registry is no host name.'));
  if (tag !== undefined && !tagForm.test(tag))
    refuse(phrase('a tag has up to 128 letters, digits, _, . and -.'));
  const hub = registry === dockerHub || registry === 'index.docker.io';
  const repository = hub && !plain.includes('/') ? `library/${plain}` : plain;
  if (!repositoryForm.test(repository) || registry.length + repository.length > longest)
    refuse(phrase('a repository has lower-case letters and digits, parted by /, ., _ or -.'));
  return {
    registry: hub ? dockerHub : registry,
    repository,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
  };
}

/** The name as it is written, with registry and repository in full. */
export function imageText({ registry, repository, tag, digest }: ImageName): string {
  const tagged = tag === undefined ? '' : `:${tag}`;
  return `${registry}/${repository}${tagged}${digest === undefined ? '' : `@${digest}`}`;
}

/** Host that speaks the registry's protocol: Docker Hub has another name there. */
export function registryHost(registry: string): string {
  return registry === dockerHub ? 'registry-1.docker.io' : registry;
}

/** The image at another registry that has Docker Hub's images: `mirror` is a host, and a path where it has one. */
export function atMirror(name: ImageName, mirror: string | undefined): ImageName {
  if (mirror === undefined || name.registry !== dockerHub) return name;
  const [registry = '', ...path] = mirror.split('/');
  return { ...name, registry, repository: [...path, name.repository].join('/') };
}
