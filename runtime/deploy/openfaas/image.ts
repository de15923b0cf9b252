import { PorchlightError } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { isProgram } from '../../model/program.ts';
import { context } from '../../platforms/openfaas/context.ts';
import type { ImageName } from '../images/imageName.ts';
import type { ImageRequest } from '../images/imageRequest.ts';
import { neededOf, programStart, usualPort } from '../images/programImage.ts';
import { baseImageOf } from '../images/settings.ts';
import type { DeployItem } from '../target.ts';
import { usualHealthPath } from './deployment.ts';
import type { OpenFaasSettings } from './settings.ts';
import { phrase } from '../../support/l10n.ts';

/** What gateways and clusters ask of a container (openfaas/of-watchdog). */
const watchdog = {
  healthPath: usualHealthPath,
  readyPath: '/_/ready',
  metricsPort: 8081,
  lockFile: '/tmp/.lock',
} as const;
/** How long requests are still taken after a container was asked to end: whoever sends them sees it in between. */
const endingSeconds = 5;

/** Language whose handlers get images here. */
function imageLanguage({ language }: FunctionDefinition): 'nodejs' | 'python' | undefined {
  return language === 'nodejs' || language === 'python' ? language : undefined;
}

/** Whether a function gets an image here: a handler, or a program that is a web server. */
export function hasImage(definition: FunctionDefinition): boolean {
  return imageLanguage(definition) !== undefined || isProgram(definition);
}

/** What a function's image is made of. */
export async function imageRequest(
  { definition, archive }: DeployItem,
  { target, settings, destination }: { target: string; settings: OpenFaasSettings; destination: ImageName },
): Promise<ImageRequest> {
  const image = {
    function: definition.name,
    destination,
    architecture: settings.architecture ?? 'amd64',
    archive,
    port: usualPort,
    labels: { 'org.opencontainers.image.title': definition.name },
  };
  if (isProgram(definition)) {
    const base = baseImageOf(target, settings, definition, await neededOf(archive));
    const start = programStart(definition, archive, usualPort);
    const port = String(usualPort);
    return { ...image, base, start, environment: { PORT: port, http_port: port } };
  }
  const language = imageLanguage(definition);
  if (!language) {
    const detail = phrase('{language} has no image here.', { language: definition.language });
    throw new PorchlightError('TARGET_OBJECTS', { function: definition.name, detail });
  }
  const { codeRoot: _here, ...lifetime } = context(definition);
  const seconds = definition.timeoutMs / 1000;
  return {
    ...image,
    base: baseImageOf(target, settings, definition),
    start: {
      kind: 'handler',
      language,
      platform: 'openfaas',
      handler: definition.handler,
      lifetime,
      concurrency: definition.process.concurrency,
      timeoutMs: definition.timeoutMs,
      watchdog,
      checkPaths: [],
      portVariables: ['port'],
    },
    // Variables of the function lie over them.
    environment: {
      exec_timeout: `${seconds}s`,
      write_timeout: `${seconds + 5}s`,
      read_timeout: `${seconds + 5}s`,
      healthcheck_interval: `${endingSeconds}s`,
    },
  };
}
