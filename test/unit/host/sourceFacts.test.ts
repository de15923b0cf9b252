import assert from 'node:assert/strict';
import { test } from 'node:test';
import { translatedTrigger } from '../../../extension/hostClient/translatedTrigger.ts';
import { sourceFacts } from '../../../runtime/host/sourceFacts.ts';
import type { TriggerState } from '../../../runtime/protocol/control/triggers.ts';
import { bundleTranslator, phrase, plain, useTranslator } from '../../../runtime/support/l10n.ts';

const facts = sourceFacts(
  {
    text: phrase('{count} waiting', { count: 2 }),
    waiting: 2,
    details: [{ label: phrase('Dead letters'), text: '3' }],
    actions: [{ id: 'purge', title: phrase('Purge'), confirm: phrase('Remove {count}?', { count: 2 }) }],
  },
  'EACCES',
);

test('a source says itself in English, with what its texts are made of', () => {
  const { said, ...english } = facts;
  assert.deepEqual(english, {
    text: '2 waiting',
    waiting: 2,
    details: [{ label: 'Dead letters', text: '3' }],
    actions: [{ id: 'purge', title: 'Purge', confirm: 'Remove 2?' }],
    problem: 'EACCES',
  });
  assert.deepEqual(Object.keys(said ?? {}), ['2 waiting', 'Dead letters', 'Purge', 'Remove 2?']);
  assert.deepEqual(sourceFacts({ text: 'as it is' }, undefined), { text: 'as it is' });
});

test('its reader has it in another language, also after it travelled', (t) => {
  useTranslator(
    bundleTranslator({
      '{count} waiting': '{count} 条等待中',
      'Dead letters': '死信',
      'Remove {count}?': '移除 {count} 条？',
    }),
  );
  t.after(() => useTranslator(plain));
  const own = {
    function: 'f',
    name: 'q',
    kind: 'queue',
    summary: 'queue q',
    status: 'running',
    fired: 0,
  } as const;
  const state = JSON.parse(JSON.stringify({ ...own, ...facts })) as TriggerState;
  const { text, details, actions, problem, summary } = translatedTrigger(state);
  assert.equal(text, '2 条等待中');
  assert.deepEqual(details, [{ label: '死信', text: '3' }]);
  assert.deepEqual(actions, [{ id: 'purge', title: 'Purge', confirm: '移除 2 条？' }]);
  assert.deepEqual([problem, summary], ['EACCES', 'queue q']);
});
