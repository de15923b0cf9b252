import { PorchlightError } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { TargetMachine } from '../target.ts';
import { imageText, parseImageName, type ImageName } from './imageName.ts';
import type { Architecture } from './imageRequest.ts';
import { phrase } from '../../support/l10n.ts';

/** What targets that take images have in common (`imageEntries` of their schema). */
export interface ImageSettings {
  /** Registry and path below which images are put, e.g. `ghcr.io/team`; absent: what a function's own file names. */
  registry?: string | undefined;
  /** What images are built upon: one for all, or by language. */
  baseImage?: string | Partial<Record<string, string>> | undefined;
  /** Host, with a path where it has one, that has Docker Hub's images. */
  mirror?: string | undefined;
  architecture?: Architecture | undefined;
}

/** What an image's code runs on. Which C library its base has is not known before it is read. */
export function imageMachine({ architecture }: ImageSettings): TargetMachine {
  return { os: 'linux', architecture: architecture === 'arm64' ? 'arm64' : 'x86_64' };
}

/** Where a function's image goes: below the target's registry, or where its project file says. Undefined when neither is stated. */
export function destinationOf(
  target: string,
  { registry }: ImageSettings,
  { name, image }: Pick<FunctionDefinition, 'name' | 'image'>,
): ImageName | undefined {
  if (registry !== undefined) {
    const below = `${registry.replace(/\/+$/, '')}/${repositoryName(name)}`;
    return withRegistry(parseImageName(below, { target, setting: 'registry' }), target, below);
  }
  return image === undefined ? undefined : parseImageName(image, { target, setting: 'image' });
}

/**
 * The image that a function's is built upon: as stated, or the official one of its language. `needed`: the program that a program
 * is run by, which has to be in it.
 */
export function baseImageOf(
  target: string,
  { baseImage }: Pick<ImageSettings, 'baseImage'>,
  definition: Pick<FunctionDefinition, 'language' | 'runtime' | 'interpreter'>,
  needed?: string,
): ImageName {
  const stated = typeof baseImage === 'string' ? baseImage : baseImage?.[definition.language];
  if (stated === undefined && needed !== undefined) {
    const language = languageOf(needed);
    if (language) return baseImageOf(target, {}, { ...definition, language });
  }
  return parseImageName(stated ?? officialImage(definition), { target, setting: 'baseImage' });
}

/** The built-in language whose official image has a program. */
export function languageOf(needed: string): 'nodejs' | 'python' | undefined {
  if (/^(node|npm|npx)$/.test(needed)) return 'nodejs';
  return /^python(3(\.\d+)?)?$/.test(needed) ? 'python' : undefined;
}

/** Official images; of what the function's runtime names, or of the version that is supported for longest. */
function officialImage({
  language,
  runtime,
  interpreter,
}: Pick<FunctionDefinition, 'language' | 'runtime' | 'interpreter'>): string {
  const version = [interpreter, runtime].find((text) => text !== undefined && !/[\\/]/.test(text)) ?? '';
  if (language === 'nodejs') return `node:${/(\d{2,})/.exec(version)?.[1] ?? '22'}-slim`;
  if (language === 'python') return `python:${/(3\.\d+)/.exec(version)?.[1] ?? '3.12'}-slim`;
  return 'debian:stable-slim';
}

/** Repositories know lower-case letters, digits and single separators. */
function repositoryName(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/[._-]{2,}/g, '-');
  return plain.replace(/^[._-]+|[._-]+$/g, '') || 'function';
}

/** A registry has to be named: Docker Hub's official images are nobody's to push to. */
function withRegistry(name: ImageName, target: string, text: string): ImageName {
  if (!name.repository.startsWith('library/')) return name;
  const detail = phrase(
    'registry: {image} (from "{text}") belongs to Docker Hub. Name yours, e.g. docker.io/<user> or ghcr.io/<team>.',
    { image: imageText(name), text },
  );
  throw new PorchlightError('TARGET_SETTING', { target, detail });
}
