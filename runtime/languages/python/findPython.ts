import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { PorchlightError, told, type Told } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { InstalledPrograms, programAt } from '../../support/installedPrograms.ts';
import { realPlacesSystem } from '../../support/nodeSystem.ts';
import { isPython, pythonPlaces } from '../../support/pythonPlaces.ts';
import { versionOfPython } from '../../support/pythonSystem.ts';
import { chooseVersion, type VersionOrder } from '../chooseVersion.ts';
import type { Interpreter, InterpreterSearch } from '../language.ts';
import { environmentAt, findVirtualEnvironment, type VirtualEnvironment } from './virtualEnvironment.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** The oldest version our code inside instances runs on. */
export const oldestVersion = '3.8';

/** Minor versions are what code depends on. A bare 3 is any. */
const seriesOf = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};

export const pythonOrder: VersionOrder = { seriesOf, oldest: seriesOf(oldestVersion) };

/** The version behind a cloud's runtime id: `python3.12`; Function Compute's `python3` is 3.6. Templates such as `python3-http` name none. */
export function versionOfRuntime(runtime: string | undefined): string | undefined {
  const version = /^python(\d+(?:\.\d+)?)(?![\w-])/.exec(runtime ?? '')?.[1];
  return version === '3' ? '3.6' : version;
}

let installed: InstalledPrograms | undefined;

/**
 * The Python of a function: the one its configuration names, the virtual environment of its folder or project, or one of
 * the machine's. See `Language.findInterpreter`.
 */
export async function findPython(
  definition: FunctionDefinition,
  { offered, stateFolder }: InterpreterSearch,
): Promise<Interpreter> {
  const { interpreter, runtime, codeRoot } = definition;
  const root = dirname(stateFolder);
  if (interpreter !== undefined && !/^\d/.test(interpreter)) return pythonAt(interpreter, root);
  const asked = interpreter ?? versionOfRuntime(runtime);
  const environment = interpreter === undefined ? findVirtualEnvironment(codeRoot, root) : undefined;
  if (environment) return inEnvironment(definition, environment, asked);
  const system = realPlacesSystem();
  installed ??= new InstalledPrograms({
    places: () => pythonPlaces(system),
    isOne: isPython,
    programAt,
    versionOf: versionOfPython,
  });
  const all = await installed.list(join(stateFolder, 'pythons.json'));
  const choice = chooseVersion(all, asked, offered, pythonOrder);
  if (!choice) throw missing(phrase('none that is new enough is installed'), asked ?? newest(offered));
  const found = asInterpreter(choice.chosen);
  if (choice.wanted === undefined) return found;
  return { ...found, instead: standsIn(definition, choice.wanted, found.label) };
}

function newest(offered: readonly string[]): string {
  return [...offered].sort((a, b) => seriesOf(b) - seriesOf(a))[0] ?? oldestVersion;
}

function standsIn(definition: FunctionDefinition, version: string, label: string): Told {
  const { interpreter, runtime } = definition;
  const wanted =
    interpreter !== undefined
      ? phrase('it asks for {version}', { version: `Python ${version}` })
      : runtime !== undefined
        ? phrase('its runtime is {runtime}', { runtime })
        : phrase('the newest {language} of its platform is {version}', { language: 'Python', version });
  const tooOld = seriesOf(version) < pythonOrder.oldest;
  const detail = tooOld
    ? phrase('Porchlight runs functions on {version} and newer', { version: `Python ${oldestVersion}` })
    : phrase('that is not installed on this machine');
  const remedy = tooOld
    ? phrase('Choose a newer one in the project file, as the cloud will ask for one too.')
    : phrase('{install} and reload the project.', { install: howToInstall(version) });
  const facts = { function: definition.name, wanted, label, detail, remedy };
  return told('INTERPRETER_INSTEAD', facts);
}

/** The packages of a virtual environment are the function's: it is taken whatever its version, and that is told. */
async function inEnvironment(
  definition: FunctionDefinition,
  environment: VirtualEnvironment,
  asked: string | undefined,
): Promise<Interpreter> {
  const { folder, program, version } = environment;
  const name = basename(folder);
  if ((await versionOfPython(program)) === undefined) {
    const remedy = phrase('Create it anew: python3 -m venv {folder}', { folder });
    throw new PorchlightError('INTERPRETER_MISSING', {
      language: 'Python',
      detail: phrase('the virtual environment {folder} cannot be run', { folder }),
      remedy,
    });
  }
  if (seriesOf(version) < pythonOrder.oldest) {
    throw missing(
      phrase('{folder} has Python {version}; the oldest that can be used is {oldest}', {
        folder,
        version,
        oldest: oldestVersion,
      }),
      oldestVersion,
    );
  }
  const label = `Python ${version} (${name})`;
  const found: Interpreter = { path: program, version, label };
  if (asked === undefined || seriesOf(asked) === seriesOf(version)) return found;
  const wanted =
    definition.interpreter === undefined
      ? phrase('its runtime is {runtime}', { runtime: definition.runtime })
      : phrase('it asks for {version}', { version: `Python ${asked}` });
  const facts = {
    function: definition.name,
    wanted,
    label,
    detail: phrase('its virtual environment has Python {version}', { version }),
    remedy: phrase('To run what the cloud runs, make {name} with Python {version}.', {
      name,
      version: asked,
    }),
  };
  return { ...found, instead: told('INTERPRETER_INSTEAD', facts) };
}

/** A path is the user's decision: it is that one or none. It may name a virtual environment's folder. */
async function pythonAt(stated: string, root: string): Promise<Interpreter> {
  const given = stated.replace(/^~(?=[/\\]|$)/, homedir());
  const path = isAbsolute(given) ? given : resolve(root, given);
  const program = environmentAt(path)?.program ?? path;
  const version = await versionOfPython(program);
  if (version === undefined) throw missing(phrase('{path} cannot be run as Python', { path }), oldestVersion);
  if (seriesOf(version) < pythonOrder.oldest) {
    throw missing(
      phrase('{path} is {version}; the oldest that can be used is {oldest}', {
        path,
        version,
        oldest: oldestVersion,
      }),
      oldestVersion,
    );
  }
  return asInterpreter({ path: program, version });
}

function asInterpreter({ path, version }: { path: string; version: string }): Interpreter {
  return { path, version, label: `Python ${version}` };
}

function missing(detail: Phrase, version: string): PorchlightError {
  const remedy = phrase('{install}, or correct the setting "interpreter".', {
    install: howToInstall(version),
  });
  return new PorchlightError('INTERPRETER_MISSING', { language: 'Python', detail, remedy });
}

function howToInstall(version: string): Phrase {
  const { env, home, list } = realPlacesSystem();
  if (list(join(env['PYENV_ROOT'] ?? join(home, '.pyenv'), 'versions')).length > 0)
    return phrase('Install it (pyenv install {version})', { version });
  if (list(join(home, '.local', 'share', 'uv', 'python')).length > 0)
    return phrase('Install it (uv python install {version})', { version });
  if (process.platform === 'darwin' && list('/opt/homebrew/opt').length > 0)
    return phrase('Install it (brew install python@{version})', { version });
  return phrase('Install Python {version} (https://www.python.org/downloads)', { version });
}
