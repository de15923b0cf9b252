import assert from 'node:assert/strict';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { connectControl } from '../../runtime/protocol/control/connection.ts';
import { StartDebugging, StopDebugging } from '../../runtime/protocol/control/messages.ts';
import { Deferred } from '../../runtime/support/deferred.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';
import { pythonOfMachine } from '../support/python.ts';

/** The next record of a function whose event names a path: earlier ones may be told again, with late output. */
function nextRecord(host: Host, name: string, path: string): Promise<InvocationRecord> {
  return new Promise((resolve) => {
    const subscription = host.registry.get(name).onDidFinish((record) => {
      if (!JSON.stringify(record.event).includes(path)) return;
      subscription.dispose();
      resolve(record);
    });
  });
}

interface Received {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that keeps the first request. */
async function startReceiver(t: TestContext): Promise<{ url: string; received: Promise<Received> }> {
  const received = new Deferred<Received>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.once('end', () => {
      const { method = '', url = '', headers } = request;
      response.end();
      received.resolve({ method, url, headers, body });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, received: received.promise };
}

const withPython = { skip: pythonOfMachine() ? false : 'No Python 3.8 or newer is installed.' };

describe('functions of OpenFaaS', () => {
  let host: Host;
  let cleanUp: (() => Promise<void>) | undefined;
  before(async () => {
    host = await startHostOf({ after: (run) => (cleanUp = run) }, 'openfaas');
  });
  after(() => cleanUp?.());

  const call = (path: string, init?: RequestInit) => fetch(`${host.gateway.url}${path}`, init);
  const text = async (path: string, init?: RequestInit) => {
    const response = await call(path, init);
    const type = response.headers.get('content-type');
    return `${response.status} ${type ?? '-'} ${await response.text()}`;
  };
  const post = (body: string, type?: string): RequestInit => ({
    method: 'POST',
    body,
    headers: type === undefined ? {} : { 'Content-Type': type },
  });

  it('answer at the path of the gateway, with their bodies read by content type', async () => {
    const seen = async (path: string, init?: RequestInit) =>
      JSON.parse((await text(path, init)).replace(/^200 text\/html; charset=utf-8 /, '')) as Record<
        string,
        unknown
      >;
    const usual = { word: 'hello', call: 'string', calls: 'number' };
    assert.deepEqual(await seen('/function/greet'), {
      ...usual,
      method: 'GET',
      path: '/',
      query: {},
      body: {},
    });
    assert.deepEqual(await seen('/function/greet/a/b?x[y]=1&z=2&z=3', post('{"a":1}', 'application/json')), {
      ...usual,
      method: 'POST',
      path: '/a/b',
      query: { x: { y: '1' }, z: ['2', '3'] },
      body: { a: 1 },
      type: 'application/json',
    });
    const bodyOf = async (body: string, type: string) =>
      (await seen('/function/greet', post(body, type)))['body'];
    assert.equal(await bodyOf('text', 'text/plain'), 'text');
    assert.deepEqual(await bodyOf('a=1&b[]=2', 'application/x-www-form-urlencoded'), { a: '1', b: ['2'] });
    assert.deepEqual(await bodyOf('bytes', 'application/octet-stream'), {});
  });

  const answers: [action: string, answer: string][] = [
    ['text', '200 text/html; charset=utf-8 plain text'],
    ['list', '200 text/html; charset=utf-8 [1,2]'],
    ['status', '201 application/json; charset=utf-8 {"a":1}'],
    ['callback', '200 text/html; charset=utf-8 {"by":"callback"}'],
    ['none', '200 - '],
    ['fail', '500 text/html; charset=utf-8 Error: told'],
    ['throw', '200 text/html; charset=utf-8 Error: thrown'],
    ['exit', '500 - '],
    ['slow', '504 - '],
  ];
  for (const [action, answer] of answers) {
    it(`of the Node.js template answer as it does: ${action}`, async () => {
      assert.equal(await text(`/function/greet?action=${action}`), answer);
    });
  }

  it('answer bytes as they are, and bad bodies as the template does', async () => {
    const response = await call('/function/greet?action=buffer');
    assert.equal(response.headers.get('content-type'), 'image/png');
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer())], [0, 255]);
    assert.match(
      await text('/function/greet', post('{', 'application/json')),
      /^400 text\/html; charset=utf-8 <pre>SyntaxError/,
    );
    assert.match(
      await text('/function/greet', post('x'.repeat(103_000), 'text/plain')),
      /^413 .*request entity too large/,
    );
  });

  it('take events given by hand as bodies, and give their results', async () => {
    const record = await invoke(host, 'greet', { a: 1 });
    assert.deepEqual((JSON.parse(record.body) as { body: unknown }).body, { a: 1 });
    assert.equal(record.status, 'ok');
  });

  it('of python3-http answer as it does', withPython, async () => {
    assert.equal(
      await text('/function/ask/x?y=1', { ...post('body'), headers: { 'X-Own': 'mine' } }),
      '200 text/html; charset=utf-8 hello /x body mine ask',
    );
    assert.equal(await text('/function/ask?action=dict'), '201 application/json {"a":"GET","b":1}\n');
    assert.equal(await text('/function/ask?action=tuple'), '202 text/html; charset=utf-8 made');
    assert.equal(await text('/function/ask?action=none'), '200 text/html; charset=utf-8 ');
    assert.match(await text('/function/ask?action=throw'), /^500 text\/html; charset=utf-8 <!doctype html>/);
    assert.equal(await text('/function/ask?action=bad'), '400 text/html; charset=utf-8 bad');
    assert.equal(await text('/function/ask', { method: 'OPTIONS' }).then((each) => each.slice(0, 3)), '405');
  });

  it('of the classic python3 get the body', withPython, async () => {
    assert.equal(await text('/function/plain', post('it')), '200 text/html; charset=utf-8 got it');
  });

  it('that are processes are started for each request, with its headers as variables', async () => {
    const init = { ...post('hey'), headers: { 'X-Own': 'mine' } };
    assert.equal(await text('/function/shout/a?b=c', init), '200 text/plain HEY POST /a b=c mine');
    const first = await invoke(host, 'shout', Buffer.from('once'));
    const second = await invoke(host, 'shout', Buffer.from('twice'));
    assert.match(first.body, /^ONCE POST \/  $/);
    assert.notEqual(first.instance?.pid, second.instance?.pid);
    assert.equal(second.startKind, 'cold');
    assert.match(first.logs.map((line) => line.text).join('\n'), /^pid \d+$/m);
    assert.equal(await text('/function/shout', post('fail')), '500 text/plain exit status 4');
    assert.equal((await invoke(host, 'shout', Buffer.from('fail'))).status, 'error');
  });

  it('that are processes run under a debugger as without, and say why nothing stops', async () => {
    const connection = await connectControl({
      url: host.control.url,
      token: host.control.token,
      client: { kind: 'editor', name: 'test', pid: process.pid },
    });
    try {
      await connection.sendRequest(StartDebugging, { functions: ['shout'] });
      const record = await invoke(host, 'shout', 'quiet');
      assert.equal(record.status, 'ok', record.error?.message);
      assert.ok(
        record.notes.includes('Not debugged: of programs, only those written in Go can be debugged.'),
        record.notes.join(),
      );
      await connection.sendRequest(StopDebugging);
    } finally {
      connection.dispose();
    }
  });

  it('that are servers behind the watchdog get requests as they are', async () => {
    const response = await call('/function/web/teapot', post('tea'));
    assert.equal(response.status, 418);
    assert.equal(response.headers.get('x-own'), 'yes');
    assert.equal(await response.text(), 'tea');
    assert.equal((await invoke(host, 'web', Buffer.from('by hand'))).body, 'by hand');
  });

  it('are called asynchronously: taken at once, and recorded', async () => {
    const finished = nextRecord(host, 'greet', '/later');
    const response = await call('/async-function/greet/later?x=1', post('{"a":1}', 'application/json'));
    assert.equal(response.status, 202);
    const record = await finished;
    assert.equal(response.headers.get('x-call-id'), record.id);
    assert.equal(record.status, 'ok');
    assert.match(JSON.stringify(record.result), /later/);
    assert.equal((await call('/async-function/nobody', post(''))).status, 404);
  });

  it('are told of their call, and answers tell of it', async () => {
    const response = await call('/function/greet.openfaas-fn/a?action=call', {
      headers: { 'X-Call-Id': 'mine' },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('x-call-id'), 'mine');
    assert.match(response.headers.get('x-start-time')!, /^\d{19}$/);
    assert.match(response.headers.get('x-duration-seconds')!, /^\d+\.\d{6}$/);
    const given = (await response.json()) as { callId: string; startTime: string; path: string };
    assert.equal(given.callId, 'mine');
    assert.equal(given.startTime, response.headers.get('x-start-time'));
    assert.equal(given.path, '/a');
    assert.match((await call('/function/greet')).headers.get('x-call-id')!, /^[0-9a-f-]{36}$/);
  });

  it('that do not exist are not found, in the words of the gateway', async () => {
    assert.match(
      await text('/function/nobody/x'),
      /^404 text\/plain; charset=utf-8 error finding function nobody: /,
    );
  });

  it('get less time when their caller says so', async () => {
    const finished = nextRecord(host, 'greet', '/hurry');
    const started = call('/function/greet/hurry?action=slow', { headers: { 'X-Timeout': '50ms' } });
    const record = await finished;
    assert.equal((await started).status, 504);
    assert.match(record.error!.message, /within its 0\.05 s/);
    assert.ok(record.notes.includes('Its caller gave it 0.05 s.'));
  });

  it('have results of asynchronous calls sent to where the caller says', async (t) => {
    const receiver = await startReceiver(t);
    const headers = { 'X-Callback-Url': `${receiver.url}/done?of=1`, 'X-Call-Id': 'mine' };
    const taken = await call('/async-function/greet?action=status', { method: 'POST', headers });
    assert.equal(`${taken.status} ${taken.headers.get('x-call-id')}`, '202 mine');
    const { method, url, headers: sent, body } = await receiver.received;
    assert.equal(`${method} ${url} ${body}`, 'POST /done?of=1 {"a":1}');
    assert.equal(sent['x-call-id'], 'mine');
    assert.equal(sent['x-function-name'], 'greet');
    assert.equal(sent['x-function-status'], '201');
    assert.match(sent['x-duration-seconds'] as string, /^\d+\.\d{6}$/);
    assert.match(sent['content-type']!, /^application\/json/);
  });

  it('call each other by callbacks to the name of the gateway in the cluster', async () => {
    const called = nextRecord(host, 'web', '/after');
    await call('/async-function/greet?action=text', {
      method: 'POST',
      headers: { 'X-Callback-Url': 'http://gateway.openfaas:8080/function/web/after' },
    });
    const { event, label } = await called;
    assert.equal(label, 'POST /function/web/after');
    assert.match(JSON.stringify(event), /plain text/);
  });

  it('send no result to other machines, and say so', async () => {
    const finished = nextRecord(host, 'greet', '/elsewhere');
    await call('/async-function/greet/elsewhere', {
      method: 'POST',
      headers: { 'X-Callback-Url': 'https://user:pass@example.com/x' },
    });
    const { notes } = await finished;
    assert.deepEqual(notes, [
      "Its result is not sent to the caller's callback: example.com is not on this machine.",
    ]);
  });

  it('refuse more than max_inflight', async () => {
    const slow = new AbortController();
    const started = new Promise<void>((resolve) => {
      const subscription = host.registry.get('crowded').onDidChangeInvocation(() => {
        subscription.dispose();
        resolve();
      });
    });
    const first = call('/function/crowded?action=slow', { signal: slow.signal }).catch(() => undefined);
    await started;
    assert.match(
      await text('/function/crowded'),
      /^429 text\/plain; charset=utf-8 Concurrent request limit exceeded/,
    );
    slow.abort();
    await first;
  });
});
