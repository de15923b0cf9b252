import { PorchlightError } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { context } from '../../platforms/openfaas/context.ts';
import type { ImageName } from '../images/imageName.ts';
import type { ImageRequest } from '../images/imageRequest.ts';
import { baseImageOf } from '../images/settings.ts';
import type { DeployItem } from '../target.ts';
import type { OpenFaasSettings } from './settings.ts';

/** Port on which a gateway expects functions. */
const port = 8080;
/** What asks whether a function is there and ready (openfaas/of-watchdog). */
const healthPaths = ['/_/health', '/_/ready'];

/** Language whose functions get images here; undefined for programs and images of others. */
export function imageLanguage({ language }: FunctionDefinition): 'nodejs' | 'python' | undefined {
  return language === 'nodejs' || language === 'python' ? language : undefined;
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
  const { codeRoot: _here, ...lifetime } = context(definition);
  const seconds = definition.timeoutMs / 1000;
  return {
    function: definition.name,
    destination,
    base: baseImageOf(target, settings, definition),
    architecture: settings.architecture ?? 'amd64',
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
