import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import type { TriggerState } from '../../runtime/protocol/control/triggers.ts';
import { porchlight } from '../support/commandLine.ts';
import { copyFixture, startHostOf } from '../support/hostFixture.ts';

/** The next so many records of a function, as they are finished. */
function records(host: Host, name: string, count: number): Promise<InvocationRecord[]> {
  const found: InvocationRecord[] = [];
  return new Promise((resolve) => {
    const listening = host.registry.get(name).onDidFinish((record) => {
      found.push(record);
      if (found.length < count) return;
      listening.dispose();
      resolve(found);
    });
  });
}

const fire = async (
  host: Host,
  name: string,
  trigger: string | undefined,
  options: Record<string, string> = {},
) => {
  const { delivered } = await host.triggers.fire(name, trigger, { options });
  return (await delivered!.first)!;
};

test('a timer that is fired by hand brings the event of its platform, and its name', async (t) => {
  const host = await startHostOf(t, 'triggers', { firesTriggers: true });
  const { record, outcome } = await fire(host, 'nightly', 'night', { at: '2026-11-26T20:00:00Z' });
  assert.deepEqual(JSON.parse(Buffer.from(outcome.body).toString()), {
    triggerTime: '2026-11-26T20:00:00Z',
    triggerName: 'night',
    payload: 'wake up',
  });
  assert.equal(record.trigger, 'timer');
  assert.equal(record.triggerName, 'night');
  assert.equal(record.label, 'night by hand');
  assert.equal((await host.options.history.get(record.id))?.triggerName, 'night');
  const { status, last, fired } = host.triggers.list('nightly')[0]!;
  assert.deepEqual([status, last?.status, fired], ['stopped', 'ok', 1]);
});

test('a failed event waits for its next attempt, as in the cloud', async (t) => {
  const host = await startHostOf(t, 'triggers', { firesTriggers: true });
  const { record } = await fire(host, 'broken', undefined);
  assert.equal(record.status, 'error');
  assert.deepEqual(record.attempt, { number: 1, of: 3 });
  assert.deepEqual(host.triggers.list('broken')[0]!.last?.status, 'running');
  await host.close('test');
  assert.match(host.messages.join('\n'), /Asynchronous events that still waited .*broken/);
});

test('a schedule that is wrong is a problem at its place', async (t) => {
  const host = await startHostOf(t, 'triggers');
  const problem = host.registry.problems.find(({ message }) => message.startsWith('nightly.wrong.cron'));
  assert.deepEqual([problem?.line, problem?.column], [7, 37]);
  assert.match(problem!.message, /has 5 fields; 6 are expected/);
});

test('files that are put into a folder become events of its bucket', async (t) => {
  const host = await startHostOf(t, 'triggers', { firesTriggers: true });
  const outside = await mkdtemp(join(tmpdir(), 'porchlight-outside-'));
  t.after(() => rm(outside, { recursive: true, force: true }));
  await host.triggers.settled();
  const folder = join(host.options.root, 'photos');
  const arrived = records(host, 'thumbnails', 1);
  await mkdir(join(folder, 'in'), { recursive: true });
  await writeFile(join(outside, 'secret.png'), 'outside');
  await symlink(join(outside, 'secret.png'), join(folder, 'in', 'link.png'));
  await writeFile(join(folder, 'elsewhere.png'), 'not in in/');
  await writeFile(join(folder, 'in', 'a cat.png'), 'meow');
  const [first] = await arrived;
  assert.equal(first!.trigger, 'storage');
  assert.equal(first!.label, 'photos/in/a cat.png created');
  const [event] = (
    JSON.parse(first!.event.data) as { Records: { eventName: string; s3: { object: object } }[] }
  ).Records;
  assert.equal(event!.eventName, 'ObjectCreated:Put');
  assert.deepEqual(
    { ...event!.s3.object, sequencer: '' },
    {
      key: 'in/a+cat.png',
      size: 4,
      eTag: '4a4be40c96ac6314e91d93f38043a634',
      sequencer: '',
    },
  );
  const moved = records(host, 'thumbnails', 2);
  await rename(join(folder, 'in', 'a cat.png'), join(folder, 'in', 'b.png'));
  const labels = (await moved).map(({ label }) => label).sort();
  assert.deepEqual(labels, ['photos/in/a cat.png removed', 'photos/in/b.png created']);
  const { record } = await fire(host, 'thumbnails', 'upload');
  assert.equal(record.label, 'photos/in/b.png created');
  await assert.rejects(fire(host, 'thumbnails', 'upload', { key: '../index.js' }), /there is no file/);
});

test('what changed while no host ran is not told', async (t) => {
  const host = await startHostOf(t, 'triggers', { firesTriggers: true });
  const { root } = host.options;
  await host.triggers.settled();
  await host.triggers.setRunning('thumbnails', 'upload', false);
  await mkdir(join(root, 'photos', 'in'), { recursive: true });
  await writeFile(join(root, 'photos', 'in', 'meanwhile.png'), 'x');
  await host.triggers.setRunning('thumbnails', 'upload', true);
  const arrived = records(host, 'thumbnails', 1);
  await writeFile(join(root, 'photos', 'in', 'now.png'), 'y');
  assert.equal((await arrived)[0]!.label, 'photos/in/now.png created');
});

test('the command line lists and fires triggers', async (t) => {
  const root = await copyFixture('triggers');
  t.after(() => rm(root, { recursive: true, force: true }));
  const listed = await porchlight(root, ['triggers', '--json']);
  assert.equal(listed.code, 0, listed.stderr);
  const states = JSON.parse(listed.stdout) as TriggerState[];
  assert.deepEqual(
    states.map(({ function: name, name: trigger, kind, status }) => `${name} ${trigger} ${kind} ${status}`),
    [
      'nightly night timer stopped',
      'nightly wrong timer failed',
      'thumbnails upload storage stopped',
      'broken often timer stopped',
    ],
  );
  assert.equal(new Date(states[0]!.next![0]!).getUTCHours(), 20);
  const fired = await porchlight(root, ['fire', 'nightly', 'night', '--at', '2026-11-26T20:00:00Z']);
  assert.equal(fired.code, 0, fired.stderr);
  assert.match(fired.stdout, /"triggerTime":"2026-11-26T20:00:00Z"/);
  const failed = await porchlight(root, ['fire', 'broken']);
  assert.equal(failed.code, 1);
  assert.match(failed.stderr, /not today[\s\S]*It is not repeated: no host of this folder stays/);
  const unclear = await porchlight(root, ['fire', 'nightly']);
  assert.equal(unclear.code, 2);
  assert.match(unclear.stderr, /several triggers; name the one to fire: night, wrong/);
  const table = await porchlight(root, ['triggers', 'nightly']);
  assert.match(table.stdout, /nightly {3}night .*\(Asia\/Shanghai\) · only by hand {2}not running/);
  assert.match(table.stderr, /nightly\.wrong: "0 0 4 \* \*" has 5 fields/);
});
