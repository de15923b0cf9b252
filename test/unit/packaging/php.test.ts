import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test, type TestContext } from 'node:test';
import { archiveFunction } from '../../../runtime/packaging/archiveFunction.ts';
import { createPackager } from '../../../runtime/packaging/packager.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';
import { phpOfMachine } from '../../support/php.ts';
import { tempFolder } from '../../support/tempFolder.ts';

const php = phpOfMachine();

function project(t: TestContext, files: Record<string, string>) {
  const root = tempFolder(t);
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const packager = createPackager({ root });
  t.after(() => packager.dispose());
  const platform = 'aliyun-fc';
  const definition = functionDefinition(root, { language: 'php', platform, handler: 'index.handler' });
  return { root, write, packager, definition };
}

const handler = '<?php\nfunction handler($event, $context) { return "1"; }\n';
const files = {
  'index.php': handler,
  'src/Word.php': '<?php\nclass Word {}\n',
  'templates/mail.twig': '{{ name }}',
  'vendor/autoload.php': '<?php\n',
  'vendor/acme/one/One.php': '<?php\n',
  'vendor/composer/installed.json': '{"packages":[]}',
};

test('a PHP artifact is the code folder, its packages by what Composer installed', async (t) => {
  const { root, write, packager, definition } = project(t, files);
  const artifact = await packager.prepare(definition, '8.2.0', php);
  assert.deepEqual(
    artifact.inputs.map((file) => relative(root, file).replaceAll('\\', '/')),
    ['index.php', 'src/Word.php', 'templates/mail.twig'],
  );
  write('src/Word.php', '<?php\nclass Word { const A = 1; }\n');
  assert.deepEqual(packager.invalidate([join(root, 'src', 'Word.php')]), ['hello']);
  const edited = await packager.prepare(definition, '8.2.0', php);
  assert.notEqual(edited.id, artifact.id);
  write('vendor/composer/installed.json', '{"packages":[{}]}');
  packager.invalidate([join(root, 'composer.lock')]);
  assert.notEqual((await packager.prepare(definition, '8.2.0', php)).id, edited.id);
});

for (const [what, text, message] of [
  ['parsed', '<?php\n\n$a = = 1;\n', /^src.Word\.php:3:1: syntax error, unexpected token "="/],
  ['compiled', '<?php\nfunction a() {}\nfunction a() {}\n', /^src.Word\.php:3:1: Cannot redeclare/],
] as const) {
  test(
    `an edit that cannot be ${what} is told with its place`,
    { skip: php ? false : 'No PHP 7.2 or newer is installed.' },
    async (t) => {
      const { root, write, packager, definition } = project(t, files);
      await packager.prepare(definition, '8.2.0', php);
      write('src/Word.php', text);
      packager.invalidate([join(root, 'src', 'Word.php')]);
      await assert.rejects(packager.prepare(definition, '8.2.0', php), { code: 'BUILD_FAILED', message });
    },
  );
}

test('an archive holds own code and vendor, no secrets, and says what was not installed', async (t) => {
  const composer = { 'composer.json': '{\n  "require": { "php": ">=7.2", "acme/one": "^1" }\n}\n' };
  const { root, definition } = project(t, {
    ...files,
    ...composer,
    '.env': 'SECRET=1\n',
    'auth.json': '{}',
    'node_modules/x/index.js': '',
  });
  const options = { root, places: join(root, '.porchlight') };
  const whole = await archiveFunction(definition, options);
  const sent = whole.files.map(({ path }) => path);
  assert.deepEqual(sent.sort(), [...Object.keys(files), 'composer.json'].sort());
  assert.deepEqual(whole.findings, []);
  assert.equal(whole.start.entry, 'index.php');

  const bare = project(t, { 'index.php': handler, ...composer });
  const lacking = await archiveFunction(bare.definition, {
    root: bare.root,
    places: join(bare.root, '.porchlight'),
  });
  assert.deepEqual(
    lacking.findings.map(({ code, line }) => [code, line]),
    [['COMPOSER_NOT_INSTALLED', 2]],
  );
  const without = project(t, {
    'index.php': handler,
    'composer.json': '{ "require": { "php": "*", "ext-json": "*" } }',
  });
  const fine = await archiveFunction(without.definition, {
    root: without.root,
    places: join(without.root, '.porchlight'),
  });
  assert.deepEqual(fine.findings, []);
});
