import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { porchlight } from '../support/commandLine.ts';
import { exampleCopy, exampleHost, tellFigures } from '../support/exampleProject.ts';
import { invoke } from '../support/hostFixture.ts';
import { phpOfMachine } from '../support/php.ts';
import { pythonOfMachine } from '../support/python.ts';

/** The saved events of an example give what is expected of them. */
async function passesItsTests(t: TestContext, name: string, functions: string[] = []): Promise<void> {
  const folder = exampleCopy(t, name);
  const { code, stdout, stderr } = await porchlight(folder, [
    'test',
    ...functions.flatMap((each) => ['--function', each]),
  ]);
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^[1-9]\d* passed of \d+ tests?, /m);
}

const resultOf = ({ body, error }: { body: string; error?: InvocationRecord['error'] }) =>
  JSON.parse(body || JSON.stringify(error ?? null)) as Record<string, unknown>;

for (const name of [
  'hello-fc',
  'orders-sam',
  'verification-code',
  'sales-report',
  'express-app',
  'parcels',
]) {
  it(`the saved events of ${name} hold`, (t) => passesItsTests(t, name));
}

describe('verification-code', () => {
  /** A mail API that keeps what it is given. */
  async function mailApi(t: TestContext) {
    const mails: { text: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        mails.push(JSON.parse(body));
        response.end('{"id":"mail-1"}');
      });
    }).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await once(server, 'listening');
    return { mails, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/emails` };
  }

  for (const [model, second] of [
    ['resident', { status: 200, verified: true }],
    ['ephemeral', { status: 404, verified: false, reason: 'unknown' }],
  ] as const) {
    const does = model === 'resident' ? 'knows the code it sent' : 'has forgotten it';
    it(`in a process that is ${model} ${does}`, async (t) => {
      const { mails, url } = await mailApi(t);
      const host = await exampleHost(t, 'verification-code', (folder) => {
        writeFileSync(
          join(folder, '.env'),
          `MAIL_API_KEY=secret\nMAIL_FROM=lamp@example.com\nMAIL_API_URL=${url}\n`,
        );
        const file = join(folder, 'porchlight.yaml');
        writeFileSync(file, readFileSync(file, 'utf8').replace('model: resident', `model: ${model}`));
      });
      const email = 'ada@example.com';
      const sent = await invoke(host, 'verification-code', { action: 'send', email });
      assert.deepEqual(resultOf(sent), { status: 202, sent: true, mail: 'mail-1' });
      const code = /\d{6}/.exec(mails[0]!.text)![0];
      const verified = await invoke(host, 'verification-code', { action: 'verify', email, code });
      assert.deepEqual(resultOf(verified), second);
      assert.equal(verified.startKind, model === 'resident' ? 'warm' : 'cold');
    });
  }
});

describe('sales-report', () => {
  for (const name of ['report-in-turn', 'report-at-once']) {
    it(`${name} has its calls below it`, async (t) => {
      const host = await exampleHost(t, 'sales-report');
      const below: InvocationRecord[] = [];
      host.registry.get('sales-of-shop').onDidFinish((record) => below.push(record));
      const cold = await invoke(host, name);
      assert.deepEqual(resultOf(cold), { shops: 3, orders: 24, total: 85_600, missing: [] });
      assert.deepEqual(
        below.map(({ parent, status }) => [parent, status]),
        [1, 2, 3].map(() => [cold.id, 'ok']),
      );
      const instances = new Set(below.map(({ instance }) => instance!.id)).size;
      assert.ok(name === 'report-in-turn' ? instances === 1 : instances >= 1 && instances <= 3);
      const warm = await invoke(host, name);
      tellFigures(t, `${name}, on ${instances} instances of its callee`, {
        cold: [cold.durationMs],
        warm: [warm.durationMs],
        'calls of the warm one': below.slice(3).map(({ durationMs }) => durationMs),
      });
    });
  }
});

/** From acceptance to answer, in milliseconds. */
function takenMs({ phases }: InvocationRecord): number {
  const last = phases.filter(({ name }) => name !== 'teardown').at(-1)!;
  return (last.startUs + last.durationUs - phases[0]!.startUs) / 1000;
}

async function coldStarts(host: Host, name: string, event: unknown, times = 5): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) taken.push(takenMs(await invoke(host, name, event, 'cold')));
  return taken;
}

describe('express-app', () => {
  it('answers its first request, cold', async (t) => {
    const host = await exampleHost(t, 'express-app');
    const seen: InvocationRecord[] = [];
    host.registry.get('shop').onDidFinish((record) => seen.push(record));
    for (let request = 0; request < 3; request++) {
      const answer = await fetch(`${host.gateway.url}/shop/products`);
      assert.deepEqual([answer.status, ((await answer.json()) as unknown[]).length], [200, 2]);
      assert.match(answer.headers.get('x-powered-by') ?? '', /Express/);
    }
    assert.deepEqual(
      seen.map(({ startKind }) => startKind),
      ['cold', 'warm', 'warm'],
    );
    const load = seen[0]!.phases.find(({ name }) => name === 'load')!;
    tellFigures(t, 'Express', { 'to its first answers': seen.map(takenMs), load: [load.durationUs / 1000] });
  });
});

describe('cold-starts', () => {
  const hasGo = spawnSync('go', ['version']).status === 0;
  const able = [
    ...(hasGo ? ['digest-go'] : []),
    'digest-node',
    ...(pythonOfMachine() ? ['digest-python'] : []),
  ];
  it('of the languages that are here are put side by side', async (t) => {
    await passesItsTests(t, 'cold-starts', able);
    const host = await exampleHost(t, 'cold-starts');
    const figures: Record<string, number[]> = {};
    for (const name of able) {
      // The first call builds the Go program.
      await invoke(host, name, { text: 'lamp' });
      figures[name] = await coldStarts(host, name, { text: 'lamp' });
    }
    tellFigures(t, 'from acceptance to answer, cold', figures);
    for (const name of ['digest-go', 'digest-python'])
      if (!able.includes(name)) t.diagnostic(`${name} is left out: its tool chain is not installed.`);
  });
});

describe('php-requests', { skip: phpOfMachine() ? false : 'No PHP 8.0 or newer is installed.' }, () => {
  it('passes its own tests', (t) => passesItsTests(t, 'php-requests'));

  it('counts on in the process that is kept, and from one in a process per request', async (t) => {
    const host = await exampleHost(t, 'php-requests');
    const calls = async (name: string) => {
      const records = [];
      for (let call = 0; call < 3; call++) records.push(await invoke(host, name, { name: 'Ada' }));
      const results = records.map(resultOf);
      return {
        counted: results.map(({ call }) => call),
        processes: new Set(results.map((result) => result['process'])).size,
        taken: records.map(takenMs),
      };
    };
    const kept = await calls('counter');
    const each = await calls('counter-per-request');
    assert.deepEqual([kept.counted, kept.processes], [[1, 2, 3], 1]);
    assert.deepEqual([each.counted, each.processes], [[1, 1, 1], 3]);
    tellFigures(t, 'PHP', { 'process kept': kept.taken, 'process per request': each.taken });
  });

  it('serves a site of pages that starts from nothing at each request, but for what it wrote', async (t) => {
    const host = await exampleHost(t, 'php-requests');
    const url = `${host.gateway.url}/guestbook/`;
    const signed = await fetch(url, { method: 'POST', body: new URLSearchParams({ name: 'Ada <3' }) });
    // The process is free when it has said everything.
    await signed.text();
    const page = await fetch(url);
    assert.match(await page.text(), /<li>Ada &lt;3<\/li>/);
    assert.equal(page.headers.get('x-pages-of-this-process'), '1');
  });
});
