import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { PorchlightError, told } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { InstalledNodes, type InstalledNode } from '../../support/installedNodes.ts';
import { nodeManager } from '../../support/nodePlaces.ts';
import { realPlacesSystem, versionOfNode } from '../../support/nodeSystem.ts';
import type { Interpreter, InterpreterSearch } from '../language.ts';
import { chooseNode, oldestMajor } from './chooseNode.ts';
import { type Phrase, phrase } from '../../support/l10n.ts';

let installed: InstalledNodes | undefined;

/** The Node of a function: see `Language.findInterpreter`. */
export async function findNode(
  definition: FunctionDefinition,
  { offered, stateFolder }: InterpreterSearch,
): Promise<Interpreter> {
  const { interpreter, runtime, name } = definition;
  if (interpreter !== undefined && !/^\d/.test(interpreter)) return nodeAt(interpreter);
  const named = /^node(?:js)?(\d+)/.exec(runtime ?? '')?.[1];
  const asked = interpreter ?? named;
  installed ??= new InstalledNodes();
  const choice = chooseNode(await installed.list(join(stateFolder, 'nodes.json')), asked, offered);
  if (!choice) throw missing(phrase('none that is new enough is installed'), asked ?? String(oldestMajor));
  const found = asInterpreter(choice.chosen);
  if (choice.wanted === undefined) return found;
  const version = choice.wanted;
  const wanted =
    interpreter !== undefined
      ? phrase('it asks for {version}', { version: `Node.js ${version}` })
      : named !== undefined
        ? phrase('its runtime is {runtime}', { runtime })
        : phrase('the newest {language} of its platform is {version}', { language: 'Node.js', version });
  const instead = { function: name, wanted, label: found.label, ...adviceFor(version) };
  return { ...found, instead: told('INTERPRETER_INSTEAD', instead) };
}

/** Why a version cannot be had, and what to do. */
function adviceFor(version: string): { detail: Phrase; remedy: Phrase } {
  if (Number.parseInt(version, 10) >= oldestMajor) {
    const remedy = phrase('{install} and reload the project.', { install: howToInstall(version) });
    return { detail: phrase('that is not installed on this machine'), remedy };
  }
  const detail = phrase('Porchlight runs functions on {version} and newer', {
    version: `Node.js ${oldestMajor}`,
  });
  return {
    detail,
    remedy: phrase('Choose a newer one in the project file, as the cloud will ask for one too.'),
  };
}

/** A path is the user's decision: it is that one or none. */
async function nodeAt(stated: string): Promise<Interpreter> {
  const path = stated.replace(/^~(?=[/\\]|$)/, homedir());
  const version = isAbsolute(path) ? await versionOfNode(path) : undefined;
  if (version === undefined)
    throw missing(phrase('{path} cannot be run as Node.js', { path }), String(oldestMajor));
  if (Number.parseInt(version, 10) < oldestMajor) {
    throw missing(
      phrase('{path} is {version}; the oldest that can be used is {oldest}', {
        path,
        version,
        oldest: oldestMajor,
      }),
      String(oldestMajor),
    );
  }
  return asInterpreter({ path, version });
}

function asInterpreter({ path, version, env }: InstalledNode): Interpreter {
  return { path, version, label: `Node.js ${version}`, ...(env ? { env } : {}) };
}

function missing(detail: Phrase, version: string): PorchlightError {
  const remedy = phrase('{install}, or correct the setting "interpreter".', {
    install: howToInstall(version),
  });
  return new PorchlightError('INTERPRETER_MISSING', { language: 'Node.js', detail, remedy });
}

const commands: Record<string, (version: string) => string> = {
  nvm: (version) => `nvm install ${version}`,
  fnm: (version) => `fnm install ${version}`,
  volta: (version) => `volta install node@${version}`,
  mise: (version) => `mise install node@${version}`,
  asdf: (version) => `asdf install nodejs latest:${version}`,
  n: (version) => `n install ${version}`,
  proto: (version) => `proto install node ${version}`,
  pnpm: (version) => `pnpm env add --global ${version}`,
  brew: (version) => `brew install node@${Number.parseInt(version, 10)}`,
};

/** How to get a Node of a version, in the words of the version manager that is there. */
function howToInstall(version: string): Phrase {
  const command = commands[nodeManager(realPlacesSystem()) ?? ''];
  return command
    ? phrase('Install it ({command})', { command: command(version) })
    : phrase('Install Node.js {version} (https://nodejs.org)', { version });
}
