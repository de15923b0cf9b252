import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it, type TestContext } from 'node:test';
import type { MessageState, QueueState } from '../../runtime/protocol/control/queues.ts';
import { firstLine, porchlight, startPorchlight } from '../support/commandLine.ts';
import { writeTree } from '../support/fileTree.ts';
import { tempFolder } from '../support/tempFolder.ts';

const files = {
  'porchlight.yaml': `functions:
  works:
    handler: index.works
    triggers: [{ queue: { queue: orders, enabled: false } }]
queues:
  orders: { visibilityTimeout: 1s, deadLetters: { queue: dead, afterReceives: 1 } }
  plain: {}
  groups.fifo: {}
`,
  'index.js': 'exports.works = async () => null;\n',
};

/** A folder with a host that stays, so that messages are there for the next command. */
async function project(t: TestContext) {
  const root = tempFolder(t);
  writeTree(root, files);
  const child = startPorchlight(root, ['start', root, '--json']);
  t.after(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  const { gateway } = JSON.parse(await firstLine(child)) as { gateway: string };
  const run = (...args: string[]) => porchlight(root, args);
  const json = async <T>(...args: string[]): Promise<T> => {
    const { stdout, stderr, code } = await run(...args, '--json');
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as T;
  };
  /** Takes a message and lets its time-out pass it on. */
  const receive = async (queue: string, WaitTimeSeconds = 20) => {
    const answer = await fetch(gateway, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/x-amz-json-1.0',
        'X-Amz-Target': 'AmazonSQS.ReceiveMessage',
      },
      body: JSON.stringify({ QueueUrl: `${gateway}/123456789012/${queue}`, WaitTimeSeconds }),
    });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { Messages?: { Body: string }[] }).Messages?.map(({ Body }) => Body);
  };
  return { run, json, receive };
}

describe('commands of queues', { timeout: 60_000 }, () => {
  it('send, queues and purge: what is sent is there until it is removed', async (t) => {
    const { run, json } = await project(t);
    const sent = await run('send', 'plain', '-e', '{"order":1}', '--attribute', 'kind=new');
    assert.equal(sent.code, 0, sent.stderr);
    const id = sent.stdout.trim();
    assert.match(id, /^[0-9a-f-]{36}$/);
    const [message] = await json<MessageState[]>('queues', 'plain');
    assert.deepEqual(
      [message?.id, message?.body, message?.attributes, message?.state],
      [id, '{"order":1}', { kind: 'new' }, 'waiting'],
    );
    const listed = await run('queues');
    assert.match(listed.stdout, /^QUEUE +WAITING +IN FLIGHT +DELAYED +GOES TO +DEAD LETTERS$/m);
    assert.match(listed.stdout, /^plain +1 +0 +0 +- +-$/m);
    assert.match(listed.stdout, /^orders +0 +0 +0 +\S+ +after 1 receives to dead$/m);
    assert.match(
      (await run('queues', 'plain')).stdout,
      new RegExp(`^${id} +waiting +0 .*\\{"order":1\\}$`, 'm'),
    );
    assert.deepEqual(await json('purge', 'plain', '--yes'), { removed: 1 });
    assert.equal((await run('queues', 'plain')).stdout, 'No messages.\n');
  });

  it('send: groups, delays and repetitions', async (t) => {
    const { run, json } = await project(t);
    const grouped = ['send', 'groups.fifo', '-e', 'x', '--group', 'a', '--deduplication-id', '1'];
    assert.equal((await run(...grouped)).code, 0);
    const again = await run(...grouped);
    assert.match(again.stderr, /knows this message already/);
    assert.equal((await run('send', 'plain', '-e', 'later', '--delay', '15m')).code, 0);
    const states = await json<QueueState[]>('queues');
    const counts = (name: string) => {
      const { waiting, delayed } = states.find((state) => state.name === name)!;
      return { waiting, delayed };
    };
    assert.deepEqual(counts('groups.fifo'), { waiting: 1, delayed: 0 });
    assert.deepEqual(counts('plain'), { waiting: 0, delayed: 1 });
  });

  it('redrive: dead letters go back to where they died', async (t) => {
    const { run, json, receive } = await project(t);
    await run('send', 'orders', '-e', 'poison');
    assert.deepEqual(await receive('orders'), ['poison']);
    // Not deleted: behind its time-out the next reader finds nothing, and it dies.
    assert.equal(await receive('orders', 2), undefined);
    const [letter] = await json<MessageState[]>('queues', 'dead');
    assert.equal(letter?.body, 'poison');
    assert.deepEqual(await json('redrive', 'dead'), { moved: 1 });
    const [back] = await json<MessageState[]>('queues', 'orders');
    assert.equal(back?.body, 'poison');
  });

  it('mistakes are told with what there is, and by exit code 2', async (t) => {
    const { run } = await project(t);
    const cases: [args: string[], words: RegExp][] = [
      [['send', 'nope', '-e', 'x'], /no queue or topic "nope"\. Known: .*orders/],
      [['queues', 'nope'], /no queue or topic "nope"/],
      [['purge', 'nope', '--yes'], /no queue or topic "nope"/],
      [['redrive', 'plain'], /plain is no dead-letter queue.*Dead-letter queues: dead/],
      [['send', 'plain', '-e', 'x', '--delay', '16m'], /was not sent to plain|delay/i],
    ];
    for (const [args, words] of cases) {
      const { code, stderr } = await run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, words);
    }
  });
});
