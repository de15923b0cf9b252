import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlatformId } from '../../runtime/model/words.ts';
import { nodejsForm, type NodejsForm } from './nodejsForms.ts';
import { phpDiffers } from './phpDiffers.ts';
import { programsDiffer } from './programsDiffer.ts';
import { pythonDiffers } from './pythonDiffers.ts';
import type { Differences, Settings, Trait } from './row.ts';
import { phpOfMachine } from '../support/php.ts';
import { pythonOfMachine } from '../support/python.ts';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures', 'conformance');

/** A language, in one of the forms its code may have. */
export interface LanguageForm {
  id: string;
  /** What test output calls it. */
  title: string;
  /** The first form of a language runs the whole table, the others what depends on how code is loaded. */
  first: boolean;
  traits: readonly Trait[];
  /** Those that run the language; all when absent. */
  platforms?: readonly PlatformId[];
  /** The handler string of a fixture. */
  handler(module: string, behaviour: string): string;
  /** Ending of the files that hold the code. */
  ending: string;
  /** What every function of it needs in its settings. */
  settings?: Settings;
  /** What comes of rows in this language, where that is not what the table says. */
  differs?: Differences;
  /** Why it cannot be tested on this machine. */
  unavailable?: string | undefined;
  /** Writes the fixtures into an empty folder. */
  write(folder: string, platform: PlatformId): Promise<void>;
}

/** A version or program, where another Python than the newest of the machine is to pass the table. */
const chosenPython = process.env['CONFORMANCE_PYTHON'];

/** Every language and form that passes the table; a new language is one more line. */
export const languageForms: LanguageForm[] = [
  nodejs('CommonJS', 'commonjs', ['callbacks', 'descriptors']),
  nodejs('ES modules', 'module', ['callbacks', 'descriptors', 'topLevelAwait']),
  nodejs('TypeScript', 'typescript', ['callbacks', 'descriptors']),
  python(),
  php(),
  program(),
];

function php(): LanguageForm {
  return {
    id: 'php',
    title: 'PHP',
    first: true,
    // No other cloud has a runtime for it.
    platforms: ['aliyun-fc'],
    traits: ['descriptors', 'php'],
    ending: 'php',
    settings: { language: 'php' },
    differs: phpDiffers,
    unavailable: phpOfMachine() ? undefined : 'No PHP 7.2 or newer is installed: its rows are left out.',
    handler: (module, behaviour) => `${module}.${behaviour.replaceAll('-', '_')}`,
    write: (folder) => cp(join(fixtures, 'php'), folder, { recursive: true }),
  };
}

function python(): LanguageForm {
  return {
    id: 'python',
    title: 'Python',
    first: true,
    traits: ['descriptors', 'python'],
    ending: 'py',
    settings: { language: 'python', ...(chosenPython && { interpreter: chosenPython }) },
    differs: pythonDiffers,
    unavailable: pythonOfMachine()
      ? undefined
      : 'No Python 3.8 or newer is installed: its rows are left out.',
    handler: (module, behaviour) => `${module}.${behaviour.replaceAll('-', '_')}`,
    async write(folder, platform) {
      await cp(join(fixtures, 'python'), folder, { recursive: true });
      if (platform === 'openfaas') await importWithin(folder);
    },
  };
}

/** OpenFaaS's templates make a package `function` of the folder: its modules name each other as parts of that. */
async function importWithin(folder: string): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) {
    if (!name.endsWith('.py')) continue;
    const text = await readFile(join(folder, name), 'utf8');
    await writeFile(join(folder, name), text.replace(/^from event import/m, 'from function.event import'));
  }
}

/** A program that speaks to its platform by HTTP; what it does for an event is what fixtures of Node.js do. */
function program(): LanguageForm {
  return {
    id: 'custom',
    title: 'Programs',
    first: true,
    traits: ['program'],
    ending: 'js',
    settings: { language: 'custom', command: [process.execPath, 'program.cjs'] },
    differs: programsDiffer,
    handler: (module, behaviour) => `${module}.${camelCase(behaviour)}`,
    write: async (folder) => {
      await writeForm(join(fixtures, 'nodejs'), folder, 'commonjs');
      await cp(join(fixtures, 'custom'), folder, { recursive: true });
    },
  };
}

const camelCase = (name: string): string =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());

function nodejs(title: string, form: NodejsForm, traits: Trait[]): LanguageForm {
  return {
    id: `nodejs-${form}`,
    title: `Node.js, ${title}`,
    first: form === 'commonjs',
    traits,
    ending: form === 'typescript' ? 'ts' : 'js',
    handler: (module, behaviour) => `${module}.${camelCase(behaviour)}`,
    write: (folder) => writeForm(join(fixtures, 'nodejs'), folder, form),
  };
}

/** All forms are made of the same sources: they cannot differ in anything but their form. */
async function writeForm(from: string, folder: string, form: NodejsForm): Promise<void> {
  await mkdir(folder, { recursive: true });
  if (form === 'typescript') return cp(from, folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: form }));
  for (const name of await readdir(from)) {
    const text = await readFile(join(from, name), 'utf8');
    await writeFile(join(folder, `${basename(name, '.ts')}.js`), nodejsForm(text, form));
  }
}
