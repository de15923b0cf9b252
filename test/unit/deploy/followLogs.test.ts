import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followLogs } from '../../../runtime/deploy/followLogs.ts';
import type { DeployTarget } from '../../../runtime/deploy/target.ts';
import type { RemoteLogLine } from '../../../runtime/model/deploy.ts';

const line = (id: string, time: number): RemoteLogLine => ({
  id,
  time,
  instance: 'i',
  text: `text ${id} secret`,
});

/** Follows a log of which each look finds more; what was told, and from when on was looked. */
async function follow(looks: RemoteLogLine[][], since = 0) {
  const told: string[] = [];
  const froms: number[] = [];
  const cancel = new AbortController();
  const target: Partial<DeployTarget> = {
    name: 'prod',
    current: () => Promise.resolve({ version: '1', packageHash: '', settings: {}, environment: {} }),
    readLogs: (_name, from) => {
      froms.push(from);
      const found = looks.shift();
      if (!found) cancel.abort();
      return Promise.resolve(found ?? []);
    },
  };
  const following = followLogs(target as DeployTarget, {
    ...{ name: 'hello', since, follow: true, signal: cancel.signal, pollMs: 1 },
    redact: (text) => text.replace('secret', '***'),
    onLines: (lines) => told.push(...lines.map(({ text }) => text)),
  });
  await assert.rejects(following, { name: 'AbortError' });
  return { told, froms };
}

test('each line is told once, in order, those that come late as well, and without secrets', async () => {
  const [a, b, c, late] = [line('a', 100_000), line('b', 200_000), line('c', 200_000), line('d', 195_000)];
  const { told, froms } = await follow([
    [b, a],
    [b, c, late],
    [c, b],
  ]);
  assert.deepEqual(told, ['text a ***', 'text b ***', 'text d ***', 'text c ***']);
  assert.deepEqual(froms, [0, 170_000, 170_000, 170_000], 'the last half minute is looked at again');
});

test('nothing older than what was asked for is told', async () => {
  const { told } = await follow([[line('old', 10), line('new', 60_000)]], 50_000);
  assert.deepEqual(told, ['text new ***']);
});

test('a target whose logs cannot be read says so, as does one on which nothing serves', async () => {
  const options = {
    ...{ name: 'hello', since: 0, follow: false, signal: new AbortController().signal },
    ...{ redact: (text: string) => text, onLines: () => {} },
  };
  const none = { name: 'prod', current: () => Promise.resolve(undefined) } as Partial<DeployTarget>;
  await assert.rejects(followLogs(none as DeployTarget, options), /cannot be read from here/);
  const empty = { ...none, readLogs: () => Promise.resolve([]) };
  await assert.rejects(followLogs(empty as DeployTarget, options), { code: 'NOT_DEPLOYED' });
});
