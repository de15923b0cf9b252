import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addNote,
  keepSaid,
  translatedError,
  translatedNotes,
  translatedWarnings,
  type InvocationSummary,
} from '../../../runtime/model/invocationRecord.ts';
import { bundleTranslator, phrase, plain, useTranslator } from '../../../runtime/support/l10n.ts';

const chinese = bundleTranslator({
  'as it was': '照原样',
  'No instance is free: {count} are busy.': '没有空闲的实例：{count} 个都在忙。',
  '{count} timers were open.': '有 {count} 个定时器。',
});

test('notes, errors of ours and warnings are said in the reader’s language; what others said stays', (t) => {
  useTranslator(chinese);
  t.after(() => useTranslator(plain));
  const summary: Pick<InvocationSummary, 'notes' | 'said' | 'error' | 'warnings'> = { notes: [] };
  addNote(summary, phrase('as it was'));
  addNote(summary, 'HTTP 418 of the cloud');
  assert.deepEqual(translatedNotes(summary), ['照原样', 'HTTP 418 of the cloud']);

  const busy = phrase('No instance is free: {count} are busy.', { count: 2 });
  summary.error = { type: 'Throttled', message: 'No instance is free: 2 are busy.', stack: [] };
  keepSaid(summary, summary.error.message, busy);
  assert.equal(translatedError(summary)?.message, '没有空闲的实例：2 个都在忙。');
  assert.equal(summary.error.message, 'No instance is free: 2 are busy.');
  const foreign = { type: 'TypeError', message: 'x is not a function', stack: [] };
  assert.deepEqual(translatedError({ ...summary, error: foreign }), foreign);
  assert.equal(translatedError({}), undefined);

  summary.warnings = [{ kind: 'openWork', text: '3 timers were open.' }];
  keepSaid(summary, '3 timers were open.', phrase('{count} timers were open.', { count: 3 }));
  assert.deepEqual(translatedWarnings(summary), [{ kind: 'openWork', text: '有 3 个定时器。' }]);
});
