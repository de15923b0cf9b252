import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundleTranslator, PhrasedError, phrase, plain, say, saidBy } from '../../../runtime/support/l10n.ts';
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
