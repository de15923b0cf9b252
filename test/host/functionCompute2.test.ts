import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';
import { phpOfMachine } from '../support/php.ts';
import { pythonOfMachine } from '../support/python.ts';

/** What the instances of a function say outside of invocations, and a wait for a line of it. */
function instanceLog(host: Host, name: string): { lines: string[]; until: (text: RegExp) => Promise<void> } {
  const lines: string[] = [];
  const waiting: (() => void)[] = [];
  host.registry.get(name).onDidLogOutside(({ entry }) => {
    lines.push(
      entry.text.replace(/RequestId: [0-9a-f-]+/, 'RequestId: ID').replace(/\d+\.\d\d ms|\d+ ms/g, 'N'),
    );
    for (const look of waiting.splice(0)) look();
  });
  const until = async (text: RegExp): Promise<void> => {
    while (!lines.some((line) => text.test(line)))
      await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { lines, until };
}

const proxy = '/2016-08-15/proxy/shop';

describe('an HTTP trigger of Function Compute 2.0', () => {
  it('calls (req, resp, context) in Node.js', async (t) => {
    const { url } = (await startHostOf(t, 'fc2')).gateway;
    const body = 'a text';
    const ask = { method: 'POST', body, headers: { 'X-Multi': 'v1', 'User-Agent': 'test' } };
    const answered = await fetch(`${url}/web/a%20b/c?x=1&x=2&y=3`, ask);
    assert.equal(answered.status, 200);
    assert.equal(answered.headers.get('content-type'), 'application/json');
    assert.match(answered.headers.get('x-fc-request-id')!, /^1-/);
    const expected = {
      method: 'POST',
      path: '/a b/c',
      url: '/a%20b/c?x=1&x=2&y=3',
      queries: { x: ['1', '2'], y: '3' },
      clientIP: '127.0.0.1',
      multi: 'v1',
      agent: 'test',
      body,
      streamed: body,
      node: true,
      function: 'web',
      service: 'shop',
      variable: 'shop',
      leaked: false,
      wrong: [
        'TypeError: statusCode should be a `integer`',
        'TypeError: headerKey should be a `string`',
        'TypeError: headerValue should be a `string` or a object with `string` type key-value pair',
        'TypeError: buffer should be a `Buffer` or a `string` or a `stream.Readable`',
      ],
    };
    assert.deepEqual(await answered.json(), expected);
    const byProxy = await fetch(`${url}${proxy}/web/a%20b/c?x=1&x=2&y=3`, ask);
    assert.deepEqual(await byProxy.json(), { ...expected, url: `${proxy}/web/a%20b/c?x=1&x=2&y=3` });
  });

  it('sends bytes, several values of a header, and streams', async (t) => {
    const { url } = (await startHostOf(t, 'fc2')).gateway;
    const bytes = await fetch(`${url}/web/?do=bytes`);
    assert.deepEqual([...new Uint8Array(await bytes.arrayBuffer())], [0xff, 0]);
    assert.deepEqual(bytes.headers.getSetCookie(), ['a=1', 'b=2']);
    assert.equal(bytes.headers.get('x-gone'), null);
    assert.match(bytes.headers.get('x-fc-request-id')!, /^1-/);
    const stream = await fetch(`${url}/web?do=stream`);
    assert.equal(stream.status, 201);
    assert.equal(stream.headers.get('content-type'), 'text/plain');
    assert.equal(await stream.text(), 'one two three');
  });

  it('answers 502 to what fails, and serves on', async (t) => {
    const { url } = (await startHostOf(t, 'fc2')).gateway;
    const failed = await fetch(`${url}/web/?do=throw`);
    assert.equal(failed.status, 502);
    assert.equal(await failed.text(), 'Internal Server Error');
    // The first answer counts; what is sent behind it throws in the handler alone.
    assert.equal(await (await fetch(`${url}/web/?do=twice`)).text(), 'first');
    await assert.rejects(async () => (await fetch(`${url}/web/?do=break`)).text());
    assert.equal((await fetch(`${url}/web/`, { method: 'DELETE' })).status, 403);
    assert.equal((await fetch(`${url}/web/`)).status, 200);
  });

  it('takes an event that is given by hand for the body of a request', async (t) => {
    const host = await startHostOf(t, 'fc2');
    const { body } = await invoke(host, 'web', { a: 1 });
    const { method, path, streamed } = JSON.parse(body) as Record<string, unknown>;
    assert.deepEqual({ method, path, streamed }, { method: 'POST', path: '/', streamed: '{"a":1}' });
  });
});

describe(
  'an HTTP trigger of Function Compute 2.0 in Python',
  { skip: pythonOfMachine() ? false : 'No Python 3.8 or newer is installed.' },
  () => {
    it('calls a WSGI application', async (t) => {
      const { url } = (await startHostOf(t, 'fc2')).gateway;
      const ask = { method: 'POST', body: 'é', headers: { 'X-Multi': 'v1', 'Content-Type': 'text/x' } };
      const answered = await fetch(`${url}${proxy}/wsgi/a%20b?x=1`, ask);
      assert.equal(answered.status, 200);
      assert.deepEqual(await answered.json(), {
        REQUEST_METHOD: 'POST',
        PATH_INFO: '/a b',
        QUERY_STRING: 'x=1',
        CONTENT_TYPE: 'text/x',
        HTTP_X_MULTI: 'v1',
        REMOTE_ADDR: '127.0.0.1',
        uri: `${proxy}/wsgi/a%20b?x=1`,
        body: 'é',
        function: 'wsgi',
        service: 'shop',
        variable: 'shop',
        request: true,
      });
      const bytes = await fetch(`${url}/wsgi/?do=bytes`);
      assert.equal(bytes.status, 202);
      assert.deepEqual(bytes.headers.getSetCookie(), ['a=1', 'b=2']);
      assert.deepEqual([...new Uint8Array(await bytes.arrayBuffer())], [0xff, 0]);
      assert.equal((await fetch(`${url}/wsgi/?do=raise`)).status, 502);
      assert.equal((await fetch(`${url}/wsgi/?do=nothing`)).status, 502);
    });
  },
);

/** The hook's lines without those of its failure's stack. */
const around = ({ lines }: { lines: string[] }) => lines.map((line) => line.split('\n')[0]!);

describe('a pre-freeze hook', () => {
  it('runs after each invocation, between its lines, and its failure ends nothing', async (t) => {
    const host = await startHostOf(t, 'fc2');
    const first = instanceLog(host, 'freezes');
    const cold = await invoke(host, 'freezes');
    assert.equal(cold.body, '{"frozen":0}');
    assert.ok(!cold.logs.some(({ text }) => text.includes('freezing')));
    await first.until(/billed/);
    assert.deepEqual(around(first), [
      'FC PreFreeze Start RequestId: ID',
      'freezing string',
      'FC PreFreeze End RequestId: ID',
      'The pre-freeze hook took N, billed as an invocation of N.',
    ]);
    const second = instanceLog(host, 'freezes');
    const warm = await invoke(host, 'freezes', {}, 'warm');
    assert.deepEqual([warm.startKind, warm.body], ['warm', '{"frozen":1}']);
    await second.until(/billed/);
    assert.deepEqual(around(second).slice(1, 4), [
      'freezing string',
      'Error: not flushed',
      'FC PreFreeze End RequestId: ID, Error: Unhandled function error',
    ]);
    assert.equal((await invoke(host, 'freezes', {}, 'warm')).body, '{"frozen":2}');
  });

  it('is left alone when it takes too long', async (t) => {
    const host = await startHostOf(t, 'fc2');
    const log = instanceLog(host, 'hangs');
    assert.equal((await invoke(host, 'hangs')).body, 'answered');
    await log.until(/billed/);
    assert.deepEqual(around(log).slice(0, 3), [
      'FC PreFreeze Start RequestId: ID',
      'The pre-freeze hook did not end within its 1 s, or its process ended.',
      'FC PreFreeze End RequestId: ID, Error: Unhandled function error',
    ]);
    assert.equal((await invoke(host, 'hangs', {}, 'warm')).startKind, 'warm');
  });

  it('runs in Python', { skip: pythonOfMachine() ? false : 'no Python' }, async (t) => {
    const host = await startHostOf(t, 'fc2');
    const log = instanceLog(host, 'freezes-python');
    await invoke(host, 'freezes-python');
    await log.until(/billed/);
    assert.equal(around(log)[1], 'freezing str');
    assert.equal(JSON.parse((await invoke(host, 'freezes-python', {}, 'warm')).body).frozen, 1);
  });

  it('runs in PHP', { skip: phpOfMachine() ? false : 'no PHP' }, async (t) => {
    const host = await startHostOf(t, 'fc2');
    const log = instanceLog(host, 'freezes-php');
    assert.equal((await invoke(host, 'freezes-php')).body, '{"frozen":0}');
    await log.until(/billed/);
    assert.deepEqual(around(log).slice(0, 3), [
      'FC PreFreeze Start RequestId: ID',
      'freezing string',
      'FC PreFreeze End RequestId: ID',
    ]);
    assert.equal((await invoke(host, 'freezes-php', {}, 'warm')).body, '{"frozen":1}');
  });

  it('is a request to a custom runtime', async (t) => {
    const host = await startHostOf(t, 'fc2');
    const log = instanceLog(host, 'freezes-program');
    assert.equal((await invoke(host, 'freezes-program')).body, '{"frozen":0}');
    await log.until(/billed/);
    assert.deepEqual(around(log), [
      'FC PreFreeze Start RequestId: ID',
      'freezing GET',
      'FC PreFreeze End RequestId: ID',
      'The pre-freeze hook took N, billed as an invocation of N.',
    ]);
    assert.equal((await invoke(host, 'freezes-program', {}, 'warm')).body, '{"frozen":1}');
  });
});
