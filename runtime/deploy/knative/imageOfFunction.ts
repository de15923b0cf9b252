import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { commandText, isProgram, programOf, withArtifactsDir } from '../../model/program.ts';
import type { Archive } from '../../packaging/archive.ts';
import { PorchlightError } from '../../model/errors.ts';
import type { ImageName } from '../images/imageName.ts';
import type { CommandStart, HandlerStart, ImageRequest } from '../images/imageRequest.ts';
import { baseImageOf } from '../images/settings.ts';
import { codeFolder } from '../images/startFiles.ts';
import type { DeployItem } from '../target.ts';
import { usualPort } from './desiredRevision.ts';
import type { KnativeSettings } from './settings.ts';

/** The image of a function for Knative (runtime contract: a server on `PORT`, which ends with SIGTERM). */
export function imageRequest(
  target: string,
  { definition, archive, environment }: Pick<DeployItem, 'definition' | 'archive' | 'environment'>,
  settings: KnativeSettings,
  destination: ImageName,
): ImageRequest {
  const { name, language, program, platform, handler, signature, process } = definition;
  const start: HandlerStart | CommandStart = isProgram(definition)
    ? { kind: 'command', command: commandIn(definition, archive) }
    : {
        kind: 'handler',
        language: builtIn(language, name),
        platform,
        handler,
        lifetime: { name, ...(signature && { signature }) },
        // More than the cluster sends to one at a time never comes.
        concurrency: process.model === 'ephemeral' ? 1 : process.concurrency,
        healthPaths: [],
        checkPaths: [
          definition.healthEndpoints?.liveness ?? (environment['LIVENESS_URL'] || '/health/liveness'),
          definition.healthEndpoints?.readiness ?? (environment['READINESS_URL'] || '/health/readiness'),
        ],
        portVariables: ['PORT'],
      };
  return {
    function: name,
    destination,
    base: baseImageOf(target, settings, definition),
    architecture: settings.architecture,
    archive,
    start,
    port: program?.port ?? usualPort,
    environment: language === 'nodejs' ? { NODE_ENV: 'production' } : {},
    labels: {
      'org.opencontainers.image.title': name,
      ...(start.kind === 'command' && { 'dev.porchlight.command': commandText(start) }),
    },
  };
}

/** The command as it is in the image, where its code folder is another one. */
function commandIn(definition: FunctionDefinition, { start }: Archive): string[] {
  const [, ...args] = programOf(definition).command.map((part) => withArtifactsDir(part, codeFolder));
  return [start.program === 'packed' ? `${codeFolder}/${start.entry}` : start.entry, ...args];
}

function builtIn(language: string, name: string): HandlerStart['language'] {
  if (language === 'nodejs' || language === 'python') return language;
  const detail = `functions in ${language} are not put into images. Make it a program (language: custom).`;
  throw new PorchlightError('CODE_UNSUPPORTED', { function: name, detail });
}
