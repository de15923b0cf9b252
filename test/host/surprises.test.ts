import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { killMarked } from '../../runtime/instances/reaper.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

/** Warnings as one line each: what, where, and the first words. */
function told({ warnings = [] }: InvocationRecord): string[] {
  return warnings.map(({ text, at }) => {
    const place = at ? ` @ ${at.file.split(/[\\/]/).pop()}:${at.line}` : '';
    return `${text
      .split('. ')[0]!
      .replace(/\.$/, '')
      .replace(/127\.0\.0\.1:\d+/, 'HOST')}${place}`;
  });
}

const short = (record: InvocationRecord): string => record.id.replace(/-/g, '').slice(-6);

const frozen =
  'What is left open is frozen with the instance and goes on in the middle of a later invocation, or never.';

describe('what surprises in the cloud', () => {
  let host: Host;
  let close: () => Promise<void>;
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'surprises');
  });
  after(async () => {
    await close();
    assert.equal(killMarked(host.mark), 0, 'no process is left over');
  });

  const open: [name: string, told: string[]][] = [
    ['leaves-nothing', []],
    ['leaves-a-timer', ['A timer (60000 ms) was still open at the answer @ open.js:27']],
    ['leaves-a-promised-timer', ['A timer (60000 ms) was still open at the answer @ open.js:36']],
    ['leaves-a-promisified-timer', ['A timer (60000 ms) was still open at the answer @ open.js:40']],
    ['leaves-a-fetch', ['A request (POST http://HOST/slow) was still open at the answer @ open.js:45']],
    ['leaves-a-request', ['A request (GET http://HOST/slow) was still open at the answer @ open.js:50']],
    ['leaves-a-server', ['A server was still open at the answer @ open.js:54']],
    ['leaves-a-child', ['A child process (node) was still open at the answer @ open.js:58']],
    ['leaves-a-watcher', ['A file watcher was still open at the answer @ open.js:62']],
    ['leaves-a-worker', ['A worker thread was still open at the answer @ open.js:66']],
    [
      'leaves-many',
      [
        '64 timers (60000 ms) were still open at the answer @ open.js:75',
        '236 timers (60000 ms) were still open at the answer',
      ],
    ],
    ['leaves-a-timer-and-fails', ['A timer (60000 ms) was still open at the answer @ open.js:79']],
    ['leaves-a-timer-unseen', []],
    ['leaves-a-promise', []],
    [
      'leaves-a-promise-watched',
      ['A call that nothing waited for was still open at the answer @ open.js:87'],
    ],
    ['clears-its-timer', []],
    ['unrefs-its-timer', []],
    ['keeps-alive-socket', []],
    ['reads-a-file', []],
    ['ticks-from-its-module', []],
    ['answers-by-callback', ['A timer (60000 ms) was still open at the answer @ open.js:119']],
    ['typed-leaves-a-timer', ['A timer (60000 ms) was still open at the answer @ typed.ts:11']],
    ['module-leaves-a-timer', ['A timer (60000 ms) was still open at the answer @ asModule.mjs:6']],
  ];
  for (const [name, expected] of open) {
    it(name, async () => {
      const record = await invoke(host, name);
      assert.deepEqual(told(record), expected);
      for (const { kind, from } of record.warnings ?? []) {
        assert.equal(kind, 'openWork');
        assert.equal(from, undefined);
      }
      // Again on the same instance: what the first one left is the first one's.
      assert.deepEqual(
        told(await invoke(host, name)).filter((line) => !line.includes('still held')),
        expected,
      );
    });
  }

  it('leaves-a-read', { skip: process.platform === 'win32' }, async () => {
    const pipe = join(host.options.root, 'never-written');
    execFileSync('mkfifo', [pipe]);
    assert.deepEqual(told(await invoke(host, 'leaves-a-read', { pipe })), [
      'A file operation was still open at the answer',
    ]);
  });

  it('says what becomes of it: frozen, not frozen here, or ended', async () => {
    const [resident] = (await invoke(host, 'leaves-a-timer')).warnings ?? [];
    assert.ok(resident?.text.endsWith(frozen));
    const [unfrozen] = (await invoke(host, 'leaves-an-interval-unfrozen', { start: true })).warnings ?? [];
    assert.ok(unfrozen?.text.includes('In the cloud, what is left open is frozen'));
    const [ended] = (await invoke(host, 'leaves-a-timer-once')).warnings ?? [];
    assert.ok(ended?.text.endsWith('What is left open ended with the instance.'));
  });

  it('an interval that was left open runs in the middle of a later invocation', async () => {
    const first = await invoke(host, 'leaves-an-interval', { start: true });
    assert.deepEqual(told(first), ['An interval (1 ms) was still open at the answer @ open.js:31']);
    // It ends only when the interval of the first one ticks while it runs.
    const { warnings = [] } = await invoke(host, 'leaves-an-interval');
    const ran = warnings.filter(({ kind }) => kind === 'openWork');
    assert.equal(ran.length, 1);
    assert.match(
      ran[0]!.text,
      new RegExp(`^An interval that invocation ${short(first)} left open ran .*during this one\\.$`),
    );
    assert.equal(ran[0]!.from, first.id);
    assert.equal(ran[0]!.at?.line, 31);
  });

  const state: [name: string, told: (from: string) => string[]][] = [
    [
      'counts',
      (from) => [`\`counter\`, \`seen\` (1 entry) still held what invocation ${from} left @ state.js:8`],
    ],
    [
      'mutates-nested',
      (from) => [`\`cart\`, \`settings\` still held what invocation ${from} left @ state.js:14`],
    ],
    [
      'mutates-other-file',
      (from) => [`\`marks\` (1 entry) still held what invocation ${from} left @ otherFile.js:3`],
    ],
    [
      'typed-counts',
      (from) => [`\`entries\` (1 entry) still held what invocation ${from} left @ typed.ts:8`],
    ],
    [
      'module-counts',
      (from) => [`\`seen\` (1 entry) still held what invocation ${from} left @ asModule.mjs:3`],
    ],
    ['sets-a-global', (from) => [`\`globalThis.lastCall\` still held what invocation ${from} left`]],
    ['changes-environment', (from) => [`\`process.env.MODE\` still held what invocation ${from} left`]],
    ['counts-once', () => []],
    ['caches', () => []],
    ['writes-tmp-and-removes', () => []],
    ['changes-nothing', () => []],
  ];
  for (const [name, expected] of state) {
    it(name, async () => {
      const first = await invoke(host, name, { name: 'a', mode: 'a' });
      assert.deepEqual(told(first), []);
      const second = await invoke(host, name, { name: 'b', mode: 'b' });
      assert.deepEqual(told(second), expected(short(first)));
      for (const { kind, from } of second.warnings ?? []) {
        assert.equal(kind, 'carriedState');
        assert.equal(from, first.id);
      }
    });
  }

  it('writes-tmp', async () => {
    const first = await invoke(host, 'writes-tmp');
    const second = await invoke(host, 'writes-tmp');
    const path = JSON.parse(second.body) as string;
    assert.deepEqual(told(second), [
      `\`${path}\` (11 bytes) was still there from invocation ${short(first)}`,
    ]);
  });

  it('an instance that is not watched loads nothing of it', async () => {
    const commandOf = async (name: string) => {
      const runtime = host.registry.get(name);
      return runtime.loadCommand(await runtime.prepareArtifact(), false, 'ID');
    };
    assert.equal((await commandOf('leaves-a-timer')).observe?.mode, 'on');
    assert.equal((await commandOf('leaves-a-promise-watched')).observe?.mode, 'full');
    assert.equal((await commandOf('counts-once')).observe?.state, false);
    assert.ok(!('observe' in (await commandOf('leaves-a-timer-unseen'))));
  });
});
