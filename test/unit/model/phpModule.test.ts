import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { isOnPlatform, usualPlatform } from '../../../runtime/model/usualRuntimes.ts';
import { findPhpModule, isPhpModule, phpFunctions, phpHandlers } from '../../../runtime/model/phpModule.ts';

const text = `<p>don't read { this }</p>
<?php
namespace App;
/* function commented($a, $b) {} */
# function hashed($a, $b) {}
use function strlen;

#[Pure]
function handler($event, array $context = []): string
{
    $text = "function quoted(\\$a, \\$b) { ";
    $closure = function ($a, $b) { return $a; };
    function inner($a, $b) {}
    return <<<TEXT
    } function heredoc($a, $b) {}
    TEXT;
}
FUNCTION &initialize( $context ) {}
class Service { public function run($event, $context) {} }
if (!function_exists('late')) { function late($a, $b) {} }
function withDefault(callable $a = null, $b = array(1, 2)) {}
?>
<b>function html($a, $b) {}</b> it's
<?php function last($a) {}
`;

test('functions of a file are those outside of classes and of others, with their places', () => {
  const found = phpFunctions(text);
  assert.deepEqual(
    found.map(({ name, handles }) => [name, handles]),
    [
      ['handler', true],
      ['initialize', false],
      ['withDefault', true],
      ['last', false],
    ],
  );
  for (const { name, start, end } of found) assert.equal(text.slice(start, end), name);
  assert.deepEqual(phpHandlers(text), ['handler', 'withDefault']);
});

test('half-typed text is read without an end', () => {
  assert.deepEqual(phpHandlers('<?php function handler($event, $context) { "'), ['handler']);
  assert.deepEqual(phpHandlers('<?php function handler($event, '), []);
  assert.deepEqual(phpHandlers(''), []);
});

test('modules are files by their path, dots and all', () => {
  const files = new Set([join('/c', 'index.php'), join('/c', 'src', 'api.v2.php')]);
  const lookup = { isFile: (path: string) => files.has(path), readText: () => undefined, list: () => [] };
  assert.equal(findPhpModule('/c', 'index', lookup), join('/c', 'index.php'));
  assert.equal(findPhpModule('/c', 'src/api.v2', lookup), join('/c', 'src', 'api.v2.php'));
  assert.equal(findPhpModule('/c', 'src.index', lookup), undefined);
  assert.deepEqual(['index.php', 'HandlerTest.php', 'page.blade.php', 'a.js'].filter(isPhpModule), [
    'index.php',
  ]);
});

test('a language has platforms that run it; those nobody runs here are not judged', () => {
  assert.equal(usualPlatform('php'), 'aliyun-fc');
  assert.equal(usualPlatform('nodejs'), 'aws-lambda');
  assert.equal(isOnPlatform('php', 'aws-lambda'), false);
  assert.equal(isOnPlatform('custom', 'aws-lambda'), true);
  assert.equal(isOnPlatform('ruby', 'aws-lambda'), true);
});
