import assert from 'node:assert/strict';
import test from 'node:test';
import { findNode, type FinderSystem } from '../../../../extension/hostClient/nodeFinder.ts';

interface Machine {
  platform?: NodeJS.Platform;
  env?: Record<string, string>;
  /** Programs by path, with the version they print; undefined cannot be run. */
  programs: Record<string, string | undefined>;
  folders?: Record<string, string[]>;
  editor?: string;
}

function system(machine: Machine): FinderSystem {
  return {
    platform: machine.platform ?? 'linux',
    env: machine.env ?? {},
    home: machine.platform === 'win32' ? 'C:\\Users\\ann' : '/home/ann',
    list: (folder) => machine.folders?.[folder] ?? [],
    exists: (file) => file in machine.programs,
    versionOf: (file) => Promise.resolve(machine.programs[file]),
    editor: { path: '/opt/editor', version: machine.editor ?? '22.15.1' },
  };
}

const found: [name: string, setting: string, machine: Machine, expected: string][] = [
  [
    'the setting',
    '~/node',
    { programs: { '/home/ann/node': '24.1.0', '/usr/bin/node': '20.19.0' } },
    'setting /home/ann/node',
  ],
  [
    'the PATH, in its order',
    '',
    {
      env: { PATH: 'relative:/a:/b' },
      programs: { '/b/node': '20.19.0', '/a/node': '24.0.0', 'relative/node': '24.0.0' },
    },
    'found /a/node',
  ],
  [
    'the next one when the first is too old',
    '',
    { env: { PATH: '/a:/b' }, programs: { '/a/node': '18.20.0', '/b/node': '20.19.0' } },
    'found /b/node',
  ],
  [
    'the next one when the first cannot be run',
    '',
    { env: { PATH: '/a:/b' }, programs: { '/a/node': undefined, '/b/node': '22.0.0' } },
    'found /b/node',
  ],
  [
    "a version manager's newest",
    '',
    {
      folders: { '/home/ann/.nvm/versions/node': ['v9.0.0', 'v20.20.2', 'v22.3.0', 'lts'] },
      programs: {
        '/home/ann/.nvm/versions/node/v22.3.0/bin/node': '22.3.0',
        '/home/ann/.nvm/versions/node/v20.20.2/bin/node': '20.20.2',
      },
    },
    'found /home/ann/.nvm/versions/node/v22.3.0/bin/node',
  ],
  [
    'a Windows PATH with quotes',
    '',
    {
      platform: 'win32',
      env: { Path: '"C:\\Program Files\\nodejs";C:\\x' },
      programs: { 'C:\\Program Files\\nodejs\\node.exe': '24.0.0' },
    },
    'found C:\\Program Files\\nodejs\\node.exe',
  ],
  [
    "the editor's own when there is nothing else",
    '',
    { programs: { '/usr/bin/node': '16.0.0' } },
    'editor /opt/editor',
  ],
];

for (const [name, setting, machine, expected] of found) {
  test(`finds ${name}`, async () => {
    const node = await findNode(setting, system(machine));
    assert.equal(`${node.origin} ${node.path}`, expected);
    assert.equal(node.env['ELECTRON_RUN_AS_NODE'], node.origin === 'editor' ? '1' : undefined);
  });
}

const refused: [name: string, setting: string, machine: Machine, message: RegExp][] = [
  [
    'a setting that is too old',
    '/old',
    { programs: { '/old': '18.0.0', '/usr/bin/node': '24.0.0' } },
    /nodePath names \/old, which is Node.js 18.0.0.*20\.19\.0 or newer/,
  ],
  ['a setting that cannot be run', '/no', { programs: {} }, /names \/no, which cannot be run/],
  ['a machine without any', '', { programs: {}, editor: '18.0.0' }, /No suitable Node.js.*install it/],
];

for (const [name, setting, machine, message] of refused) {
  test(`refuses ${name} with the remedy`, async () => {
    await assert.rejects(findNode(setting, system(machine)), message);
  });
}
