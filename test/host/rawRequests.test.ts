import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';

const project = `functions:
  seen:
    handler: index.seen
    platform: aws-lambda
    triggers: [{ http: { path: /seen/* } }]
  later:
    handler: index.later
    platform: aliyun-fc
    triggers: [{ http: { path: /later/* } }]
`;

const code = `exports.seen = async (event) => event;
exports.later = (event, context, callback) => callback(null, event);
`;

/** What clients send that are no SDK: as bytes, since Node's own client would send something else. */
describe('requests as old, small and unusual clients send them', () => {
  let host: Host;
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'porchlight-raw-'));
    await writeFile(join(root, 'porchlight.yaml'), project);
    await writeFile(join(root, 'index.js'), code);
    host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: true });
  });
  after(async () => {
    await host.close('test ended');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  /** The answer to what is written as it stands; it has to ask for the end of the connection. */
  const ask = async (...lines: string[]) => {
    const socket = connect(Number(new URL(host.gateway.url).port), '127.0.0.1');
    socket.write(lines.join('\r\n'));
    const answer = await text(socket);
    const [head = '', ...rest] = answer.split('\r\n\r\n');
    return { status: Number(head.split(' ')[1]), head, body: rest.join('\r\n\r\n') };
  };
  const invoke = '/2015-03-31/functions/seen/invocations';

  const nextRecord = (name: string): Promise<InvocationRecord> =>
    new Promise((resolve) => {
      const subscription = host.registry.get(name).onDidFinish((record) => {
        subscription.dispose();
        resolve(record);
      });
    });

  it('of HTTP/1.0, which knows no Host header', async () => {
    const invoked = await ask(`POST ${invoke} HTTP/1.0`, 'Content-Length: 7', '', '{"a":1}');
    assert.deepEqual([invoked.status, invoked.body], [200, '{"a":1}']);
    const asked = await ask('GET /seen/x HTTP/1.0', '', '');
    assert.equal(asked.status, 200);
    assert.equal((JSON.parse(asked.body) as { rawPath: string }).rawPath, '/seen/x');
  });

  it('that take the gateway for a proxy: the target is an address', async () => {
    const address = `${host.gateway.url}/seen/a%20b?q=1`;
    const { status, body } = await ask(
      `GET ${address} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: close',
      '',
      '',
    );
    assert.equal(status, 200);
    const event = JSON.parse(body) as { rawPath: string; rawQueryString: string };
    assert.deepEqual([event.rawPath, event.rawQueryString], ['/seen/a b', 'q=1']);
    // The host of the target counts, whatever the header says.
    const elsewhere = await ask(
      'GET http://example.org/seen/x HTTP/1.1',
      'Host: 127.0.0.1',
      'Connection: close',
      '',
      '',
    );
    assert.equal(elsewhere.status, 403);
  });

  it('in chunks with extensions and trailers, and behind a 100 Continue', async () => {
    const chunked = await ask(
      `POST ${invoke} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Transfer-Encoding: chunked',
      'Trailer: X-Sum',
      'Connection: close',
      '',
      '3;ext=1',
      '{"a',
      '4',
      '":1}',
      '0',
      'X-Sum: 1',
      '',
      '',
    );
    assert.deepEqual([chunked.status, chunked.body], [200, '{"a":1}']);
    const announced = await ask(
      `POST ${invoke} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Expect: 100-continue',
      'Content-Length: 2',
      'Connection: close',
      '',
      '{}',
    );
    assert.equal(announced.status, 100);
    assert.match(announced.body, /^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n\{\}$/);
  });

  it('one behind the other without waiting: the answers come in order', async () => {
    const one = (id: number, more = '') =>
      `POST ${invoke} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 8\r\n${more}\r\n{"id":${id}}`;
    const answer = await ask(one(1) + one(2) + one(3, 'Connection: close\r\n'));
    const all = `${answer.head}${answer.body}`;
    assert.deepEqual(
      [...all.matchAll(/"id":(\d)/g)].map(([, id]) => id),
      ['1', '2', '3'],
    );
  });

  it('with a name that is no percent-encoded text', async () => {
    const { status, body } = await ask(
      'POST /_porchlight/invoke/%zz HTTP/1.1',
      'Host: 127.0.0.1',
      'Content-Length: 0',
      'Connection: close',
      '',
      '',
    );
    assert.equal(status, 404);
    assert.match(body, /FUNCTION_UNKNOWN/);
  });

  it('for the only function by the name that emulators of the clouds give it', async () => {
    for (const address of [
      '/2015-03-31/functions/function/invocations',
      '/2023-03-30/functions/function/invocations',
    ]) {
      const answer = await fetch(host.gateway.url + address, { method: 'POST', body: '{"a":1}' });
      assert.deepEqual([answer.status, await answer.text()], [200, '{"a":1}']);
    }
  });

  it('with a path that is longer than Function Compute takes', async () => {
    const answered = (length: number) =>
      fetch(`${host.gateway.url}/later/${'a'.repeat(length - '/later/'.length)}`);
    assert.equal((await answered(4096)).status, 200);
    const long = await answered(4097);
    assert.deepEqual([long.status, ((await long.json()) as { Code: string }).Code], [400, 'InvalidArgument']);
  });

  describe('asynchronously over an HTTP trigger of Function Compute', () => {
    const call = async (headers: Record<string, string>, body = 'x') => {
      const sent = { 'X-Fc-Invocation-Type': 'Async', 'Content-Type': 'text/plain', ...headers };
      const answer = await fetch(`${host.gateway.url}/later/job?a=1`, {
        method: 'POST',
        headers: sent,
        body,
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };

    it('is answered at once; the function gets the event of the trigger', async () => {
      const ended = nextRecord('later');
      const answer = await call({});
      assert.deepEqual([answer.status, answer.text], [202, '']);
      const record = await ended;
      assert.equal(record.id, answer.headers.get('x-fc-request-id'));
      assert.deepEqual([record.trigger, record.label, record.status], ['http', 'POST /later/job?a=1', 'ok']);
      const event = JSON.parse(record.result!.data) as { rawPath: string; body: string };
      assert.deepEqual([event.rawPath, event.body], ['/later/job', 'x']);
    });

    it('takes an id of the caller’s once', async () => {
      const ended = nextRecord('later');
      const first = await call({ 'X-Fc-Async-Task-Id': 'job-1' });
      assert.deepEqual([first.status, first.headers.get('x-fc-async-task-id')], [202, 'job-1']);
      await ended;
      const again = await call({ 'X-Fc-Async-Task-Id': 'job-1' });
      assert.equal(again.status, 409);
      const bad = await call({ 'X-Fc-Async-Task-Id': '1 2' });
      assert.deepEqual([bad.status, JSON.parse(bad.text).Code], [400, 'InvalidArgument']);
    });

    it('has the bounds of asynchronous events', async () => {
      const tooLarge = await call({}, 'x'.repeat(128 * 1024 + 1));
      assert.deepEqual([tooLarge.status, JSON.parse(tooLarge.text).Code], [400, 'EntityTooLarge']);
    });

    it('only when it says Async', async () => {
      const answer = await call({ 'X-Fc-Invocation-Type': 'Sync' });
      assert.equal(answer.status, 200);
    });
  });
});
