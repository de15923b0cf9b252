import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { porchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

const project = {
  's.yaml': `resources:
  shop:
    component: fc3
    props:
      functionName: shop
      handler: index.handler
      code: ./src
      environmentVariables:
        GIVEN: here
        SECRET: \${env(PORCHLIGHT_TEST_SECRET_NOBODY_SETS)}
`,
  'src/index.ts': `import { table } from './store.js';
const { GIVEN, SECRET, URL_BASE, STAGE = 'dev' } = process.env;
export const handler = async () => JSON.stringify([table, GIVEN, SECRET, URL_BASE, STAGE, process.env.FC_REGION]);
`,
  'src/store.ts': `import 'shop-database';\nexport const table = process.env.TABLE;\nexport const size = process.env.SIZE ?? 1;\n`,
  'src/store.test.ts': `use(process.env.ONLY_IN_TESTS);\n`,
  'src/node_modules/shop-database/package.json': '{"name":"shop-database","main":"index.js"}',
  'src/node_modules/shop-database/index.js': 'exports.url = process.env.OF_A_PACKAGE;',
};

async function start(t: TestContext, files: Record<string, string>): Promise<Host> {
  let host = undefined as Host | undefined;
  // Before the folder is removed.
  t.after(() => host?.close('test ended'));
  const root = tempFolder(t);
  writeTree(root, files);
  host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
  await host.registry.settled();
  return host;
}

function found(host: Host): string[] {
  return host.registry.problems
    .filter(({ code }) => code !== 'INTERPRETER_INSTEAD')
    .map(({ severity, code, file, line, column, message }) => {
      const place = `${file.slice(host.options.root.length + 1).replaceAll('\\', '/')}:${line}:${column}`;
      return `${place} ${severity} ${code} ${/reads (.*), but/.exec(message)?.[1] ?? ''}`.trim();
    });
}

/** Saves a file, as an editor would say, and waits until what follows from it is known. */
async function save(host: Host, file: string, text: string, expected: string[]): Promise<void> {
  const path = join(host.options.root, file);
  writeFileSync(path, text);
  host.options.source.announce([path]);
  await until(host, expected);
}

/** Resolves when these problems are the known ones. */
async function until(host: Host, expected: string[]): Promise<void> {
  const isThere = () => JSON.stringify(found(host)) === JSON.stringify(expected);
  if (isThere()) return;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (isThere()) resolve();
    };
    host.registry.onDidFind(look);
    host.registry.onDidChange(look);
  });
}

const secret = 's.yaml:10:17 warning VARIABLE_MISSING';

test('a variable that code or configuration names and nothing gives is one warning with its place', async (t) => {
  const host = await start(t, project);
  assert.deepEqual(found(host), [
    secret,
    'src/index.ts:2:24 warning VARIABLES_NOT_GIVEN URL_BASE (src/index.ts:2) and TABLE (src/store.ts:2)',
  ]);
  const { problems } = host.registry;
  assert.match(problems.at(-1)!.message, /^shop: .* Add them to \.env or \.env\.shop, or to the environment/);
  assert.equal(problems.at(-1)!.function, 'shop');
  const record = await invoke(host, 'shop');
  assert.equal(record.status, 'ok');
  assert.deepEqual(record.notes, []);
});

test('the warning follows edits and .env files, before and after the function was called', async (t) => {
  const host = await start(t, project);
  const both = 'URL_BASE (src/index.ts:2) and TABLE (src/store.ts:2)';
  const warn = (place: string, names: string) => `${place} warning VARIABLES_NOT_GIVEN ${names}`;
  assert.deepEqual(found(host), [secret, warn('src/index.ts:2:24', both)]);
  await save(host, 'src/store.ts', `export const table = process.env.TABLE || 'orders';\n`, [
    secret,
    warn('src/index.ts:2:24', 'URL_BASE (src/index.ts:2)'),
  ]);
  await save(host, '.env', 'URL_BASE=http://127.0.0.1\nPORCHLIGHT_TEST_SECRET_NOBODY_SETS=s\n', []);
  assert.match((await invoke(host, 'shop')).body, /^\["orders","here","s","http:/);
  await save(host, 'src/store.ts', `\n\nexport const table = process.env.TABLE;\n`, [
    warn('src/store.ts:3:22', 'TABLE (src/store.ts:3)'),
  ]);
  await save(host, 'src/.env.shop', 'TABLE=t\n', []);
  rmSync(join(host.options.root, '.env'));
  host.options.source.announce([join(host.options.root, '.env')]);
  await until(host, [secret, warn('src/index.ts:2:24', 'URL_BASE (src/index.ts:2)')]);
});

test('what the developer has in the shell does not reach the function, and is missed', async (t) => {
  const before = process.env['SHOP_OF_THE_SHELL'];
  process.env['SHOP_OF_THE_SHELL'] = 'leaks';
  t.after(() => {
    if (before === undefined) delete process.env['SHOP_OF_THE_SHELL'];
  });
  const host = await start(t, {
    'porchlight.yaml': 'functions:\n  one: { handler: index.handler }\n',
    'index.js': `exports.handler = async () => [
  process.env.SHOP_OF_THE_SHELL, process.env.TZ, process.env.LANG, Object.keys(process.env)
];
`,
  });
  assert.deepEqual(found(host), ['index.js:2:3 warning VARIABLES_NOT_GIVEN SHOP_OF_THE_SHELL (index.js:2)']);
  const [value, zone, language, names] = JSON.parse((await invoke(host, 'one')).body) as [
    null,
    string,
    string,
    string[],
  ];
  assert.deepEqual([value, zone, language], [null, ':UTC', 'en_US.UTF-8']);
  const own =
    /^(AWS_|_HANDLER$|_X_AMZN_|LAMBDA_|LANG$|TZ$|PATH$|HOME$|TMPDIR$|TEMP$|TMP$|PORCHLIGHT_(HOST_MARK|GATEWAY)$|__CF_)/;
  if (process.platform !== 'win32')
    assert.deepEqual(
      names.filter((name) => !own.test(name)),
      [],
    );
});

test('list says it without building anything', async (t) => {
  const root = tempFolder(t);
  writeTree(root, project);
  const { stdout, stderr, code } = await porchlight(root, ['list']);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^shop /m);
  const lines = stderr.split('\n').filter((line) => /shop: (the code reads|the variable)/.test(line));
  assert.equal(lines.length, 2, stderr);
  assert.match(lines[1]!, /src.index\.ts:2:24: warning: shop: the code reads URL_BASE/);
});
