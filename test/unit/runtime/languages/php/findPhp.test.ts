import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseVersion } from '../../../../../runtime/languages/chooseVersion.ts';
import { findPhp, phpOrder, versionOfRuntime } from '../../../../../runtime/languages/php/findPhp.ts';
import { php } from '../../../../../runtime/languages/php/index.ts';
import { isPhp, phpPlaces } from '../../../../../runtime/support/phpPlaces.ts';
import { functionDefinition } from '../../../../support/functionDefinition.ts';
import { phpOfMachine } from '../../../../support/php.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';

const cases: [installed: string[], asked: string | undefined, expected: string][] = [
  [['8.3.1', '7.2.34'], undefined, '7.2.34'],
  [['8.3.1', '8.2.20', '7.4.33'], undefined, '7.4.33 for 7.2'],
  [['8.3.1', '8.2.20'], '8.2', '8.2.20'],
  [['8.3.1', '8.2.20'], '8', '8.3.1'],
  [['7.1.33'], '7.2', 'none'],
];
for (const [installed, asked, expected] of cases) {
  test(`of ${installed.join(', ')} takes ${expected}`, () => {
    const programs = installed.map((version) => ({ version }));
    const choice = chooseVersion(programs, asked, ['7.2'], phpOrder);
    const wanted = choice?.wanted === undefined ? '' : ` for ${choice.wanted}`;
    assert.equal(choice ? `${choice.chosen.version}${wanted}` : 'none', expected);
  });
}

test('runtime ids name a version', () => {
  assert.equal(versionOfRuntime('php7.2'), '7.2');
  assert.equal(versionOfRuntime('php8'), '8');
  assert.equal(versionOfRuntime(undefined), undefined);
});

test('names of programs: not those that speak to web servers', () => {
  const names = [
    'php',
    'php8.2',
    'php82',
    'C:\\php\\php.exe',
    'php-cgi',
    'php-fpm8.2',
    'phpize',
    'php-config',
  ];
  assert.deepEqual(names.filter(isPhp), ['php', 'php8.2', 'php82', 'C:\\php\\php.exe']);
});

test('places are the PATH, usual ones and version managers', () => {
  const folders: Record<string, string[]> = {
    '/usr/bin': ['php', 'php8.2', 'phpize', 'php-cgi8.2'],
    '/home/a/.phpbrew/php': ['php-8.1.27'],
    '/opt/homebrew/opt': ['php@8.3', 'php', 'node@22'],
  };
  const places = phpPlaces({
    platform: 'darwin',
    env: { PATH: '/usr/bin:bin' },
    home: '/home/a',
    list: (folder) => folders[folder] ?? [],
  });
  assert.deepEqual(places, [
    '/usr/bin/php',
    '/usr/bin/php8.2',
    '/home/a/.phpbrew/php/php-8.1.27/bin/php',
    '/opt/homebrew/opt/php@8.3/bin/php',
    '/opt/homebrew/opt/php/bin/php',
  ]);
  const onWindows = phpPlaces({
    platform: 'win32',
    env: { Path: 'C:\\php' },
    home: 'C:\\Users\\a',
    list: (folder) => (folder === 'C:\\laragon\\bin\\php' ? ['php-8.3.1-nts-Win32'] : []),
  });
  assert.deepEqual(onWindows, ['C:\\laragon\\bin\\php\\php-8.3.1-nts-Win32\\php.exe']);
});

test('a path that is no PHP is said with the remedy', async (t) => {
  const root = tempFolder(t);
  const definition = functionDefinition(root, { language: 'php', interpreter: 'nowhere/php' });
  await assert.rejects(findPhp(definition, { offered: [], stateFolder: join(root, '.porchlight') }), {
    code: 'INTERPRETER_MISSING',
    message: /^PHP is not found \(.*nowhere.php cannot be run as PHP for the command line\)\. Install it \(/,
  });
});

test(
  'one that stands in says for which, and what that means',
  { skip: phpOfMachine() ? false : 'No PHP 7.2 or newer is installed.' },
  async (t) => {
    const root = tempFolder(t);
    const definition = functionDefinition(root, { language: 'php', runtime: 'php5.6' });
    const found = await findPhp(definition, { offered: ['7.2'], stateFolder: join(root, '.porchlight') });
    assert.match(found.label, /^PHP \d/);
    assert.match(
      found.instead!.message,
      /its runtime is php5\.6, but that is not installed .* runs it instead\./,
    );
  },
);

test('error_log is told apart from 8.0 on, where it can be defined anew', () => {
  const definition = functionDefinition('/p', { language: 'php' });
  const facts = {} as Parameters<typeof php.launch>[2];
  const args = (version: string) =>
    php.launch({ path: '/usr/bin/php', version, label: '' }, definition, facts).args;
  assert.ok(args('8.0.30').includes('disable_functions=error_log'));
  assert.ok(!args('7.4.33').includes('disable_functions=error_log'));
});
