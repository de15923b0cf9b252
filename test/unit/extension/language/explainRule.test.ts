import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { explainRule } from '../../../../extension/language/explainRule.ts';
import { paramsOf } from '../../../../extension/language/importCosts.ts';
import { plain } from '../../../../runtime/support/l10n.ts';
import type { ImportCost } from '../../../../runtime/model/coldStartProfile.ts';

test('the page of a rule opens as Markdown; nothing else of the disk does', async () => {
  const opened: unknown[] = [];
  const api = {
    commands: { executeCommand: async (...given: unknown[]) => void opened.push(given) },
    Uri: { file: (path: string) => path },
    l10n: { t: plain },
  } as unknown as Parameters<typeof explainRule>[0];
  const context = { asAbsolutePath: (path: string) => join('/extension', path) };
  await explainRule(api, context, 'not-awaited');
  for (const rule of ['../../secret', 'a/b', '', 7, undefined, '..']) await explainRule(api, context, rule);
  assert.deepEqual(opened, [['markdown.showPreview', join('/extension', 'docs', 'rules', 'not-awaited.md')]]);
});

test('what the server is told of a profile: packages, by what would be saved without them', () => {
  const at = { file: '/p/a.js', line: 1, column: 1 };
  const cost = (name: string, kind: ImportCost['kind'], onlyMs: number): ImportCost => ({
    at,
    text: '',
    name,
    kind,
    onlyMs,
    totalMs: 100,
    share: 0.1,
  });
  const imports = [
    cost('zod', 'package', 30),
    cost('zod', 'package', 0),
    cost('node:fs', 'builtin', 5),
    cost('src/b.js', 'own', 9),
  ];
  assert.deepEqual(paramsOf({ folder: { name: 'p', path: '/p' } }, { function: 'hello', imports }), {
    folder: '/p',
    function: 'hello',
    packages: { zod: 30 },
  });
});
