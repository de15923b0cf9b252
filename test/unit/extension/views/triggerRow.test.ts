import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaf, type Row } from '../../../../extension/views/row.ts';
import { triggerRow } from '../../../../extension/views/triggerRow.ts';
import type { TriggerState } from '../../../../runtime/protocol/control/triggers.ts';

const now = new Date(2026, 10, 26, 10, 0, 0).getTime();
const parent = leaf(
  leaf({ id: 'root' } as Row, 'x', { label: 'x' }),
  'hello',
  { label: 'hello' },
  { function: 'hello', folder: '/p' },
);

/** A trigger's row and what is below it, as text. */
async function rendered(state: Partial<TriggerState>): Promise<string[]> {
  const row = triggerRow(
    parent,
    { function: 'hello', name: 't', kind: 'timer', summary: '', status: 'running', fired: 0, ...state },
    now,
  );
  const line = (each: Row): string => {
    const { label, description, icon } = each.content();
    return `<${icon?.id}> ${label}${description === undefined ? '' : ` | ${description}`}`;
  };
  const children = await row.children();
  return [`${line(row)} [${row.content().context}]`, ...children.map((child) => `  ${line(child)}`)];
}

test('a timer that runs, with its next times and how its last event went', async () => {
  const minutes = (count: number): number => now + count * 60_000;
  assert.deepEqual(
    await rendered({
      name: 'often',
      summary: 'every 5 minutes',
      next: [minutes(5), minutes(24 * 60)],
      fired: 2,
      last: {
        at: now,
        label: 'often at 09:55',
        status: 'error',
        attempts: 3,
        reason: 'all 3 attempts failed',
      },
    }),
    [
      '<watch> often | timer · every 5 minutes · running · next 10:05:00 · last error, attempt 3 [trigger running]',
      '  <play-circle> running',
      '  <clock> Next | 10:05:00',
      '  <clock> Next | 2026-11-27 10:00',
      '  <error> Fired 2 times | 10:00:00 · error, attempt 3 · often at 09:55 · given up: all 3 attempts failed',
    ],
  );
});

test('a timer that does not run says when the cloud would', async () => {
  const lines = await rendered({ summary: 'x', status: 'stopped', text: 'only by hand', next: [now + 1000] });
  assert.deepEqual(lines, [
    '<watch> t | timer · x · not running [trigger stopped]',
    '  <circle-outline> not running | only by hand',
    '  <clock> Next in the cloud | 10:00:01',
  ]);
});

test('a folder, a queue, and one that is wrong', async () => {
  const storage = await rendered({
    kind: 'storage',
    summary: 'bucket b',
    folder: '/p/b',
    waiting: 3,
    details: [{ label: 'Objects', text: '7' }],
  });
  assert.deepEqual(storage, [
    '<folder-library> t | storage · bucket b · running · 3 waiting [trigger running folder]',
    '  <play-circle> running',
    '  <inbox> Waiting | 3',
    '  <folder> Folder | /p/b',
    '  <info> Objects | 7',
  ]);
  const queue = await rendered({
    kind: 'queue',
    summary: 'queue q',
    actions: [{ id: 'purge', title: 'Purge' }],
    text: '2 waiting, 1 dead letter',
    waiting: 2,
    dead: 1,
    details: [{ label: 'Dead letters', text: '1 in aside', warns: true }],
  });
  assert.deepEqual(queue, [
    '<inbox> t | queue q · running · 2 waiting · 1 dead letter [trigger running queue actions]',
    '  <play-circle> running | 2 waiting, 1 dead letter',
    '  <warning> Dead letters | 1 in aside',
  ]);
  const wrong = await rendered({ status: 'failed', problem: 'it is wrong.' });
  assert.deepEqual(wrong, [
    '<error> t | timer · failed · it is wrong. [trigger failed]',
    '  <error> it is wrong.',
    '  <circle-outline> failed',
  ]);
});
