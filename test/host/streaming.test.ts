import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Invocation } from '../../runtime/invocations/invocation.ts';
import { openGate } from '../support/gate.ts';
import { invoke } from '../support/hostFixture.ts';
import { startStreamingHost, textReader, type Step, type StreamingHost } from '../support/streams.ts';

describe('results that come bit by bit', { timeout: 120_000 }, () => {
  let host: StreamingHost;
  before(async () => (host = await startStreamingHost()));
  after(() => host.stop());
  const post: StreamingHost['post'] = (...request) => host.post(...request);
  const nextRecord = (name: string) => host.nextRecord(name);

  const streaming = (name: string): string => `/2021-11-15/functions/${name}/response-streaming-invocations`;

  /** The way of each caller that gets results while they are made. */
  const ways: [name: string, fn: string, path: string][] = [
    ['a function URL', 'writes', '/url'],
    ['a plain invoke', 'writes', '/_porchlight/invoke/writes'],
    ['InvokeWithResponseStream', 'writes', streaming('writes')],
    ['InvokeWithResponseStream of a newer runtime', 'newest', streaming('newest')],
    ["a function URL of a program's", 'program', '/program'],
    ['InvokeWithResponseStream of a program', 'program', streaming('program')],
  ];
  for (const [name, fn, path] of ways) {
    it(`${name} passes on what was written while the handler runs on`, async (t) => {
      const gate = await openGate(t);
      const recorded = nextRecord(fn);
      const answer = await post(path, {
        with: [{ write: 'first ' }, { gate: gate.url }, { write: 'second' }] satisfies Step[],
      });
      assert.equal(answer.status, 200);
      const reader = textReader(answer);
      await reader.until('first ');
      const [running] = host.registry.get(fn).running.values();
      assert.equal(running?.summary.status, 'running');
      assert.equal(running?.summary.stream?.bytes, 6);
      gate.open();
      assert.match(await reader.rest(), /first .*second/s);
      const { status, stream, result, phases } = await recorded;
      assert.equal(status, 'ok');
      assert.deepEqual(result, { encoding: 'utf8', data: 'first second', size: 12, truncated: false });
      assert.equal(stream?.bytes, 12);
      const handler = phases.find((phase) => phase.name === 'handler')!;
      assert.ok(stream.firstByteUs >= handler.startUs);
      assert.ok(stream.firstByteUs <= handler.startUs + handler.durationUs);
    });
  }

  it('status, headers and cookies stand in front of what a function URL passes on', async (t) => {
    const gate = await openGate(t);
    const prelude = { statusCode: 201, headers: { 'X-Kind': 'made' }, cookies: ['a=1', 'b=2'] };
    const steps: Step[] = [{ write: 'one ' }, { gate: gate.url }, { write: 'two' }];
    const answer = await post('/web', { prelude, with: steps });
    const reader = textReader(answer);
    await reader.until('one ');
    gate.open();
    assert.equal(await reader.rest(), 'one two');
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('x-kind'), 'made');
    assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    assert.ok(answer.headers.get('x-amzn-requestid'));

    const empty = await post('/web', { prelude: { statusCode: 204 }, with: [] });
    assert.deepEqual([empty.status, await empty.text()], [204, '']);

    const whole = await post('/web-whole', { prelude, with: [{ write: 'one ' }, { write: 'two' }] });
    assert.deepEqual([whole.status, await whole.text()], [201, 'one two']);
    assert.equal(whole.headers.get('x-kind'), 'made');
    assert.deepEqual(whole.headers.getSetCookie(), ['a=1', 'b=2']);

    // The Invoke API knows nothing of HTTP.
    const raw = await post('/2015-03-31/functions/web/invocations', { prelude, with: [{ write: 'one' }] });
    assert.equal(await raw.text(), `${JSON.stringify(prelude)}${'\0'.repeat(8)}one`);
  });

  it('a prelude that is none is a malformed answer', async () => {
    for (const path of ['/web', '/web-whole']) {
      const answer = await post(path, { prelude: { statusCode: 'high' }, with: [{ write: 'x' }] });
      assert.deepEqual([answer.status, await answer.text()], [502, 'Internal Server Error'], path);
    }
    // A program that promises one and sends none.
    const type = 'application/vnd.awslambda.http-integration-response';
    const answer = await post('/program', { type, with: [{ write: 'no prelude' }] });
    assert.equal(answer.status, 502);
    const good = await post('/program', {
      type,
      with: [{ write: '{"statusCode":202}\\0\\0\\0' }, { write: '\\0\\0\\0\\0\\0body' }],
    });
    assert.deepEqual([good.status, await good.text()], [202, 'body']);
  });

  it('what nobody asked for bit by bit is given in one piece', async () => {
    const event = { with: [{ write: 'first ' }, { write: 'second' }] satisfies Step[] };
    const whole = await post('/whole', event);
    assert.deepEqual([whole.status, await whole.text()], [200, 'first second']);
    const api = await post('/2015-03-31/functions/writes/invocations', event);
    assert.equal(await api.text(), 'first second');
    assert.equal((await invoke(host, 'writes', event)).body, 'first second');
  });

  it('a function that answers in one piece is answered by every caller', async () => {
    const answer = await post(streaming('plain'), {});
    assert.match(await answer.text(), /PayloadChunk.*\{"plain":true\}.*InvokeComplete/s);
  });

  it('a result is complete when it is ended, not when the handler returns; objects are written as JSON', async () => {
    assert.equal((await invoke(host, 'pipes')).body, '{"json":true}abc');
  });

  describe('errors', () => {
    const failing: [name: string, path: string, step: Step, said: RegExp][] = [
      ['thrown', 'writes', { fails: 'not today' }, /"ErrorCode":"TypeError".*not today/],
      ['an exit', 'writes', { exits: 3 }, /"ErrorCode":"Runtime.ExitError".*exit status 3/],
      ['trailers', 'program', { fails: 'broke off' }, /"ErrorCode":"Function.Broken".*broke off/],
    ];
    for (const [what, name, step, said] of failing) {
      it(`${what}: before the first byte as always, behind it in the last event or by a cut`, async () => {
        const early = await post(streaming(name), { with: [step] });
        const earlyText = await early.text();
        assert.match(earlyText, said);
        assert.doesNotMatch(earlyText, /PayloadChunk/);
        const late = await post(streaming(name), { with: [{ write: 'begun ' }, step] });
        assert.match(
          await late.text(),
          new RegExp(`PayloadChunk.*begun .*InvokeComplete.*${said.source}`, 's'),
        );

        const url = name === 'writes' ? '/url' : '/program';
        const refused = await post(url, { with: [step] });
        assert.deepEqual([refused.status, await refused.text()], [502, 'Internal Server Error']);
        const recorded = nextRecord(name);
        const cut = await post(url, { with: [{ write: 'begun ' }, step] });
        assert.equal(cut.status, 200);
        await assert.rejects(cut.text(), /terminated/);
        const record = await recorded;
        assert.notEqual(record.status, 'ok');
        // What the caller has got.
        assert.equal(record.result?.data, 'begun ');
      });
    }

    it('a program that breaks off within its result', async (t) => {
      const gate = await openGate(t);
      const steps: Step[] = [{ write: 'begun' }, { gate: gate.url }];
      const answer = await post(streaming('program'), { with: steps, breaksOff: true });
      const reader = textReader(answer);
      await reader.until('begun');
      gate.open();
      assert.match(await reader.rest(), /begun.*InvokeComplete.*"ErrorCode":"Runtime.TruncatedResponse"/s);
    });

    it('a time-out in the middle', async () => {
      const recorded = nextRecord('hangs');
      const cut = await post('/hangs', { with: [{ write: 'begun' }, { hangs: true }] satisfies Step[] });
      await assert.rejects(cut.text(), /terminated/);
      const { status, result, stream } = await recorded;
      assert.deepEqual([status, result?.data, stream?.bytes], ['timeout', 'begun', 5]);
      const told = await post(streaming('hangs'), { with: [{ write: 'begun' }, { hangs: true }] });
      assert.match(
        await told.text(),
        /begun.*"ErrorCode":"Sandbox.Timedout".*Task timed out after 1.00 seconds/s,
      );
    });

    const wrong: [name: string, event: unknown, error: RegExp][] = [
      ['not-async', {}, /string: Streaming does not support non-async handlers\./],
      // Version 3 of the runtime client refuses with texts, version 4 with errors.
      ['older', { leavesOpen: true }, /string: Response stream is not finished\./],
      ['newest', { leavesOpen: true }, /Error: Response stream is not finished\./],
      [
        'writes',
        { with: [{ write: 'x' }, { type: 'text/html' }] },
        /Runtime\.InvalidStreamingOperation: .*too late/,
      ],
      ['badly-marked', {}, /Runtime\.MalformedStreamingHandler: Only response streaming is supported\./],
    ];
    for (const [name, event, error] of wrong) {
      it(`of a handler that does it wrong: ${error.source}`, async () => {
        const record = await invoke(host, name, event);
        assert.match(`${record.error?.type}: ${record.error?.message}`, new RegExp(`^${error.source}`));
      });
    }

    it('a returned value is ignored, with a warning', async () => {
      const record = await invoke(host, 'writes', { with: [{ write: 'x' }], returns: 1 });
      assert.equal(record.body, 'x');
      assert.ok(record.logs.some(({ text, level }) => level === 'warn' && /ignore return values/.test(text)));
    });
  });

  describe('sizes', () => {
    it('more than 6 MB pass on; in one piece they are too large', async () => {
      const event = { with: [{ megabytes: 7 }] satisfies Step[] };
      const recorded = nextRecord('writes');
      const answer = await post('/url', event);
      assert.equal((await answer.arrayBuffer()).byteLength, 7 * 1024 * 1024);
      const { result, notes, stream } = await recorded;
      assert.deepEqual([result?.size, result?.truncated, result?.data.length], [7_340_032, true, 256 * 1024]);
      assert.equal(stream?.bytes, 7_340_032);
      assert.ok(
        notes.some((note) =>
          /first 6 MB .* at 2 MB per second at most: the rest takes it 1 s or more/.test(note),
        ),
        notes.join('\n'),
      );
      const whole = await invoke(host, 'writes', event);
      assert.equal(whole.error?.type, 'Function.ResponseSizeTooLarge');
      assert.ok(whole.notes.some((note) => note.includes('The result has 7340032 bytes')));
    });

    it('200 MB are the most that pass on', async () => {
      const recorded = nextRecord('writes');
      const answer = await post(streaming('writes'), { with: [{ megabytes: 201 }] satisfies Step[] });
      let bytes = 0;
      let tail = Buffer.alloc(0);
      for await (const chunk of answer.body!) {
        bytes += chunk.byteLength;
        tail = Buffer.concat([tail, chunk]).subarray(-1000);
      }
      assert.ok(bytes > 200 * 1024 * 1024, String(bytes));
      assert.match(tail.toString('latin1'), /"ErrorCode":"Function\.ResponseSizeTooLarge"/);
      const { status, notes } = await recorded;
      assert.equal(status, 'error');
      assert.ok(
        notes.some((note) => /broken off at \d+ bytes; AWS Lambda passes on at most 209715200/.test(note)),
      );
    });

    it('a caller that does not read holds the handler up, not the memory of the host', async (t) => {
      const { port } = new URL(host.gateway.url);
      const caller = connect(Number(port), '127.0.0.1');
      t.after(() => void caller.destroy());
      await once(caller, 'connect');
      caller.pause();
      const body = JSON.stringify({ with: [{ megabytes: 100 }] satisfies Step[] });
      const head = `POST /url HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}`;
      const accepted = new Promise<Invocation>((resolve) =>
        host.registry.get('writes').onDidChangeInvocation(resolve),
      );
      caller.write(`${head}\r\n\r\n${body}`);
      const { summary } = await accepted;
      const sent = () => {
        assert.equal(summary.status, 'running', 'all of it was taken from the handler');
        return summary.stream?.bytes ?? 0;
      };
      // Held up when nothing moves while others are served again and again.
      let before = -1;
      while (sent() === 0 || sent() !== before) {
        before = sent();
        for (let call = 0; call < 25; call++) await invoke(host, 'plain');
      }
      assert.ok(before < 30 * 1024 * 1024, `${before} bytes were taken from the handler`);
      const recorded = nextRecord('writes');
      caller.resume();
      assert.equal((await recorded).stream?.bytes, 100 * 1024 * 1024);
    });
  });
});
