import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseVersion } from '../../../../../runtime/languages/chooseVersion.ts';
import {
  findPython,
  pythonOrder,
  versionOfRuntime,
} from '../../../../../runtime/languages/python/findPython.ts';
import { findVirtualEnvironment } from '../../../../../runtime/languages/python/virtualEnvironment.ts';
import { pythonPlaces } from '../../../../../runtime/support/pythonPlaces.ts';
import { versionOfPython } from '../../../../../runtime/support/pythonSystem.ts';
import { functionDefinition } from '../../../../support/functionDefinition.ts';
import { pythonOfMachine } from '../../../../support/python.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const fc = ['3.6', '3.9', '3.10', '3.12'];

const cases: [installed: string[], asked: string | undefined, expected: string][] = [
  [['3.13.0', '3.12.1', '3.10.4'], undefined, '3.12.1'],
  [['3.13.0', '3.10.13', '3.10.4'], '3.10', '3.10.13'],
  [['3.13.0', '3.11.2'], '3.10', '3.11.2 for 3.10'],
  [['3.9.18', '3.8.1'], '3.10', '3.9.18 for 3.10'],
  [['3.13.0', '3.8.1'], '3.6', '3.8.1 for 3.6'],
  [['3.7.16'], '3.6', 'none'],
];
for (const [installed, asked, expected] of cases) {
  test(`of ${installed.join(', ')} takes ${expected}`, () => {
    const programs = installed.map((version) => ({ version }));
    const choice = chooseVersion(programs, asked, fc, pythonOrder);
    const wanted = choice?.wanted === undefined ? '' : ` for ${choice.wanted}`;
    assert.equal(choice ? `${choice.chosen.version}${wanted}` : 'none', expected);
  });
}

test('runtime ids name a version', () => {
  assert.equal(versionOfRuntime('python3.12'), '3.12');
  assert.equal(versionOfRuntime('python3'), '3.6');
  assert.equal(versionOfRuntime(undefined), undefined);
});

test('places are the PATH, usual ones and version managers, without stand-ins', () => {
  const folders: Record<string, string[]> = {
    '/home/a/.pyenv/shims': ['python3'],
    '/usr/bin': ['python3', 'python3.11', 'python3-config', 'perl'],
    '/home/a/.pyenv/versions': ['3.12.1', '2.7.18'],
    '/home/a/.local/share/uv/python': ['cpython-3.13.0-linux-x86_64-gnu'],
  };
  const places = pythonPlaces({
    platform: 'linux',
    env: { PATH: '/home/a/.pyenv/shims:/usr/bin:bin' },
    home: '/home/a',
    list: (folder) => folders[folder] ?? [],
  });
  assert.deepEqual(places, [
    '/usr/bin/python3',
    '/usr/bin/python3.11',
    '/home/a/.pyenv/versions/3.12.1/bin/python3',
    '/home/a/.local/share/uv/python/cpython-3.13.0-linux-x86_64-gnu/bin/python3',
  ]);
});

function makeEnvironment(folder: string, version: string, program?: string): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'pyvenv.cfg'), `home = /usr/bin\nversion = ${version}\n`);
  if (program) symlinkSync(program, join(folder, 'bin', 'python'));
}

test('the nearest virtual environment wins, up to the project', (t) => {
  const root = tempFolder(t);
  const code = join(root, 'fn', 'src');
  mkdirSync(code, { recursive: true });
  assert.equal(findVirtualEnvironment(code, root, ''), undefined);
  makeEnvironment(join(root, '.venv'), '3.11.2');
  assert.equal(findVirtualEnvironment(code, root, '')?.folder, join(root, '.venv'));
  makeEnvironment(join(root, 'fn', 'venv'), '3.12.0');
  assert.equal(findVirtualEnvironment(code, root, '')?.version, '3.12.0');
});

const python = pythonOfMachine();

test(
  'a virtual environment is taken whatever its version, and that is told; a broken one says so',
  { skip: !python || process.platform === 'win32' ? 'No Python 3.8 or newer is installed.' : false },
  async (t) => {
    const root = tempFolder(t);
    const version = (await versionOfPython(python!))!;
    makeEnvironment(join(root, '.venv'), version, python);
    const search = { offered: fc, stateFolder: join(root, '.porchlight') };
    const definition = functionDefinition(root, { language: 'python', runtime: 'python3.6' });
    const found = await findPython(definition, search);
    assert.equal(found.path, join(root, '.venv', 'bin', 'python'));
    assert.equal(found.label, `Python ${version} (.venv)`);
    assert.match(found.instead!.message, /its runtime is python3\.6, but its virtual environment has Python/);

    const broken = join(root, 'broken');
    makeEnvironment(join(broken, '.venv'), '3.11.2');
    await assert.rejects(findPython({ ...definition, codeRoot: broken }, search), {
      code: 'INTERPRETER_MISSING',
      message: /virtual environment .* cannot be run\). Create it anew: python3 -m venv /,
    });
    await assert.rejects(findPython({ ...definition, interpreter: '/nowhere/python' }, search), {
      message: /\/nowhere\/python cannot be run as Python/,
    });
  },
);
