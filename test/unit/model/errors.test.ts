import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  catalogue,
  describe,
  failureText,
  localized,
  PorchlightError,
  told,
  toldOf,
  type ErrorCode,
  type Facts,
} from '../../../runtime/model/errors.ts';
import { phrase, plain, say, useTranslator } from '../../../runtime/support/l10n.ts';
import { translatorFor } from '../../../runtime/support/l10nBundle.ts';

const chinese = translatorFor('zh-cn')!;
after(() => useTranslator(plain));

const codes = Object.keys(catalogue) as ErrorCode[];
/** The names of facts that a message asks for. */
function asked(code: ErrorCode): string[] {
  const names = new Set<string>();
  catalogue[code].message(
    new Proxy({} as Facts, {
      get: (_, name) => void names.add(String(name)),
      ownKeys: () => [],
    }),
  );
  return [...names];
}

test('every error is said in English and in Chinese, with the same facts', () => {
  for (const code of codes) {
    for (const facts of [given(code, true), given(code, false)]) {
      const said = catalogue[code].message(facts);
      const [english, translated] = [say(said), say(said, chinese)];
      const shown = (text: string): string[] => [...text.matchAll(/<\w+>/g)].map(([fact]) => fact).sort();
      assert.deepEqual(shown(translated), shown(english), code);
      // What is made of facts alone needs no words.
      const words = english.replace(/<\w+>/g, '');
      if (/[A-Za-z]{3}/.test(words)) assert.match(translated, /\p{Script=Han}/u, code);
      assert.doesNotMatch(english, /\{\w+\}|undefined/, code);
    }
  }
});

/** Facts that a message may name; without the optional ones it has to be whole as well. */
function given(code: ErrorCode, complete: boolean): Facts {
  const optional = new Set(asked(code));
  const facts: Facts = {};
  for (const name of namesIn(code)) if (complete || !optional.has(name)) facts[name] = `<${name}>`;
  return facts;
}

/** Names of the placeholders in all texts of an entry. */
function namesIn(code: ErrorCode): string[] {
  return [...catalogue[code].message.toString().matchAll(/\{(\w+)\}|\bf\.(\w+)/g)].map(
    ([, placeholder, member]) => (placeholder ?? member)!,
  );
}

test('an error travels as code and facts, and is told in the language of its reader', () => {
  const detail = phrase('its folder was closed.');
  const error = new PorchlightError('HOST_UNREACHABLE', { root: '/p', detail });
  assert.equal(error.message, 'The runtime host of /p does not answer: its folder was closed.');
  const sent = JSON.parse(JSON.stringify(toldOf(error))) as ReturnType<typeof toldOf>;
  assert.equal(localized(sent), error.message);
  useTranslator(chinese);
  assert.equal(localized(sent), '/p 的运行时主机没有应答：其文件夹已关闭。');
  assert.equal(failureText(error), localized(sent));
  // What is recorded and logged stays English.
  assert.equal(error.message, describe('HOST_UNREACHABLE', { root: '/p', detail }));
  assert.equal(new PorchlightError('DEBUGGER_BUSY').message.startsWith('Another window'), true);
});

test('what cannot be said again is said as it came', () => {
  useTranslator(chinese);
  const { message, facts } = told('INSTANCE_UNKNOWN', { instance: 'a#1' });
  for (const other of [
    { message },
    { code: 'INSTANCE_UNKNOWN', message },
    { code: 'OF_A_LATER_VERSION', message, facts },
    { code: 'toString', message, facts },
    { code: 'INSTANCE_UNKNOWN', message: 'Another version says it so.', facts },
    { code: 'INSTANCE_UNKNOWN', message, facts: {} },
  ])
    assert.equal(localized(other), other.message);
  assert.equal(failureText(new TypeError('oops')), 'oops');
  assert.equal(failureText('text'), 'text');
  assert.deepEqual(toldOf(new TypeError('oops')), told('INTERNAL', { detail: 'oops' }));
});
