import { readFile } from 'node:fs/promises';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { isProgram, programOf, withVariables, type ProgramProtocol } from '../../model/program.ts';
import type { Archive } from '../../packaging/archive.ts';
import type { DeployItem } from '../target.ts';
import type { CommandStart } from './imageRequest.ts';
import { languageOf, type ImageSettings } from './settings.ts';
import { codeFolder } from './startFiles.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/* Programs in images: those that are web servers, as clusters send requests and nothing else. */

/** Port on which clusters expect a container's server, unless it states another. */
export const usualPort = 8080;

/** Shells are in every image that has a system. */
const systemPrograms = /^(sh|bash|dash|env)$/;

/** What a program in an image is started by, from the code folder. The port of `$PORT` is known when it is made. */
export function programStart(definition: FunctionDefinition, { start }: Archive, port: number): CommandStart {
  const known = { ARTIFACTS_DIR: codeFolder, PORT: String(port) };
  const [, ...args] = programOf(definition).command.map((part) => withVariables(part, known));
  const program = start.program === 'packed' ? `${codeFolder}/${start.entry}` : start.entry;
  return { kind: 'command', command: [program, ...args] };
}

/** Port on which a program's server listens in its image. */
export function portOfProgram({ program }: Pick<FunctionDefinition, 'program'>): number {
  return program?.port ?? usualPort;
}

const notServers: Partial<Record<ProgramProtocol, Phrase>> = {
  'runtime-api': phrase("it asks Lambda's runtime API for events, which a cluster does not have"),
  'fc-custom': phrase(
    "it is a server as of Function Compute's custom runtimes, which calls it at paths of its own",
  ),
  'watchdog-process': phrase(
    "OpenFaaS's watchdog starts it for each request, and images made here have no watchdog",
  ),
};

/** Why a program cannot be a container's server, with what to do about it; undefined where it can. */
function programObjection(definition: FunctionDefinition): Phrase | undefined {
  const { protocol } = programOf(definition);
  // A server whose port the watchdog would be told: what the gateway calls is the watchdog's own.
  const behind =
    protocol === 'watchdog-http' && definition.program?.port !== undefined
      ? phrase("OpenFaaS's watchdog stands before it, and images made here have none")
      : undefined;
  const why = notServers[protocol] ?? behind;
  if (why === undefined) return undefined;
  const otherwise = protocol.startsWith('watchdog') ? phrase(', or deploy it with faas-cli') : undefined;
  return phrase(
    '{why}. Let it be a web server that listens on the port of PORT, and state protocol: http{otherwise}.',
    { why, otherwise },
  );
}

/** What stands in the way of an image of a function, with a remedy; undefined for handlers, and where nothing does. */
export async function programProblem(
  { definition, archive }: Pick<DeployItem, 'definition' | 'archive'>,
  settings: Pick<ImageSettings, 'baseImage'>,
): Promise<Phrase | undefined> {
  if (!isProgram(definition)) return undefined;
  return programObjection(definition) ?? missingInBase(settings, definition, await neededOf(archive));
}

/**
 * What a program needs of its base image: the name that is looked up there, or what the first line of its script names. Undefined
 * for one that brings all it needs, and for scripts of the shell.
 */
export async function neededOf({ start, files }: Archive): Promise<string | undefined> {
  if (start.program === 'named') return foreign(baseOf(start.entry));
  const found = files.find(({ path }) => path === start.entry);
  if (!found || found.bytes > 1024 * 1024) return undefined;
  const { content } = found;
  const bytes = 'data' in content ? content.data : await readFile(content.file);
  const line = Buffer.from(bytes.subarray(0, 256)).toString('latin1').split('\n', 1)[0]!;
  const [, interpreter, argument] = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(line) ?? [];
  if (interpreter === undefined) return undefined;
  const name = baseOf(interpreter);
  return foreign(name === 'env' && argument !== undefined ? baseOf(argument) : name);
}

function missingInBase(
  { baseImage }: Pick<ImageSettings, 'baseImage'>,
  { language }: Pick<FunctionDefinition, 'language'>,
  needed: string | undefined,
): Phrase | undefined {
  const chosen = typeof baseImage === 'string' ? baseImage : baseImage?.[language];
  if (needed === undefined || chosen !== undefined || languageOf(needed)) return undefined;
  return phrase(
    'it is run by {needed}, which its base image does not have. Set baseImage: of the target to one with it, or pack a program that needs none.',
    { needed },
  );
}

function foreign(name: string): string | undefined {
  return systemPrograms.test(name) ? undefined : name;
}

function baseOf(path: string): string {
  return path.split('/').pop()!;
}
