import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultHistoryLimits } from '../../../runtime/history/historyLimits.ts';
import { decodeEntry, encodeBegun, encodeEnded } from '../../../runtime/history/journalEntry.ts';
import { isGone, listSegments, newSession, segmentName } from '../../../runtime/history/journalFolder.ts';
import { newestLines, readJournal } from '../../../runtime/history/journalReader.ts';
import { JournalWriter, type JournalFiles } from '../../../runtime/history/journalWriter.ts';
import { bodyOf, recordOf } from '../../support/records.ts';
import { tempFolder } from '../../support/tempFolder.ts';

test('an entry is a line that comes back, whatever the record holds', () => {
  const record = recordOf('r1', {
    event: bodyOf('two\nlines \u0000 \u2028 灯 💡 \ud800'),
    error: { type: 'E', message: 'm', stack: ['at f'] },
    label: 'GET /',
    parent: 'p',
  });
  const line = encodeEnded(record);
  assert.equal(line.indexOf('\n'), line.length - 1);
  assert.deepEqual(decodeEntry(line.slice(0, -1)), { kind: 'ended', record });
});

test('a beginning comes back as an invocation that runs', () => {
  const {
    startKind: _start,
    instance: _instance,
    result: _result,
    ...accepted
  } = recordOf('r1', {
    status: 'running',
    artifact: '',
    phases: [],
    durationMs: 0,
    wallMs: 0,
    billedMs: 0,
    maxMemoryMB: 0,
    label: 'GET /',
    parent: 'p',
    replayOf: 'r0',
    clientContext: 'c',
    requestId: 'q',
  });
  assert.deepEqual(decodeEntry(encodeBegun(accepted).slice(0, -1)), { kind: 'begun', record: accepted });
});

test('what is no entry is told from one', () => {
  const whole = encodeEnded(recordOf('r1')).slice(0, -1);
  const json = (changes: object): string => `E${JSON.stringify({ ...recordOf('r1'), ...changes })}`;
  const rubbish = [
    '',
    'X ',
    'Q{}',
    'Enull',
    'E[]',
    'E{}',
    'B{}',
    '\0\0\0',
    whole.slice(0, -1),
    whole.slice(1),
    json({ id: 5 }),
    json({ id: 'i'.repeat(2000) }),
    json({ receivedAt: 'now' }),
    json({ event: 'text' }),
    json({ result: { data: 1 } }),
    json({ logs: [{}] }),
    json({ phases: {} }),
    json({ error: { type: 'E' } }),
    json({ replayOf: 5 }),
  ];
  for (const line of rubbish) assert.equal(decodeEntry(line), undefined, line.slice(0, 40));
});

test('whole lines are read from where the last reading ended; half a line waits for its end', (t) => {
  const file = join(tempFolder(t), 'j');
  const lines = ['a', 'b', 'c'].map((id) => encodeEnded(recordOf(id)));
  writeFileSync(file, `${lines[0]}rubbish\n\n${lines[1]}${lines[2]!.slice(0, 20)}`);
  const ids = (portion: ReturnType<typeof readJournal>): string[] =>
    portion!.entries.flatMap((entry) => (entry.kind === 'closed' ? [] : entry.record.id));
  const first = readJournal(file, 0, lines[0]!.length)!;
  assert.deepEqual([ids(first), first.rubbish], [['a'], 0]);
  const second = readJournal(file, first.offset, 100_000)!;
  assert.deepEqual([ids(second), second.rubbish], [['b'], 1]);
  assert.deepEqual(readJournal(file, second.offset, 100_000), {
    entries: [],
    offset: second.offset,
    rubbish: 0,
  });
  appendFileSync(file, lines[2]!.slice(20));
  assert.deepEqual(ids(readJournal(file, second.offset, 10)), ['c']);
  assert.equal(readJournal(join(file, '..', 'gone'), 0, 10), undefined);
});

test('the newest lines of a file', (t) => {
  const file = join(tempFolder(t), 'j');
  writeFileSync(file, 'aa\nbbb\nc\ndddd\n');
  assert.deepEqual(newestLines(file, 0, 2), { offset: 7, lines: 2 });
  assert.deepEqual(newestLines(file, 0, 4), { offset: 0, lines: 4 });
  assert.deepEqual(newestLines(file, 3, 9), { offset: 3, lines: 3 });
  assert.deepEqual(newestLines(file, 14, 9), { offset: 14, lines: 0 });
});

test('sessions: in the order of their start; gone with their process, whoever has its id now', (t) => {
  const session = newSession();
  const folder = tempFolder(t);
  const names = [segmentName(session, 1), segmentName(session, 0), `000000001-77-0123abcd.000000.jsonl`];
  for (const name of [...names, 'readme.txt', 'x.000000.jsonl']) writeFileSync(join(folder, name), '');
  assert.deepEqual(
    listSegments(folder).map(({ name }) => name),
    [names[2], names[1], names[0]],
  );
  assert.deepEqual(listSegments(join(folder, 'missing')), []);
  const alive = (...pids: number[]) => ({
    pid: process.pid,
    startedAt: performance.timeOrigin,
    isAlive: (pid: number) => pids.includes(pid),
  });
  assert.equal(isGone(session, alive()), false);
  assert.equal(isGone('000000001-77-0123abcd', alive()), true);
  assert.equal(isGone('000000001-77-0123abcd', alive(77)), false);
  assert.equal(isGone(`000000001-${process.pid}-0123abcd`, alive(process.pid)), true);
  assert.equal(isGone('something else', alive()), true);
});

/** A disk with so much room, in memory. */
function smallDisk(room: number) {
  const written: string[] = [];
  const files: JournalFiles = {
    makeFolder: () => {},
    open: () => written.push('') - 1,
    write: (descriptor, text) => {
      const part = text.slice(0, Math.max(0, room));
      room -= part.length;
      written[descriptor] += part;
      if (part === '')
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      return part.length;
    },
    close: () => {},
    remove: () => {},
  };
  return { files, written, free: (more: number) => (room = more) };
}

test('a full disk is left alone for a while; what follows half a line goes to another segment', () => {
  const disk = smallDisk(6);
  let now = 0;
  const writer = new JournalWriter('/folder', newSession(), defaultHistoryLimits, {
    files: disk.files,
    now: () => now,
  });
  assert.equal(writer.write('one\n', 1), true);
  assert.throws(() => writer.write('two\n', 1), /2 of 4 bytes/);
  assert.equal(writer.write('two\n', 1), false);
  now += 1000;
  assert.throws(() => writer.write('two\n', 1), /ENOSPC/);
  disk.free(100);
  now += 999;
  assert.equal(writer.write('two\n', 1), false);
  now += 1;
  assert.equal(writer.write('two\n', 1), true);
  assert.equal(writer.write('three\n', 1), true);
  assert.deepEqual(disk.written, ['one\ntw', '', 'two\nthree\n']);
});

test('segments are for this user alone, and the oldest go when nobody takes them', (t) => {
  const folder = join(tempFolder(t), 'deep', 'folder');
  const limits = { ...defaultHistoryLimits, records: 10 };
  const writer = new JournalWriter(folder, newSession(), limits, { bytes: 50 });
  assert.equal(writer.begun, false);
  assert.equal(existsSync(folder), false);
  for (let index = 0; index < 60; index++) writer.write(`${String(index).padStart(9)}\n`, 1);
  writer.close();
  const files = readdirSync(folder).sort();
  const text = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  assert.match(text, /^ +40\n/);
  assert.match(text, / 59\n$/);
  assert.equal(files.length, 4);
});
