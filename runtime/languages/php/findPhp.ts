import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { PorchlightError, told, type Told } from '../../model/errors.ts';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import { InstalledPrograms, programAt } from '../../support/installedPrograms.ts';
import { realPlacesSystem } from '../../support/nodeSystem.ts';
import { isPhp, phpPlaces } from '../../support/phpPlaces.ts';
import { versionOfPhp } from '../../support/phpSystem.ts';
import { chooseVersion, type VersionOrder } from '../chooseVersion.ts';
import type { Interpreter, InterpreterSearch } from '../language.ts';
import { phrase, type Phrase } from '../../support/l10n.ts';

/** The oldest version our code inside instances runs on. */
export const oldestVersion = '7.2';

/** Minor versions are what code depends on. */
const seriesOf = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};

export const phpOrder: VersionOrder = { seriesOf, oldest: seriesOf(oldestVersion) };

/** The version behind a cloud's runtime id: `php7.2`. */
export function versionOfRuntime(runtime: string | undefined): string | undefined {
  return /^php(\d+(?:\.\d+)?)/.exec(runtime ?? '')?.[1];
}

let installed: InstalledPrograms | undefined;

/** The PHP of a function: the one its configuration names, or one of the machine's. See `Language.findInterpreter`. */
export async function findPhp(
  definition: FunctionDefinition,
  { offered, stateFolder }: InterpreterSearch,
): Promise<Interpreter> {
  const { interpreter, runtime } = definition;
  if (interpreter !== undefined && !/^\d/.test(interpreter)) return phpAt(interpreter, dirname(stateFolder));
  const system = realPlacesSystem();
  installed ??= new InstalledPrograms({
    places: () => phpPlaces(system),
    isOne: isPhp,
    programAt,
    versionOf: versionOfPhp,
  });
  const asked = interpreter ?? versionOfRuntime(runtime);
  const all = await installed.list(join(stateFolder, 'phps.json'));
  const choice = chooseVersion(all, asked, offered, phpOrder);
  if (!choice) {
    const detail =
      all.length === 0
        ? phrase('none is installed')
        : phrase('none is {oldestVersion} or newer', { oldestVersion });
    throw missing(detail);
  }
  const found = asInterpreter(choice.chosen);
  if (choice.wanted === undefined) return found;
  return { ...found, instead: standsIn(definition, choice.wanted, found.label) };
}

function standsIn({ name, interpreter, runtime }: FunctionDefinition, version: string, label: string): Told {
  const wanted =
    interpreter !== undefined
      ? phrase('it asks for {version}', { version: `PHP ${version}` })
      : runtime !== undefined
        ? phrase('its runtime is {runtime}', { runtime })
        : phrase('the newest {language} of its platform is {version}', { language: 'PHP', version });
  const remedy = phrase(
    'Code that only works on this one fails in the cloud; "interpreter" in porchlight.yaml names another.',
  );
  const facts = {
    function: name,
    wanted,
    detail: phrase('that is not installed on this machine'),
    label,
    remedy,
  };
  return told('INTERPRETER_INSTEAD', facts);
}

/** A path is the user's decision: it is that one or none. */
async function phpAt(stated: string, root: string): Promise<Interpreter> {
  const given = stated.replace(/^~(?=[/\\]|$)/, homedir());
  const path = isAbsolute(given) ? given : resolve(root, given);
  const version = await versionOfPhp(path);
  if (version === undefined)
    throw missing(phrase('{path} cannot be run as PHP for the command line', { path }));
  if (seriesOf(version) < phpOrder.oldest) {
    throw missing(
      phrase('{path} is {version}; the oldest that can be used is {oldest}', {
        path,
        version,
        oldest: oldestVersion,
      }),
    );
  }
  return asInterpreter({ path, version });
}

function asInterpreter({ path, version }: { path: string; version: string }): Interpreter {
  return { path, version, label: `PHP ${version}` };
}

function missing(detail: Phrase): PorchlightError {
  const remedy = phrase('{install}, or correct the setting "interpreter".', {
    install: howToInstall(process.platform),
  });
  return new PorchlightError('INTERPRETER_MISSING', { language: 'PHP', detail, remedy });
}

/** How to get the PHP of a system. */
function howToInstall(platform: NodeJS.Platform): Phrase {
  if (platform === 'darwin') return phrase('Install it (brew install php)');
  if (platform === 'win32')
    return phrase('Install it (winget install PHP.PHP.8.4, or https://www.php.net/downloads)');
  return phrase(
    'Install it (apt-get install php-cli, dnf install php-cli, or https://www.php.net/downloads)',
  );
}
