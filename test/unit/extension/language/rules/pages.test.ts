import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ruleIds } from '../../../../../extension/language/server/rules/ruleIds.ts';
import { translatorFor } from '../../../../../runtime/support/l10nBundle.ts';
import { root } from '../../../../../scripts/setup.mjs';

const folder = join(root, 'docs', 'rules');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

/** Code of a page without its comments, which are words. */
const codeOf = (page: string): string[] =>
  [...page.matchAll(/```[^]*?```/g)].map(([block]) => block.replace(/ *\/\/ .*$/gm, ''));

test('every rule has a page in Chinese, of the name that links have there, with the same code', () => {
  const chinese = translatorFor('zh-cn')!;
  for (const rule of ['README', ...ruleIds]) {
    const page = read(chinese('{0}.md', rule));
    assert.match(page, /\p{Script=Han}/u, rule);
    assert.deepEqual(codeOf(page), codeOf(read(`${rule}.md`)), rule);
    if (rule !== 'README') assert.ok(page.includes(`\`${rule}\` · `), rule);
  }
});

test('links of the pages lead to pages', () => {
  const names = readdirSync(folder);
  for (const name of names)
    for (const [, target] of read(name).matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(names.includes(target!), `${name} links to ${target}`);
});
