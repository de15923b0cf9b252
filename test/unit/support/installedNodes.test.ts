import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { InstalledNodes, type InstalledSystem } from '../../../runtime/support/installedNodes.ts';
import { nodeManager, nodePlaces } from '../../../runtime/support/nodePlaces.ts';
import { tempFolder } from '../../support/tempFolder.ts';

interface Machine {
  platform?: NodeJS.Platform;
  env?: Record<string, string>;
  /** Programs by path: the version they print, or the program a link leads to (`-> path`). */
  programs: Record<string, string | undefined>;
  own?: Partial<InstalledSystem['own']>;
  /** Time of change of every program. */
  mtimeMs?: number;
}

const posixHome = '/home/ann';
const windowsHome = 'C:\\Users\\ann';

function machineOf({ platform = 'linux', env = {}, programs, own, mtimeMs = 1 }: Machine) {
  const separator = platform === 'win32' ? '\\' : '/';
  const asked: string[] = [];
  let askedNow = 0;
  let mostAtOnce = 0;
  const system: InstalledSystem = {
    platform,
    env,
    home: platform === 'win32' ? windowsHome : posixHome,
    own: { path: '/own/node', version: '20.19.0', editor: false, ...own },
    list: (folder) => {
      const below = Object.keys(programs).filter((path) => path.startsWith(folder + separator));
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split(separator)[0]!))];
    },
    programAt: async (file) => {
      if (!(file in programs)) return undefined;
      const path = /^-> (.*)$/.exec(programs[file] ?? '')?.[1] ?? file;
      return { path, size: 10, mtimeMs };
    },
    versionOf: async (file) => {
      asked.push(file);
      mostAtOnce = Math.max(mostAtOnce, ++askedNow);
      await new Promise(setImmediate);
      askedNow--;
      return programs[file];
    },
  };
  return { system, asked, mostAtOnce: () => mostAtOnce };
}

const cases: [name: string, machine: Machine, expected: string[]][] = [
  [
    'the PATH, links followed, once each',
    {
      env: { PATH: '/a:/b:relative' },
      programs: { '/a/node': '-> /opt/n22/node', '/b/node': '-> /opt/n22/node', '/opt/n22/node': '22.1.0' },
    },
    ['22.1.0 /opt/n22/node', '20.19.0 /own/node'],
  ],
  [
    'what version managers keep, newest first',
    {
      programs: {
        [`${posixHome}/.nvm/versions/node/v18.20.8/bin/node`]: '18.20.8',
        [`${posixHome}/.local/share/fnm/node-versions/v24.1.0/installation/bin/node`]: '24.1.0',
        [`${posixHome}/.volta/tools/image/node/22.11.0/bin/node`]: '22.11.0',
        [`${posixHome}/.asdf/installs/nodejs/20.20.2/bin/node`]: '20.20.2',
        [`${posixHome}/.local/share/mise/installs/node/21.0.0/bin/node`]: '21.0.0',
        [`${posixHome}/.nodenv/versions/16.0.0/bin/node`]: '16.0.0',
        '/usr/local/n/versions/node/19.0.0/bin/node': '19.0.0',
      },
    },
    ['24.1.0', '22.11.0', '21.0.0', '20.20.2', '20.19.0', '19.0.0', '18.20.8', '16.0.0'],
  ],
  [
    'formulas of Homebrew that are not linked',
    {
      platform: 'darwin',
      programs: {
        '/opt/homebrew/opt/node@22/bin/node': '-> /opt/homebrew/Cellar/node@22/22.2.0/bin/node',
        '/opt/homebrew/Cellar/node@22/22.2.0/bin/node': '22.2.0',
        '/opt/homebrew/opt/openssl/bin/node': '1.0.0',
      },
    },
    ['22.2.0 /opt/homebrew/Cellar/node@22/22.2.0/bin/node', '20.19.0 /own/node'],
  ],
  [
    'Windows: Program Files, nvm-windows, scoop',
    {
      platform: 'win32',
      env: { Path: '"C:\\x"', ProgramFiles: 'C:\\Program Files' },
      own: { path: 'C:\\own\\node.exe' },
      programs: {
        'C:\\Program Files\\nodejs\\node.exe': '22.0.0',
        [`${windowsHome}\\AppData\\Roaming\\nvm\\v18.1.0\\node.exe`]: '18.1.0',
        [`${windowsHome}\\scoop\\apps\\nodejs-lts\\current\\node.exe`]: '24.0.0',
        [`${windowsHome}\\scoop\\apps\\nodeless\\current\\node.exe`]: '26.0.0',
      },
    },
    ['24.0.0', '22.0.0', '20.19.0', '18.1.0'],
  ],
  [
    'no package of a project, no stand-in of a manager, nothing that cannot be run',
    {
      env: { PATH: `/p/node_modules/.bin:${posixHome}/.asdf/shims:${posixHome}/.volta/bin:/broken` },
      programs: {
        '/p/node_modules/.bin/node': '24.0.0',
        [`${posixHome}/.asdf/shims/node`]: '24.0.0',
        [`${posixHome}/.volta/bin/node`]: '-> /opt/volta/volta-shim',
        '/opt/volta/volta-shim': '24.0.0',
        '/broken/node': undefined,
      },
    },
    ['20.19.0 /own/node'],
  ],
  [
    "not the editor's program when there is another",
    { own: { editor: true, version: '22.0.0' }, programs: { '/usr/bin/node': '18.0.0' } },
    ['18.0.0 /usr/bin/node'],
  ],
];

for (const [name, machine, expected] of cases) {
  test(`installed: ${name}`, async () => {
    const found = await new InstalledNodes(machineOf(machine).system).list();
    const withPaths = expected[0]!.includes(' ');
    assert.deepEqual(
      found.map(({ version, path }) => (withPaths ? `${version} ${path}` : version)),
      expected,
    );
  });
}

test("the editor's program runs as Node when there is nothing else", async () => {
  const { system } = machineOf({ own: { editor: true, version: '22.0.0' }, programs: {} });
  assert.deepEqual(await new InstalledNodes(system).list(), [
    { path: '/own/node', version: '22.0.0', env: { ELECTRON_RUN_AS_NODE: '1' } },
  ]);
});

test('each program is asked once, few at a time, also by the next process; a changed one again', async (t) => {
  const file = join(tempFolder(t), 'nodes.json');
  const programs: Machine['programs'] = {};
  for (let minor = 0; minor < 10; minor++) {
    programs[`${posixHome}/.nvm/versions/node/v22.${minor}.0/bin/node`] = `22.${minor}.0`;
  }
  const first = machineOf({ programs });
  const nodes = new InstalledNodes(first.system);
  await Promise.all([nodes.list(file), nodes.list(file)]);
  await nodes.list(file);
  assert.equal(first.asked.length, 10);
  assert.ok(first.mostAtOnce() <= 3);

  const second = machineOf({ programs });
  assert.equal((await new InstalledNodes(second.system).list(file))[0]!.version, '22.9.0');
  assert.deepEqual(second.asked, []);
  const changed = machineOf({ programs, mtimeMs: 2 });
  await new InstalledNodes(changed.system).list(file);
  assert.equal(changed.asked.length, 10);
});

test('what could not be run is asked again by the next process; a damaged cache is no cache', async (t) => {
  const file = join(tempFolder(t), 'nodes.json');
  writeFileSync(file, '{"/usr/bin/node":{"size":"10"},"x":null,');
  const broken = machineOf({ programs: { '/usr/bin/node': undefined, '/usr/local/bin/node': '22.0.0' } });
  await new InstalledNodes(broken.system).list(file);
  assert.deepEqual(Object.keys(JSON.parse(readFileSync(file, 'utf8'))), ['/usr/local/bin/node']);
  const well = machineOf({ programs: { '/usr/bin/node': '18.0.0', '/usr/local/bin/node': '22.0.0' } });
  assert.equal((await new InstalledNodes(well.system).list(file)).length, 3);
  assert.deepEqual(well.asked, ['/usr/bin/node']);
});

test('the manager whose words are used is the one that has versions', () => {
  const of = (programs: Machine['programs'], platform?: NodeJS.Platform) =>
    nodeManager(machineOf({ programs, ...(platform ? { platform } : {}) }).system);
  assert.equal(of({ [`${posixHome}/.volta/tools/image/node/22.0.0/bin/node`]: '22.0.0' }), 'volta');
  assert.equal(of({ '/opt/homebrew/opt/node@22/bin/node': '22.0.0' }, 'darwin'), 'brew');
  assert.equal(of({ '/usr/bin/node': '22.0.0' }), undefined);
});

test('places of a manager follow its own variables', () => {
  const { system } = machineOf({
    env: { NVM_DIR: '/nvm', FNM_DIR: '/fnm', N_PREFIX: '/n', MISE_DATA_DIR: '/mise' },
    programs: {
      '/nvm/versions/node/v1.0.0/bin/node': '',
      '/fnm/node-versions/v2.0.0/installation/bin/node': '',
      '/n/n/versions/node/3.0.0/bin/node': '',
      '/mise/installs/node/4.0.0/bin/node': '',
      '/mise/installs/node/lts/bin/node': '',
    },
  });
  assert.deepEqual(nodePlaces(system).slice(-4), [
    '/mise/installs/node/4.0.0/bin/node',
    '/n/n/versions/node/3.0.0/bin/node',
    '/fnm/node-versions/v2.0.0/installation/bin/node',
    '/nvm/versions/node/v1.0.0/bin/node',
  ]);
});
