import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  bundleTranslator,
  listed,
  PhrasedError,
  phrase,
  plain,
  say,
  saidBy,
  sentences,
  spoken,
  withTexts,
} from '../../../runtime/support/l10n.ts';
import { localeOf, translatorFor } from '../../../runtime/support/l10nBundle.ts';

test('values come into texts by number and by name; what is not given stays', () => {
  assert.equal(plain('{0} of {1}, {2}', 1, 'two'), '1 of two, {2}');
  assert.equal(plain('{name}: {other} { spaced }', { name: '{other}' }), '{other}: {other} { spaced }');
  // Names of objects' own are no values.
  assert.equal(plain('{toString}', { name: 'a' }), '{toString}');
});

test('a phrase is put into words with the phrases in it', () => {
  const chinese = bundleTranslator({ '{a}, but {b}.': '{a}，但{b}。', 'not {b}': '不是 {b}', broken: 7 });
  const said = phrase('{a}, but {b}.', { a: 1, b: phrase('not {b}', { b: 'x' }) });
  assert.equal(say(said), '1, but not x.');
  assert.equal(say(said, chinese), '1，但不是 x。');
  // It travels as it is.
  assert.equal(say(JSON.parse(JSON.stringify(said)) as typeof said, chinese), '1，但不是 x。');
  assert.equal(say(phrase('unknown {a}', { a: undefined }), chinese), 'unknown ');
  assert.equal(say('as it is', chinese), 'as it is');
  assert.equal(say(phrase('broken'), chinese), 'broken');
});

test('sentences and lists are joined as the language has it', () => {
  const chinese = bundleTranslator({
    '{first} {rest}': '{first}{rest}',
    '{first}, {rest}': '{first}、{rest}',
  });
  const joined = sentences(['One.', undefined, '', phrase('Two of {n}.', { n: 2 }), 'Three.'])!;
  assert.equal(say(joined), 'One. Two of 2. Three.');
  assert.equal(say(joined, chinese), 'One.Two of 2.Three.');
  assert.equal(sentences([undefined, '']), undefined);
  assert.equal(sentences(['alone']), 'alone');
  assert.equal(say(listed(['a', phrase('b'), 'c'])), 'a, b, c');
  assert.equal(say(listed(['a', phrase('b'), 'c']), chinese), 'a、b、c');
  assert.equal(listed([]), '');
});

test('texts from outside are changed wherever they stand in a phrase; our own words and numbers stay', () => {
  const hide = (text: string): string => text.replaceAll('key', '***');
  const said = phrase('the key {a}, {b}', { a: 'key 1', b: phrase('{c} of {n}', { c: 'my key', n: 2 }) });
  assert.equal(say(withTexts(said, hide)), 'the key *** 1, my *** of 2');
  assert.equal(withTexts('a key', hide), 'a ***');
});

test('a message carries what it is made of, where that is known', () => {
  const said = phrase('no {a}', { a: 'b' });
  assert.deepEqual(spoken(said), { message: 'no b', said });
  assert.deepEqual(spoken('as it came'), { message: 'as it came' });
});

test('an error keeps its phrase; any other one says its message', () => {
  const error = new PhrasedError(phrase('no {0}', { 0: 'x' }));
  assert.equal(error.message, 'no x');
  assert.deepEqual(saidBy(error), { phrase: 'no {0}', values: { 0: 'x' } });
  assert.equal(saidBy(new TypeError('oops')), 'oops');
  assert.equal(saidBy('text'), 'text');
});

test('the bundle of a language is found by all its names; nothing else of the disk is read', () => {
  for (const name of ['zh-cn', 'zh-CN', 'zh', 'zh_CN.UTF-8', 'zh-Hans', 'zh-Hans-CN', 'zh_SG'])
    assert.equal(translatorFor(name)?.('Invoke'), '调用', name);
  for (const name of [
    'en',
    'en-US',
    'C',
    'C.UTF-8',
    'POSIX',
    'zh-TW',
    'zh_HK',
    'zh-Hant',
    'de_DE',
    '',
    undefined,
  ])
    assert.equal(translatorFor(name), undefined, name);
  for (const name of ['../../package', 'zh-cn/../x', 'zh\0', 'a'.repeat(300)])
    assert.equal(translatorFor(name), undefined, name);
});

test('the language of a terminal: LC_ALL before LC_MESSAGES before LANG', () => {
  const env = { LANG: 'de_DE', LC_MESSAGES: 'zh_CN', LC_ALL: 'en_US' };
  assert.equal(localeOf(env), 'en_US');
  assert.equal(localeOf({ ...env, LC_ALL: '' }), 'zh_CN');
  assert.equal(localeOf({ LANG: 'de_DE' }), 'de_DE');
  assert.equal(localeOf({}), undefined);
});
