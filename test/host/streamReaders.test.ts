import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { ended, porchlight, startPorchlight } from '../support/commandLine.ts';
import { openGate } from '../support/gate.ts';
import { startStreamingHost, textReader, type Step, type StreamingHost } from '../support/streams.ts';

describe('who reads results that come bit by bit', { timeout: 120_000 }, () => {
  let host: StreamingHost;
  before(async () => (host = await startStreamingHost()));
  after(() => host.stop());
  const post: StreamingHost['post'] = (...request) => host.post(...request);
  const nextRecord = (name: string) => host.nextRecord(name);

  describe('callers that go away', () => {
    it('Lambda runs on, and nobody holds it up', async (t) => {
      const gate = await openGate(t);
      const recorded = nextRecord('writes');
      const caller = new AbortController();
      const event = { with: [{ write: 'begun' }, { gate: gate.url }, { megabytes: 2 }] satisfies Step[] };
      const answer = await post('/url', event, { signal: caller.signal });
      await textReader(answer).until('begun');
      await gate.reached();
      caller.abort();
      gate.open();
      const { status, stream } = await recorded;
      assert.deepEqual([status, stream?.bytes], ['ok', 5 + 2 * 1024 * 1024]);
    });

    it("Function Compute ends the request, and not the server's others", async (t) => {
      const gate = await openGate(t);
      const other = await fetch(`${host.gateway.url}/server/events?gate=${gate.url}`);
      const reader = textReader(other);
      const caller = new AbortController();
      const endless = await fetch(`${host.gateway.url}/server/endless`, { signal: caller.signal });
      await textReader(endless).until('data: one\n\n');
      const recorded = nextRecord('server');
      caller.abort();
      const { status, result } = await recorded;
      assert.equal(status, 'interrupted');
      assert.match(result?.data ?? '', /data: one/);
      gate.open();
      gate.open();
      assert.equal(await reader.rest(), 'data: one\n\ndata: two\n\n');
    });

    it('alone, its instance ends', async () => {
      const caller = new AbortController();
      const endless = await fetch(`${host.gateway.url}/server/endless`, { signal: caller.signal });
      await textReader(endless).until('data: one\n\n');
      const [slot] = host.registry.get('server').pool.slots;
      caller.abort();
      await slot!.instance.exited;
    });
  });

  describe('servers', () => {
    for (const place of ['/server', '/lambda']) {
      it(`${place}: events of a server come as it sends them`, async (t) => {
        const gate = await openGate(t);
        const name = place === '/server' ? 'server' : 'server-on-lambda';
        const recorded = nextRecord(name);
        const answer = await fetch(`${host.gateway.url}${place}/events?gate=${gate.url}`);
        // The head has come, and nothing of the body.
        assert.equal(answer.headers.get('content-type'), 'text/event-stream');
        assert.deepEqual(answer.headers.getSetCookie(), ['a=1', 'b=2']);
        gate.open();
        const reader = textReader(answer);
        await reader.until('data: one\n\n');
        gate.open();
        assert.equal(await reader.rest(), 'data: one\n\ndata: two\n\n');
        const { stream, result } = await recorded;
        assert.equal(stream?.bytes, 22);
        const { httpResponse } = JSON.parse(result?.data ?? '') as {
          httpResponse: { status: number; body: string };
        };
        assert.deepEqual([httpResponse.status, httpResponse.body], [200, 'data: one\n\ndata: two\n\n']);
      });

      it(`${place}: an answer that breaks off is cut`, async (t) => {
        const gate = await openGate(t);
        const answer = await fetch(`${host.gateway.url}${place}/breaks?gate=${gate.url}`);
        const reader = textReader(answer);
        await reader.until('half');
        gate.open();
        await assert.rejects(reader.rest(), /terminated/);
      });

      it(`${place}: large answers pass`, async () => {
        const answer = await fetch(`${host.gateway.url}${place}/large`);
        assert.equal((await answer.arrayBuffer()).byteLength, 7 * 1024 * 1024);
      });
    }

    it('a buffered function URL of one gives its answer in one piece', async () => {
      const answer = await fetch(`${host.gateway.url}/buffered/events`);
      assert.equal(answer.headers.get('content-length'), '22');
      assert.equal(await answer.text(), 'data: one\n\ndata: two\n\n');
      assert.equal((await fetch(`${host.gateway.url}/buffered/large`)).status, 502);
    });

    it('what answers an event is the same to all who call', async () => {
      const answer = await post('/_porchlight/invoke/server', {});
      assert.equal(await answer.text(), 'data: one\n\ndata: two\n\n');
      const api = await post('/2023-03-30/functions/server/invocations', {});
      assert.equal(await api.text(), 'data: one\n\ndata: two\n\n');
    });
  });

  describe('the command line', () => {
    it('writes a result as it comes', async (t) => {
      const gate = await openGate(t);
      const event: { with: Step[] } = {
        with: [{ write: 'first ' }, { gate: gate.url }, { write: 'second' }],
      };
      const child = startPorchlight(host.options.root, ['invoke', 'writes', '-e', JSON.stringify(event)]);
      const all = ended(child);
      let seen = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        if (seen === 'first ') gate.open();
      });
      const { code, stdout, stderr } = await all;
      assert.deepEqual([code, stdout], [0, 'first second']);
      assert.match(stderr, /writes ok · .* · first byte after [\d.]+ ms · /);
    });

    it('a record as JSON has it whole', async () => {
      const event = { with: [{ megabytes: 1 }] satisfies Step[] };
      const { code, stdout } = await porchlight(host.options.root, [
        'invoke',
        'writes',
        '--json',
        '-e',
        JSON.stringify(event),
      ]);
      const record = JSON.parse(stdout) as InvocationRecord;
      assert.deepEqual([code, record.result?.data.length], [0, 1024 * 1024]);
    });

    it('what had come stays when the function fails', async () => {
      const event = { with: [{ write: 'begun' }, { fails: 'not today' }] satisfies Step[] };
      const { code, stdout, stderr } = await porchlight(host.options.root, [
        'invoke',
        'writes',
        '-e',
        JSON.stringify(event),
      ]);
      assert.deepEqual([code, stdout], [1, 'begun']);
      assert.match(stderr, /TypeError: not today/);
    });
  });
});
