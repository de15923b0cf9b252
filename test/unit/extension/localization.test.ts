import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { root } from '../../../scripts/setup.mjs';
import { localizedTexts } from '../../support/localizedTexts.ts';

type Texts = Record<string, string>;

const read = (...path: string[]): Texts => JSON.parse(readFileSync(join(root, ...path), 'utf8')) as Texts;

/** Languages beside English: those that the manifest's texts are in. */
const languages = readdirSync(root).flatMap(
  (name) => /^package\.nls\.(.+)\.json$/.exec(name)?.slice(1) ?? [],
);

/** Placeholders, commands and code: what a translation must not lose or invent. */
const fixedParts = (text: string): string[] =>
  [...text.matchAll(/\{\w+\}|\(command:[^)]+\)|\$\([\w-]+(?:~\w+)?\)|`[^`]+`/g)].map(([part]) => part).sort();

/** The texts of a source that its translation lacks or has too many, and those whose fixed parts differ. */
function faults(source: Texts, translation: Texts): string[] {
  const lacking = Object.keys(source).filter((key) => !translation[key]?.trim());
  const superfluous = Object.keys(translation).filter((key) => !Object.hasOwn(source, key));
  const differing = Object.entries(source).filter(
    ([key, text]) =>
      translation[key] !== undefined && fixedParts(text).join(' ') !== fixedParts(translation[key]).join(' '),
  );
  return [
    ...lacking.map((key) => `no translation: ${JSON.stringify(key)}`),
    ...superfluous.map((key) => `translates nothing: ${JSON.stringify(key)}`),
    ...differing.map(([key]) => `placeholders, commands or code differ: ${JSON.stringify(key)}`),
  ];
}

test('there is a translation into Simplified Chinese', () => assert.ok(languages.includes('zh-cn')));

test('every text in the code can be translated', () => assert.deepEqual(localizedTexts().unknown, []));

for (const language of languages) {
  test(`${language}: every text of the manifest is translated, and nothing else`, () => {
    const found = faults(read('package.nls.json'), read(`package.nls.${language}.json`));
    assert.equal(found.length, 0, found.join('\n'));
  });

  test(`${language}: every text in the code is translated, and nothing else`, () => {
    const source = Object.fromEntries(localizedTexts().texts.map(({ text }) => [text, text]));
    const found = faults(source, read('l10n', `bundle.l10n.${language}.json`));
    assert.equal(found.length, 0, found.join('\n'));
  });
}

test('faults are found', () => {
  const source = { a: '{0} of {1}', b: 'b', c: '[Open](command:x.open)' };
  assert.deepEqual(faults(source, { a: '{0} / {2}', c: '[打开](command:x.open)', d: 'd' }), [
    'no translation: "b"',
    'translates nothing: "d"',
    'placeholders, commands or code differ: "a"',
  ]);
});
