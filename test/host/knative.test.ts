import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { CloudEvent, emitterFor, HTTP, httpTransport, Mode } from 'cloudevents';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';
import { pythonOfMachine } from '../support/python.ts';

interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body?: string;
  base64?: string;
}

/** A request, and what the published `faas-js-runtime` 4.0.1 (3.0.2 does the same) answers with the same function. */
interface Recorded {
  name: string;
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  answer: Answer;
}

/**
 * Where we answer otherwise on purpose: what the CloudEvents specification calls no event is refused as the contract has it,
 * with 406, while the published runtime depends on what the SDK it is installed with checks; and of errors that Node or a
 * package words, the words differ.
 */
const otherwise: Record<string, { status: number; body: RegExp }> = {
  'returns headersBad': { status: 500, body: /Invalid character in header content/ },
  'returns eventBad': { status: 500, body: /^invalid payload: the attribute "source" is missing/ },
  'event returns eventBad': { status: 500, body: /^invalid payload: the attribute "source" is missing/ },
  ...Object.fromEntries(
    ['source', 'type', 'specversion'].map((name) => [
      `event binary without ce-${name}`,
      { status: 406, body: new RegExp(`\\\\"${name}\\\\" is missing`) },
    ]),
  ),
  ...Object.fromEntries(
    ['id', 'source', 'type', 'specversion'].map((name) => [
      `event structured without ${name}`,
      { status: 406, body: new RegExp(`\\\\"${name}\\\\" is missing`) },
    ]),
  ),
  'event binary version 0.3': { status: 406, body: /specversion.*0\.3/ },
  'event binary version 2.0': { status: 406, body: /specversion.*2\.0/ },
  'event structured version 0.3': { status: 406, body: /specversion.*0\.3/ },
  'event structured version 2.0': { status: 406, body: /specversion.*2\.0/ },
  'event binary bad time': { status: 406, body: /yesterday/ },
  'event structured bad time': { status: 406, body: /yesterday/ },
  'event binary bad extension': { status: 406, body: /bad_name/ },
  'event structured bad extension': { status: 406, body: /bad_name/ },
  'event structured object extension': { status: 406, body: /\\"ext\\" is/ },
  'event structured empty id': { status: 406, body: /\\"id\\" is/ },
  'event structured broken': { status: 406, body: /is no JSON/ },
  'event structured empty': { status: 406, body: /is no JSON/ },
  'event structured list': { status: 406, body: /is no JSON object/ },
  'event structured number': { status: 406, body: /is no JSON object/ },
  'event structured xml': { status: 406, body: /application\/cloudevents\+xml are not taken/ },
  'event cloudevents plain': { status: 406, body: /application\/cloudevents are not taken/ },
  'event batch': { status: 406, body: /one by one/ },
  // The specification has values decoded, and media types compared without regard to case.
  'event binary attributes': { status: 200, body: /"subject":"s x"/ },
  'event binary percent': { status: 200, body: /"ext":"käse \\"x\\""/ },
  'event structured charset': { status: 200, body: /"isClass":"CloudEvent"/ },
  'event returns eventObjectType': { status: 200, body: /^\{"a":1\}$/ },
};

function send(host: Host, service: string, { method, url, headers, body }: Recorded): Promise<Answer> {
  const { hostname, port } = new URL(host.gateway.url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sent = request(
      {
        hostname,
        port,
        method,
        path: `/${service}${url === '/' ? '' : url}`,
        headers: { ...headers, ...length },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => {
          const {
            date: _d,
            connection: _c,
            'keep-alive': _k,
            'content-length': _l,
            ...kept
          } = answer.headers;
          resolve({
            status: answer.statusCode!,
            headers: kept as Answer['headers'],
            ...bodyOf(Buffer.concat(chunks)),
          });
        });
        answer.once('error', reject);
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

function bodyOf(bytes: Buffer): Pick<Answer, 'body' | 'base64'> {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? { body: text } : { base64: bytes.toString('base64') };
}

/** Times and ids that were made by the answer. */
function withoutChance(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replace(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (time) => (time.startsWith('2020') ? time : 'TIME'))
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'UUID');
  return JSON.parse(text);
}

async function recorded(name: string): Promise<Recorded[]> {
  const text = await readFile(
    join(import.meta.dirname, `../fixtures/knative/${name}.recorded.jsonl`),
    'utf8',
  );
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recorded);
}

suite('Knative functions answer as the published runtime does', { timeout: 120_000 }, () => {
  let host: Host;
  const close: (() => Promise<void>)[] = [];
  before(async () => {
    host = await startHostOf({ after: (run) => close.push(run) }, 'knative');
  });
  after(async () => {
    for (const run of close) await run();
  });

  for (const service of ['contract', 'whole']) {
    test(`every request that was recorded (${service})`, async (t) => {
      const wrong: { name: string; answer: Answer; recorded: Answer }[] = [];
      for (const one of await recorded(service)) {
        const answer = withoutChance(await send(host, service, one)) as Answer;
        const other = otherwise[one.name];
        if (other) {
          assert.equal(answer.status, other.status, one.name);
          assert.match(answer.body ?? '', other.body, one.name);
          assert.notDeepEqual(answer, one.answer, `${one.name} is told to differ`);
          continue;
        }
        try {
          assert.deepEqual(answer, one.answer);
        } catch {
          wrong.push({ name: one.name, answer, recorded: one.answer });
        }
      }
      for (const one of wrong) t.diagnostic(JSON.stringify(one));
      assert.deepEqual(
        wrong.map(({ name }) => name),
        [],
      );
    });
  }
});

suite('Knative functions', { timeout: 120_000 }, () => {
  let host: Host;
  const close: (() => Promise<void>)[] = [];
  before(async () => {
    host = await startHostOf({ after: (run) => close.push(run) }, 'knative');
    // A function asks for packages as its own folder has them.
    const modules = join(host.options.root, 'whole', 'node_modules');
    await mkdir(modules);
    await symlink(
      join(import.meta.dirname, '../../node_modules/cloudevents'),
      join(modules, 'cloudevents'),
      'junction',
    );
  });
  after(async () => {
    for (const run of close) await run();
  });
  const at = (path: string) => host.gateway.url + path;
  const event = { specversion: '1.0', id: '7', source: '/orders', type: 'placed', data: { total: 5 } };

  for (const mode of [Mode.BINARY, Mode.STRUCTURED]) {
    test(`the CloudEvents SDK sends to one, and reads its answer (${mode})`, async () => {
      const emit = emitterFor(httpTransport(at('/fails')), { mode });
      const sent = new CloudEvent({ ...event, subject: 'a b', data: { total: 5 } });
      const { headers, body } = (await emit(sent)) as { headers: Record<string, string>; body: string };
      const answered = HTTP.toEvent({ headers, body }) as CloudEvent<{ was: unknown; own: boolean }>;
      assert.equal(answered.type, 'done');
      assert.equal(answered.source, '/fn');
      // What the function has loaded is what it asks `instanceof` of.
      assert.deepEqual(answered.data, { was: { total: 5 }, own: true });
    });
  }

  test('an event given by hand is delivered as one, and the result is the body of the answer', async () => {
    const done = await invoke(host, 'fails', event);
    assert.equal(done.status, 'ok', done.error?.message);
    assert.deepEqual(JSON.parse(done.body), { was: { total: 5 }, own: true });
    const refused = await invoke(host, 'fails', { ...event, type: 'refuse' });
    assert.equal(refused.error?.type, 'HttpError');
    assert.equal(refused.error?.message, 'The function answered 409: taken');
    assert.equal(refused.body, 'taken');
    const thrown = await invoke(host, 'fails', { ...event, type: 'throw' });
    assert.equal(thrown.error?.type, 'RangeError');
    assert.match(thrown.error?.at?.file ?? '', /fails\.js$/);
    assert.equal(thrown.body, 'out of range');
    const wrong = await invoke(host, 'fails', { specversion: '1.0', id: '7' });
    assert.equal(wrong.error?.type, 'CloudEventError');
    assert.match(wrong.error?.message ?? '', /"source" is missing/);
  });

  test('anything else given by hand is posted as a body', async () => {
    const echoed = await invoke(host, 'many', { a: 1 });
    assert.deepEqual(JSON.parse(echoed.body), { got: { a: 1 } });
    assert.deepEqual(
      echoed.logs.filter(({ stream }) => stream !== 'platform').map(({ level, text }) => [level, text]),
      [
        ['info', 'for undefined\n'],
        ['warn', 'careful { n: undefined }\n'],
      ].map(([level, text]) => [level, text!.trimEnd()]),
    );
    const made = JSON.parse((await invoke(host, 'many', { event: true })).body) as { made: { data: number } };
    assert.equal(made.made.data, 1, 'a builder that was taken off its context');
    const warned = echoed.logs.find(({ level }) => level === 'warn');
    assert.match(warned?.at?.file ?? '', /other\.mjs$/, 'the place is that of the call in the code');
  });

  test('one instance handles many requests at the same time, and each has its own log', async () => {
    // Also when all of them come before it has started.
    const records = new Map<string, InvocationRecord>();
    const finished = host.registry
      .get('many')
      .onDidFinish((record) => records.set(record.label ?? '', record));
    const numbers = Array.from({ length: 20 }, (_, index) => index);
    const answers = await Promise.all(
      numbers.map(async (n) => ((await (await fetch(at(`/many?n=${n}`))).json()) as { n: string }).n),
    );
    finished.dispose();
    assert.deepEqual(answers, numbers.map(String));
    assert.equal(host.registry.get('many').pool.slots.length, 1);
    for (const n of numbers) {
      const texts = records.get(`GET /many?n=${n}`)?.logs.map(({ text }) => text);
      assert.deepEqual(texts?.slice(0, 1), [`for ${n}`]);
    }
  });

  test('what does not answer is answered as the proxies of a cluster do', async () => {
    const ended = await fetch(at('/fails?do=exit'));
    assert.equal(`${ended.status} ${await ended.text()}`, '502 EOF\n');
    const late = await fetch(at('/fails?do=forever'));
    assert.equal(`${late.status} ${await late.text()}`, '504 request timeout');
    const uncaught = await fetch(at('/fails?do=uncaught'));
    assert.equal(`${uncaught.status} ${await uncaught.text()}`, '502 EOF\n');
    const broken = await fetch(at('/broken'));
    assert.equal(`${broken.status} ${await broken.text()}`, '503 Error: no database\n');
    const missing = await fetch(at('/missing'));
    assert.equal(missing.status, 503);
    assert.match(await missing.text(), /TypeError: Function must export a function notHandle/);
  });

  test('metrics of the process are told as text', async () => {
    const answer = await fetch(at('/whole/metrics'));
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    assert.match(
      await answer.text(),
      /^# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes \d+$/m,
    );
  });

  test('shutdown runs when an instance ends', async () => {
    const { pool } = host.registry.get('whole');
    await fetch(at('/whole'));
    const [slot] = pool.slots;
    const told: string[] = [];
    const lines = slot!.instance.onDidLog(({ text }) => told.push(text));
    pool.end(slot!, 'test');
    await slot!.instance.exited;
    lines.dispose();
    assert.match(told.join(''), /shutting down/);
  });

  test('a container is asked with the requests as they are, and events at its root', async () => {
    const answer = await fetch(at('/program/cart?x=1'), { method: 'PUT', body: 'text' });
    const seen = (await answer.json()) as Record<string, string>;
    assert.equal(`${seen['method']} ${seen['url']} ${seen['body']}`, 'PUT /cart?x=1 text');
    assert.equal(seen['proto'], 'http');
    assert.equal(seen['service'], 'program');
    const byHand = JSON.parse((await invoke(host, 'program', event)).body) as Record<string, string>;
    assert.equal(`${byHand['method']} ${byHand['url']}`, 'POST /');
    assert.match(byHand['type']!, /^application\/cloudevents\+json/);
    const refused = await invoke(host, 'program', 'refuse');
    assert.match(refused.error?.message ?? '', /^The application answered 422/);
  });

  test(
    'a function of func in Python',
    { skip: pythonOfMachine() ? false : 'no Python is installed' },
    async () => {
      const answer = await fetch(at('/asgi/x%20y?a=1'), { method: 'POST', body: 'body' });
      assert.equal(await answer.text(), 'POST /x y?a=1 body');
      assert.equal(answer.headers.get('x-started'), 'asgi');
      const failed = await fetch(at('/asgi'), { method: 'POST', body: 'fail' });
      assert.equal(`${failed.status} ${await failed.text()}`, '500 Error: no such order');
      const byHand = await invoke(host, 'asgi', Buffer.from('fail'));
      assert.equal(byHand.error?.type, 'ValueError');
      assert.match(byHand.error?.at?.file ?? '', /func\.py$/);
      assert.equal(byHand.body, 'Error: no such order');
      assert.equal(
        (await invoke(host, 'asgi', Buffer.from('nobody'))).error?.message,
        'The function answered 404: POST /? nobody',
      );
      assert.equal((await invoke(host, 'asgi', Buffer.from('silent'))).error?.type, 'NoAnswer');
      const health = await fetch(at('/asgi/health/liveness'));
      assert.equal(`${health.status} ${await health.text()}`, '500 not well');
      const logged = await invoke(host, 'asgi', 'hello');
      assert.equal(logged.logs[0]?.text, 'asked for /');
    },
  );

  test(
    'a function of func in Python that takes events',
    { skip: pythonOfMachine() ? false : 'no Python is installed' },
    async () => {
      const structured = await invoke(host, 'events-asgi', event);
      assert.deepEqual(JSON.parse(structured.body), {
        specversion: '1.0',
        id: '2',
        source: '/function',
        type: 'done',
        data: { was: { total: 5 } },
      });
      const headers = { 'ce-id': '1', 'ce-type': 'binary', 'content-type': 'application/json' };
      const binary = await fetch(at('/events-asgi'), { method: 'POST', headers, body: '{"a":1}' });
      assert.equal(`${binary.headers.get('ce-type')} ${await binary.text()}`, 'done {"was": {"a": 1}}');
      const none = await fetch(at('/events-asgi'), { method: 'POST', body: '{}' });
      assert.equal(
        `${none.status} ${await none.text()}`,
        '400 Bad Request: This endpoint expects CloudEvent requests. ',
      );
      const failed = await invoke(host, 'events-asgi', { ...event, type: 'bad' });
      assert.equal(`${failed.error?.type}: ${failed.error?.message}`, 'ValueError: bad event');
      assert.match(failed.body, /"type": "dev\.functions\.error".*"message": "Error: bad event"/);
    },
  );
});
