import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';
import { pythonOfMachine } from '../support/python.ts';

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

  it('that are servers behind the watchdog get requests as they are', async () => {
    const response = await call('/function/web/teapot', post('tea'));
    assert.equal(response.status, 418);
    assert.equal(response.headers.get('x-own'), 'yes');
    assert.equal(await response.text(), 'tea');
    assert.equal((await invoke(host, 'web', Buffer.from('by hand'))).body, 'by hand');
  });

  it('are called asynchronously: taken at once, and recorded', async () => {
    const finished = new Promise<InvocationRecord>((resolve) => {
      const subscription = host.registry.get('greet').onDidFinish((record) => {
        subscription.dispose();
        resolve(record);
      });
    });
    const response = await call('/async-function/greet/later?x=1', post('{"a":1}', 'application/json'));
    assert.equal(response.status, 202);
    const record = await finished;
    assert.equal(response.headers.get('x-call-id'), record.id);
    assert.equal(record.status, 'ok');
    assert.match(JSON.stringify(record.result), /later/);
    assert.equal((await call('/async-function/nobody', post(''))).status, 404);
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
