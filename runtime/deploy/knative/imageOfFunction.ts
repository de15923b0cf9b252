import { commandText, isProgram } from '../../model/program.ts';
import { PorchlightError } from '../../model/errors.ts';
import type { ImageName } from '../images/imageName.ts';
import type { CommandStart, HandlerStart, ImageRequest } from '../images/imageRequest.ts';
import { neededOf, portOfProgram, programStart, usualPort } from '../images/programImage.ts';
import { baseImageOf } from '../images/settings.ts';
import type { DeployItem } from '../target.ts';
import type { KnativeSettings } from './settings.ts';
import { phrase } from '../../support/l10n.ts';

/** The image of a function for Knative (runtime contract: a server on `PORT`, which ends with SIGTERM). */
export async function imageRequest(
  target: string,
  { definition, archive, environment }: Pick<DeployItem, 'definition' | 'archive' | 'environment'>,
  settings: KnativeSettings,
  destination: ImageName,
): Promise<ImageRequest> {
  const { name, language, platform, handler, signature, process } = definition;
  const isOwn = isProgram(definition);
  const start: HandlerStart | CommandStart = isOwn
    ? programStart(definition, archive, portOfProgram(definition))
    : {
        kind: 'handler',
        language: builtIn(language, name),
        platform,
        handler,
        lifetime: { name, ...(signature && { signature }) },
        // More than the cluster sends to one at a time never comes.
        concurrency: process.model === 'ephemeral' ? 1 : process.concurrency,
        checkPaths: [
          definition.healthEndpoints?.liveness ?? (environment['LIVENESS_URL'] || '/health/liveness'),
          definition.healthEndpoints?.readiness ?? (environment['READINESS_URL'] || '/health/readiness'),
        ],
        portVariables: ['PORT'],
      };
  return {
    function: name,
    destination,
    base: baseImageOf(target, settings, definition, isOwn ? await neededOf(archive) : undefined),
    architecture: settings.architecture,
    archive,
    start,
    port: isOwn ? portOfProgram(definition) : usualPort,
    environment: language === 'nodejs' ? { NODE_ENV: 'production' } : {},
    labels: {
      'org.opencontainers.image.title': name,
      ...(start.kind === 'command' && { 'dev.porchlight.command': commandText(start) }),
    },
  };
}

function builtIn(language: string, name: string): HandlerStart['language'] {
  if (language === 'nodejs' || language === 'python') return language;
  const detail = phrase(
    'functions in {language} are not put into images. Make it a program (language: custom).',
    { language },
  );
  throw new PorchlightError('CODE_UNSUPPORTED', { function: name, detail });
}
