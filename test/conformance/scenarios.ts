import assert from 'node:assert/strict';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { isAlive } from '../../runtime/support/processTree.ts';
import { instancesGone } from './checkRow.ts';
import type { Scenario } from './row.ts';
import type { Answered, Tested } from './tested.ts';

const text = ({ body }: Answered): string => body.toString();
const started = ({ record }: Answered): string => record.startKind ?? 'never';

/** Calls as often as there are events, all at once. */
function atOnce(tested: Tested, name: string, events: unknown[]): Promise<Answered[]> {
  return Promise.all(events.map((event) => tested.invoke(name, event)));
}

/** Resolves with the next record of a function. */
function nextRecord(tested: Tested, name: string): Promise<InvocationRecord> {
  return new Promise((resolve) => {
    const subscription = tested.host.registry.get(name).onDidFinish((record) => {
      subscription.dispose();
      resolve(record);
    });
  });
}

/** Resolves when a function has an invocation on an instance. */
function running(tested: Tested, name: string): Promise<void> {
  const runtime = tested.host.registry.get(name);
  return new Promise((resolve) => {
    const look = (): void => {
      if (!runtime.pool.slots.some((slot) => slot.phase === 'busy')) return;
      subscription.dispose();
      resolve();
    };
    const subscription = runtime.pool.onDidChange(look);
    look();
  });
}

const withInvokeApi = ['aliyun-fc', 'aws-lambda'];

/** What takes more than a call and its outcome. */
export const scenarios: Scenario[] = [
  {
    name: 'module state is kept by residents and forgotten by ephemerals',
    everyForm: true,
    functions: [
      { name: 'counts', module: 'state' },
      {
        name: 'counts-once',
        export: 'counts',
        module: 'state',
        settings: { process: { model: 'ephemeral' } },
      },
    ],
    async run(tested) {
      const seen: string[] = [];
      for (const name of ['counts', 'counts', 'counts-once', 'counts-once']) {
        const answered = await tested.invoke(name);
        seen.push(`${started(answered)} ${text(answered)}`);
      }
      assert.deepEqual(seen, ['cold 1', 'warm 2', 'cold 1', 'cold 1']);
    },
  },
  {
    name: 'what is changed of the process is seen by the same instance alone',
    functions: [
      { name: 'changes-one', export: 'changes-world', module: 'state' },
      { name: 'changes-other', export: 'changes-world', module: 'state' },
      {
        name: 'changes-once',
        export: 'changes-world',
        module: 'state',
        settings: { process: { model: 'ephemeral' } },
      },
    ],
    async run(tested) {
      const found = async (name: string) => {
        const { env, global, array } = JSON.parse(text(await tested.invoke(name))) as Record<string, unknown>;
        return [env, global, array];
      };
      const untouched = [null, null, true];
      assert.deepEqual(await found('changes-one'), untouched);
      assert.deepEqual(await found('changes-one'), ['yes', 'yes', false]);
      assert.deepEqual(await found('changes-other'), untouched);
      assert.deepEqual(await found('changes-once'), untouched);
      assert.deepEqual(await found('changes-once'), untouched);
      assert.equal(process.env['CHANGED'], undefined);
    },
  },
  {
    name: 'each start kind can be forced',
    everyForm: true,
    functions: [{ name: 'starts', export: 'counts', module: 'state' }],
    async run(tested) {
      const forced = async (kind: string) => started(await tested.plain('starts', {}, `?start=${kind}`));
      assert.equal(await forced('cold'), 'cold');
      assert.equal(await forced('cold'), 'cold');
      assert.equal(await forced('warm'), 'warm');
      assert.equal(await forced('prewarmed'), 'prewarmed');
    },
  },
  {
    name: 'more calls than instances wait for their turn',
    functions: [
      {
        name: 'waits',
        module: 'state',
        settings: { process: { maxInstances: 2, concurrency: 1, freeze: false } },
      },
    ],
    async run(tested) {
      const all = await atOnce(tested, 'waits', Array(8).fill({ ms: 20 }));
      assert.deepEqual([...new Set(all.map(({ record }) => record.status))], ['ok']);
      assert.equal(new Set(all.map(text)).size, 2, 'processes');
      assert.equal(all.filter((one) => started(one) === 'cold').length, 2);
    },
  },
  {
    name: 'more calls than may wait are throttled as the platform says',
    on: withInvokeApi,
    functions: [
      {
        name: 'waits-alone',
        export: 'waits',
        module: 'state',
        settings: { process: { maxInstances: 1, queue: 0 } },
      },
    ],
    async run(tested) {
      const first = tested.invoke('waits-alone', { ms: 300 });
      await running(tested, 'waits-alone');
      const refused = await fetch(tested.apiUrl('waits-alone'), { method: 'POST', body: '{}' });
      const body = (await refused.json()) as Record<string, unknown>;
      assert.equal(refused.status, 429);
      if (tested.platform === 'aws-lambda') {
        assert.equal(refused.headers.get('x-amzn-errortype'), 'TooManyRequestsException');
      } else {
        assert.equal(body['Code'], 'ResourceExhausted');
      }
      assert.equal((await first).record.status, 'ok');
    },
  },
  {
    name: 'a caller that goes away ends the invocation, and the next is served',
    functions: [{ name: 'waits-long', export: 'waits', module: 'state' }],
    async run(tested) {
      const caller = new AbortController();
      const ended = nextRecord(tested, 'waits-long');
      const call = tested.plain('waits-long', { ms: 60_000 }, '', caller.signal);
      await running(tested, 'waits-long');
      caller.abort();
      await assert.rejects(call, { name: 'AbortError' });
      assert.equal((await ended).status, 'interrupted');
      await tested.isGood('waits-long');
    },
  },
  {
    name: "a caller of the platform's API that goes away is noticed as the platform notices",
    on: withInvokeApi,
    functions: [{ name: 'waits-for-caller', export: 'waits', module: 'state' }],
    async run(tested) {
      const caller = new AbortController();
      const ended = nextRecord(tested, 'waits-for-caller');
      const onLambda = tested.platform === 'aws-lambda';
      const call = fetch(tested.apiUrl('waits-for-caller'), {
        method: 'POST',
        body: JSON.stringify({ ms: onLambda ? 300 : 60_000 }),
        signal: caller.signal,
      });
      await running(tested, 'waits-for-caller');
      caller.abort();
      await assert.rejects(call, { name: 'AbortError' });
      // Lambda runs on; Function Compute says who ended it.
      const { status, logs } = await ended;
      assert.equal(status, onLambda ? 'ok' : 'interrupted');
      const lines = logs.map((entry) => entry.text).join('\n');
      assert.equal(/, Error: Invocation canceled by client \(duration: \d+ms, /.test(lines), !onLambda);
      await tested.isGood('waits-for-caller');
    },
  },
  {
    name: 'a child goes with its instance',
    functions: [{ name: 'leaves-child-behind', export: 'leaves-child', module: 'endings' }],
    async run(tested) {
      const pid = Number(text(await tested.invoke('leaves-child-behind')));
      assert.ok(isAlive(pid));
      const { pool } = tested.host.registry.get('leaves-child-behind');
      for (const slot of [...pool.slots]) pool.end(slot, 'test');
      await instancesGone(tested, 'leaves-child-behind');
      // The group's signal is on its way; nothing tells of the end of a process that is not ours.
      const goneBy = Date.now() + 10_000;
      while (isAlive(pid) && Date.now() < goneBy) await new Promise((resolve) => setImmediate(resolve));
      assert.ok(!isAlive(pid));
    },
  },
  {
    name: 'what a late answer says is not taken for the next one',
    // Knative's have no callback.
    on: withInvokeApi,
    functions: [{ name: 'answers-late', export: 'answers-after-throwing', module: 'answers' }],
    async run(tested) {
      const { record } = await tested.invoke('answers-late');
      assert.equal(record.status, 'error');
      for (let call = 0; call < 20; call++) await tested.isGood('answers-late');
    },
  },
  {
    name: 'files of one instance are not found by the next',
    functions: [{ name: 'finds-temp', module: 'state', settings: { process: { model: 'ephemeral' } } }],
    async run(tested) {
      assert.equal(text(await tested.invoke('finds-temp')), 'false');
      assert.equal(text(await tested.invoke('finds-temp')), 'false');
    },
  },
];
