import { PorchlightError } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { context } from '../../platforms/openfaas/context.ts';
import { parseImageName, type ImageName } from '../images/imageName.ts';
import type { ImageRequest } from '../images/imageRequest.ts';
import type { DeployItem } from '../target.ts';
import type { OpenFaasSettings } from './settings.ts';

/** Port on which a gateway expects functions. */
const port = 8080;
/** What asks whether a function is there and ready (openfaas/of-watchdog). */
const healthPaths = ['/_/health', '/_/ready'];
/** Versions that images are built upon where the project says none: those of the templates `node22` and `python3-http`. */
const usualVersions = { nodejs: '22', python: '3.12' } as const;

/** Language whose functions get images here; undefined for programs and images of others. */
export function imageLanguage({ language }: FunctionDefinition): 'nodejs' | 'python' | undefined {
  return language === 'nodejs' || language === 'python' ? language : undefined;
}

/** Where the image of a function goes; undefined where neither target nor project says so. */
export function destinationOf(
  definition: FunctionDefinition,
  { target, settings, remoteName }: { target: string; settings: OpenFaasSettings; remoteName: string },
): ImageName | undefined {
  const { registry } = settings;
  const stated = definition.container?.image;
  const [text, setting] =
    registry === undefined
      ? [stated, `image of ${definition.name}`]
      : [`${registry}/${remoteName}`, 'registry'];
  return text === undefined ? undefined : parseImageName(text, { target, setting });
}

/** What a function's image is made of. */
export function imageRequest(
  { definition, archive }: DeployItem,
  { target, settings, destination }: { target: string; settings: OpenFaasSettings; destination: ImageName },
): ImageRequest {
  const language = imageLanguage(definition);
  if (!language) {
    const detail = `${definition.language} has no image here.`;
    throw new PorchlightError('TARGET_OBJECTS', { function: definition.name, detail });
  }
  const base = parseImageName(settings.baseImage ?? baseImage(definition, language), {
    target,
    setting: 'baseImage',
  });
  const { codeRoot: _here, ...lifetime } = context(definition);
  const seconds = definition.timeoutMs / 1000;
  return {
    function: definition.name,
    destination,
    base,
    architecture: settings.architecture,
    archive,
    start: {
      kind: 'handler',
      language,
      platform: 'openfaas',
      handler: definition.handler,
      lifetime,
      concurrency: definition.process.concurrency,
      timeoutMs: definition.timeoutMs,
      healthPaths,
      checkPaths: [],
      portVariables: ['port'],
    },
    port,
    // Variables of the function lie over them.
    environment: {
      exec_timeout: `${seconds}s`,
      write_timeout: `${seconds + 5}s`,
      read_timeout: `${seconds + 5}s`,
    },
    labels: { 'org.opencontainers.image.title': definition.name },
  };
}

/** The official image for the version that the template or the project names. */
function baseImage({ runtime = '', interpreter }: FunctionDefinition, language: 'nodejs' | 'python'): string {
  const asked = /^\d+(\.\d+)*$/.test(interpreter ?? '') ? interpreter : undefined;
  if (language === 'nodejs') {
    const version = asked ?? /^node(\d+)/.exec(runtime)?.[1] ?? usualVersions.nodejs;
    return `node:${version}-slim`;
  }
  const version = asked ?? /^python(3\.\d+)/.exec(runtime)?.[1] ?? usualVersions.python;
  return `python:${version}-slim`;
}
