import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lambdaWords } from '../../../runtime/deploy/aws-lambda/logWords.ts';
import { followLogs, type FollowOptions } from '../../../runtime/deploy/followLogs.ts';
import { noPlaces } from '../../../runtime/deploy/remoteLogs/codePlaces.ts';
import type { DeployTarget } from '../../../runtime/deploy/target.ts';
import type { RemoteLogLine } from '../../../runtime/model/deploy.ts';
import { PorchlightError } from '../../../runtime/model/errors.ts';
import type { RemoteInvocation } from '../../../runtime/model/remoteInvocation.ts';

const line = (id: string, time: number, text = `text ${id} secret`): RemoteLogLine => ({
  ...{ id, time, text },
  instance: 'i',
});

const current = () => Promise.resolve({ version: '1', packageHash: '', settings: {}, environment: {} });

/** Follows a log of which each look finds more, or fails; what was told, and from when on was looked. */
async function follow(
  looks: (RemoteLogLine[] | Error)[],
  { since = 0, ...more }: { since?: number } & Partial<DeployTarget> = {},
) {
  const told: string[] = [];
  const invocations: RemoteInvocation[] = [];
  const froms: number[] = [];
  const troubles: (string | undefined)[] = [];
  let opened = 0;
  const cancel = new AbortController();
  const target: Partial<DeployTarget> = {
    ...{ name: 'prod', current, ...more },
    readLogs: (_name, from) => {
      froms.push(from);
      const found = looks.shift();
      if (!found) cancel.abort();
      return found instanceof Error ? Promise.reject(found) : Promise.resolve(found ?? []);
    },
  };
  const open = () => {
    opened++;
    return Promise.resolve(target as DeployTarget);
  };
  const following = followLogs(open, {
    ...{ name: 'hello', since, follow: true, signal: cancel.signal, pollMs: 1, places: noPlaces },
    redact: (text) => text.replace('secret', '***'),
    onLogged: (logged) => {
      told.push(
        ...logged.lines.map(({ text, invocation }) => (invocation ? `${invocation}: ${text}` : text)),
      );
      invocations.push(...logged.invocations);
    },
    onTrouble: (trouble) => troubles.push(trouble?.message),
  });
  await assert.rejects(following, { name: 'AbortError' });
  return { told, froms, invocations, troubles, opened };
}

test('each line is told once, in order, those that come late as well, and without secrets', async () => {
  const [a, b, c, late] = [line('a', 100_000), line('b', 200_000), line('c', 200_000), line('d', 195_000)];
  const { told, froms } = await follow([
    [b, a],
    // Pages overlap.
    [b, c, late, c],
    [c, b],
  ]);
  assert.deepEqual(told, ['text a ***', 'text b ***', 'text d ***', 'text c ***']);
  assert.deepEqual(froms, [0, 170_000, 170_000, 170_000], 'the last half minute is looked at again');
});

test('nothing older than what was asked for is told', async () => {
  const { told } = await follow([[line('old', 10), line('new', 60_000)]], { since: 50_000 });
  assert.deepEqual(told, ['text new ***']);
});

test('lines become invocations where the platform says whose they are, and stay lines otherwise', async () => {
  const looks = [
    [line('1', 1000, 'before all'), line('2', 2000, 'START RequestId: r1 Version: 3'), line('3', 2001, 'hi')],
    [line('4', 2002, 'END RequestId: r1'), line('5', 2003, 'REPORT RequestId: r1\tDuration: 1.50 ms\t')],
  ];
  const { told, invocations } = await follow(structuredClone(looks), { logWords: lambdaWords });
  assert.deepEqual(told, [
    'before all',
    'r1: START RequestId: r1 Version: 3',
    'r1: hi',
    'r1: END RequestId: r1',
    'r1: REPORT RequestId: r1\tDuration: 1.50 ms\t',
  ]);
  assert.deepEqual(
    invocations.map(({ id, target, function: fn, status, durationMs, logs }) => [
      ...[id, target, fn, status, durationMs, logs.length],
    ]),
    [
      ['r1', 'prod', 'hello', 'running', undefined, 2],
      ['r1', 'prod', 'hello', 'ok', 1.5, 4],
    ],
  );
  const none = await follow(looks);
  assert.equal(none.told[1], 'START RequestId: r1 Version: 3', 'a target without request ids');
  assert.deepEqual(none.invocations, []);
});

test('trouble is told once, the target is opened anew, and following goes on', async () => {
  const expired = new PorchlightError('CREDENTIALS_REFUSED', {
    ...{ service: 'AWS', code: 'ExpiredToken', detail: 'It is expired.', remedy: 'Sign in again.' },
  });
  const { told, troubles, opened } = await follow([
    [line('a', 1)],
    expired,
    expired,
    [line('a', 1), line('b', 2)],
  ]);
  assert.deepEqual(told, ['text a ***', 'text b ***']);
  assert.deepEqual(troubles, [expired.message, undefined]);
  assert.equal(opened, 3, 'once, and after each failure');
});

test('a target whose logs cannot be read says so, as does one on which nothing serves; a single look fails at once', async () => {
  const options: FollowOptions = {
    ...{ name: 'hello', since: 0, follow: false, signal: new AbortController().signal, places: noPlaces },
    ...{ redact: (text: string) => text, onLogged: () => {}, onTrouble: () => assert.fail('told') },
  };
  const run = (target: Partial<DeployTarget>, changes: Partial<FollowOptions> = {}) =>
    followLogs(() => Promise.resolve({ name: 'prod', ...target } as DeployTarget), {
      ...options,
      ...changes,
    });
  const none = { current: () => Promise.resolve(undefined) };
  await assert.rejects(run(none), /cannot be read from here/);
  await assert.rejects(run({ ...none, readLogs: () => Promise.resolve([]) }), { code: 'NOT_DEPLOYED' });
  const refused = new PorchlightError('CLOUD_REFUSED', { service: 's', action: 'a', code: 'c', detail: 'd' });
  await assert.rejects(run({ current, readLogs: () => Promise.reject(refused) }), refused);
  const silent = new PorchlightError('TARGET_OBJECTS', { function: 'hello', detail: 'it writes to no log.' });
  const readLogs = () => Promise.reject(silent);
  await assert.rejects(run({ current, readLogs }, { follow: true }), silent, 'there will be none');
});

test('a target that keeps records gives them as they change, with their lines', async () => {
  const cancel = new AbortController();
  const entry = (text: string) => ({ t: 1000, level: 'info' as const, stream: 'stdout' as const, text });
  const remote = (changes: Partial<RemoteInvocation>): RemoteInvocation => ({
    ...{ id: 'r', target: 'local', function: 'hello', startedAt: 5000, status: 'running', logsDropped: 0 },
    ...{ logs: [entry('one')], ...changes },
  });
  const looks = [
    [remote({})],
    [remote({})],
    [remote({ status: 'ok', logs: [entry('one'), entry('two secret')] })],
  ];
  const told: unknown[] = [];
  const froms: number[] = [];
  const target: Partial<DeployTarget> = {
    ...{ name: 'local', current },
    readInvocations: (_name, since) => {
      froms.push(since);
      if (looks.length === 0) cancel.abort();
      return Promise.resolve(looks.shift() ?? []);
    },
  };
  await assert.rejects(
    followLogs(() => Promise.resolve(target as DeployTarget), {
      ...{ name: 'hello', since: 7, follow: true, signal: cancel.signal, pollMs: 1, places: noPlaces },
      redact: (text) => text.replace('secret', '***'),
      onLogged: ({ lines, invocations }) =>
        told.push(...lines.map(({ text }) => text), ...invocations.map(({ status }) => status)),
      onTrouble: () => {},
    }),
    { name: 'AbortError' },
  );
  assert.deepEqual(told, ['one', 'running', 'two ***', 'ok']);
  assert.deepEqual(froms, [7, 5000, 5000, 5000]);
});
