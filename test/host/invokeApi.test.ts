import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import { killMarked } from '../../runtime/instances/reaper.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { callerHeader } from '../../runtime/protocol/instance/caller.ts';
import { startHostOf } from '../support/hostFixture.ts';

const lambda = (name: string): string => `/2015-03-31/functions/${name}/invocations`;
const fc = (name: string): string => `/2023-03-30/functions/${name}/invocations`;
const fc2 = (name: string): string => `/2016-08-15/services/shop.LATEST/functions/${name}/invocations`;

describe('invoke APIs', () => {
  let host: Host & { messages: string[] };
  let close: () => Promise<void>;
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'calls');
  });
  after(async () => {
    await close();
    assert.equal(killMarked(host.mark), 0, 'no process is left over');
  });

  const post = async (path: string, headers: Record<string, string> = {}, body = '{}') => {
    const answer = await fetch(host.gateway.url + path, { method: 'POST', headers, body });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, headers: answer.headers, bytes, text: bytes.toString('utf8') };
  };

  /** Resolves with the next `count` records of a function. */
  const nextRecords = (name: string, count: number): Promise<InvocationRecord[]> =>
    new Promise((resolve) => {
      const records: InvocationRecord[] = [];
      const subscription = host.registry.get(name).onDidFinish((record) => {
        // Told again when late output came.
        if (records.some(({ id }) => id === record.id) || records.push(record) < count) return;
        subscription.dispose();
        resolve(records);
      });
    });

  for (const via of ['fetch', 'http', 'trace']) {
    it(`a chain of three functions by ${via} is known as one`, async () => {
      const names = ['first', 'second', 'third'];
      const ended = Promise.all(names.map((name) => nextRecords(name, 1)));
      const answer = await post(lambda('first'), {}, JSON.stringify({ via, chain: ['second', 'third'] }));
      assert.equal(answer.status, 200, answer.text);
      const [first, second, third] = (await ended).flat();
      assert.deepEqual([first?.parent, second?.parent, third?.parent], [undefined, first?.id, second?.id]);
      assert.equal(answer.headers.get('x-amzn-requestid'), first?.id);
      const { trace, inner } = JSON.parse(answer.text) as { trace: string; inner: { trace: string } };
      const root = (header: string) => /Root=[^;]+/.exec(header)?.[0];
      // Only a client that passes the trace on continues it.
      assert.equal(root(trace) === root(inner.trace), via === 'trace');
    });
  }

  it('an HTTP trigger and a plain invoke know their caller, and the function does not see how', async () => {
    for (const next of ['/second', '/_porchlight/invoke/second']) {
      const ended = Promise.all([nextRecords('first', 1), nextRecords('second', 1)]);
      const answer = await post(lambda('first'), {}, JSON.stringify({ via: 'fetch', chain: [next] }));
      const [[first], [second]] = await ended;
      assert.equal(second?.parent, first?.id);
      assert.doesNotMatch(answer.text, new RegExp(callerHeader, 'i'));
      assert.doesNotMatch(second?.event.data ?? '', new RegExp(callerHeader, 'i'));
    }
  });

  it('an id of no running invocation makes nobody a parent', async () => {
    const ended = nextRecords('tells', 2);
    await post(lambda('tells'), { [callerHeader]: 'made-up' });
    await post(lambda('tells'), {
      'X-Amzn-Trace-Id': 'Root=1-00000000-000000000000000000000000;Parent=0123456789abcdef',
    });
    assert.deepEqual(
      (await ended).map(({ parent }) => parent),
      [undefined, undefined],
    );
  });

  it('a function that waits for itself is stopped when no instance is left', async () => {
    const { text } = await post(lambda('calls-itself'));
    assert.match(text, /recursive loop/);
    assert.match(text, /all 2 instances it may have are busy with the callers/);
  });

  it('a chain of asynchronous calls ends after sixteen', async () => {
    const records = nextRecords('passes-on', 16);
    await post(lambda('passes-on'), { 'X-Amz-Invocation-Type': 'Event' });
    const all = await records;
    const calledBy = new Map(all.map((record) => [record.parent, record]));
    const chain: InvocationRecord[] = [];
    for (let next = calledBy.get(undefined); next; next = calledBy.get(next.id)) chain.push(next);
    assert.deepEqual(
      chain.map(({ result }) => result?.data),
      [...Array<string>(15).fill('"202 null"'), '"400 RecursiveInvocationException"'],
    );
  });

  it('Lambda: tail, client context and function errors', async () => {
    const context = Buffer.from('{"custom":{"a":1}}').toString('base64');
    const told = await post(
      lambda('tells'),
      { 'X-Amz-Log-Type': 'Tail', 'X-Amz-Client-Context': context },
      '[1]',
    );
    assert.equal(told.text, '{"event":[1],"clientContext":{"custom":{"a":1}}}');
    assert.equal(told.headers.get('x-amz-executed-version'), '$LATEST');
    const id = told.headers.get('x-amzn-requestid')!;
    const tail = Buffer.from(told.headers.get('x-amz-log-result')!, 'base64').toString('utf8');
    assert.match(tail, new RegExp(`^START RequestId: ${id} Version: \\$LATEST\\n`));
    assert.match(
      tail,
      new RegExp(`\\dZ\\t${id}\\tINFO\\ttold\\nEND RequestId: ${id}\\nREPORT RequestId: ${id}\\t`),
    );
    const failed = await post(lambda('arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Afails'));
    assert.deepEqual([failed.status, failed.headers.get('x-amz-function-error')], [200, 'Unhandled']);
    assert.match(failed.text, /"errorType":"TypeError","errorMessage":"not today"/);
  });

  it('Lambda: a dry run runs nothing, an event is repeated as the same request', async () => {
    const dry = await post(lambda('fails'), { 'X-Amz-Invocation-Type': 'DryRun' });
    assert.deepEqual([dry.status, dry.text], [204, '']);
    const records = nextRecords('fails', 2);
    const sent = await post(lambda('fails'), { 'X-Amz-Invocation-Type': 'Event' });
    assert.deepEqual([sent.status, sent.text], [202, '']);
    const id = sent.headers.get('x-amzn-requestid')!;
    const [first, second] = await records;
    assert.deepEqual([first?.id, first?.requestId, first?.trigger], [id, undefined, 'event']);
    assert.notEqual(second?.id, id);
    assert.equal(second?.requestId, id);
    assert.deepEqual(second?.notes, [`Attempt 2 of 3 of request ${id}.`]);
    assert.equal(second?.logs[0]?.text, `START RequestId: ${id} Version: $LATEST`);
  });

  it('Lambda: a result as a stream of events', async () => {
    const answer = await post('/2021-11-15/functions/tells/response-streaming-invocations', {}, '"x"');
    assert.equal(answer.headers.get('content-type'), 'application/vnd.amazon.eventstream');
    assert.ok(answer.bytes.includes('PayloadChunk') && answer.bytes.includes('{"event":"x"}'));
    assert.ok(answer.bytes.includes('InvokeComplete'));
  });

  it('Function Compute: tail, facts of the invocation and function errors', async () => {
    for (const path of [fc, fc2]) {
      const told = await post(path('tells-fc'), { 'x-fc-log-type': 'Tail' }, 'any bytes');
      assert.equal(told.text, 'any bytes');
      const id = told.headers.get('x-fc-request-id')!;
      const tail = Buffer.from(told.headers.get('x-fc-log-result')!, 'base64').toString('utf8');
      assert.match(
        tail,
        new RegExp(
          `FC Invoke Start RequestId: ${id}\\n(?:load code for handler:handlers\\.tellsFc\\n)?.* ${id} \\[info\\] told\\nFC Invoke End`,
        ),
      );
      assert.match(told.headers.get('x-fc-instance-id')!, /^tells-fc#1$/);
      const failed = await post(path('fails-fc'));
      assert.deepEqual(
        [failed.status, failed.headers.get('x-fc-error-type')],
        [200, 'UnhandledInvocationError'],
      );
    }
  });

  it('Function Compute: asynchronous calls are repeated, and a task id is taken once', async () => {
    const headers = { 'x-fc-invocation-type': 'Async', 'x-fc-async-task-id': 'nightly-1' };
    const records = nextRecords('fails-fc', 2);
    const sent = await post(fc('fails-fc'), headers);
    assert.deepEqual(
      [sent.status, sent.text, sent.headers.get('x-fc-async-task-id')],
      [202, '', 'nightly-1'],
    );
    const again = await post(fc('fails-fc'), headers);
    assert.equal(again.status, 409);
    const [first, second] = await records;
    assert.equal(first?.id, sent.headers.get('x-fc-request-id'));
    assert.match(first?.error?.message ?? '', /attempt 0/);
    assert.equal(second?.requestId, first?.id);
    assert.match(second?.error?.message ?? '', /attempt 1/);
  });

  it('an event that is too large is refused, announced or not, and its sender sees why', async () => {
    const large = Buffer.alloc(4 * 1024 * 1024, '1');
    const headers = { 'x-fc-invocation-type': 'Async' };
    for (const body of [large, new Blob([large]).stream()]) {
      const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
      const answer = await fetch(host.gateway.url + fc('tells-fc'), init);
      assert.equal(answer.status, 400);
      assert.match(await answer.text(), /"EntityTooLarge".*131072 bytes/);
    }
  });

  it('web pages reach none of it', async () => {
    for (const path of [lambda('tells'), fc('tells-fc'), fc2('tells-fc')]) {
      const answer = await post(path, { Origin: 'https://example.com' });
      assert.equal(answer.status, 403);
    }
  });

  it('what still waits when the host ends is told', async (t) => {
    const delayed = { 'x-fc-invocation-type': 'Async', 'x-fc-async-delay': '3000' };
    const sent = await post(fc('tells-fc'), delayed);
    const own = await startHostOf(t, 'calls');
    const answer = await fetch(own.gateway.url + fc('tells-fc'), { method: 'POST', headers: delayed });
    const id = answer.headers.get('x-fc-request-id')!;
    await own.close('test');
    assert.equal(sent.status, 202);
    assert.ok(
      own.messages.some((text) => text.includes(`tells-fc (request ${id}, attempt 1)`)),
      own.messages.join('\n'),
    );
  });

  it('throttling is answered as the platform answers it', async () => {
    for (const name of ['tells', 'tells-fc', 'second'])
      await host.registry.get(name).pool.dispose('test', true);
    const ofLambda = await post(lambda('tells'));
    assert.deepEqual(
      [ofLambda.status, ofLambda.headers.get('x-amzn-errortype')],
      [429, 'TooManyRequestsException'],
    );
    assert.match(ofLambda.text, /"Reason":"ConcurrentInvocationLimitExceeded"/);
    const ofStream = await post('/2021-11-15/functions/tells/response-streaming-invocations');
    assert.equal(ofStream.status, 429);
    const ofFc = await post(fc('tells-fc'));
    assert.equal(ofFc.status, 429);
    assert.match(ofFc.text, /^\{"Code":"ResourceExhausted","Message":".*","RequestId":"1-/);
    const ofFc2 = await post(fc2('tells-fc'));
    assert.equal(ofFc2.status, 429);
    assert.match(ofFc2.text, /^\{"ErrorCode":"ResourceExhausted","ErrorMessage":/);
    assert.equal((await post('/second', {}, '{"chain":[]}')).status, 429);
    assert.equal((await post('/_porchlight/invoke/second')).status, 429);
  });
});
