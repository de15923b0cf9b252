import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

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
