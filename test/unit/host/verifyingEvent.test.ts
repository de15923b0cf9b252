import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answered } from '../../../runtime/deploy/target.ts';
import { verifyingEvent } from '../../../runtime/host/verifyingEvent.ts';
import type { Expectation } from '../../../runtime/model/testing/savedEvent.ts';
import { webResult } from '../../../runtime/model/webMessage.ts';
import { findPlatform } from '../../../runtime/platforms/index.ts';
import type { LoadedTest } from '../../../runtime/testing/listTests.ts';
import { functionDefinition } from '../../support/functionDefinition.ts';

const definition = functionDefinition('/p', {
  name: 'hello',
  platform: 'openfaas',
  triggers: [{ kind: 'http', name: 'http', path: '/function/hello/*', methods: [], shape: 'web' }],
});

/** What of an answer by HTTP is not as a saved request expects. */
async function wrong(expectation: Expectation, answered: Answered): Promise<string[]> {
  const place = { file: '/p/events/hello/happy.json', line: 1, column: 1 };
  const saved = {
    case: { id: 'hello/happy', function: 'hello', name: 'happy', at: place },
    input: { kind: 'http', method: 'GET', path: '/function/hello/', headers: {}, body: '' },
    expected: { expectation },
  } as unknown as LoadedTest;
  const tests = { tests: [saved.case], problems: [], folders: {}, loaded: new Map([['hello/happy', saved]]) };
  const platform = findPlatform('openfaas')!;
  const event = await verifyingEvent({ definition, definitions: [definition], platform, tests });
  assert.deepEqual([event.name, event.expects, event.trigger], ['happy', true, 'http']);
  return event.check(answered);
}

const answer = (status: number, text = ''): Answered => ({
  status: status < 400 ? 'ok' : 'error',
  body: webResult({ status, headers: [], body: Buffer.from(text) }),
});

test('answers by HTTP are judged by what a caller sees', async () => {
  assert.deepEqual(await wrong({ statusCode: 201, result: 'made' }, answer(201, 'made')), []);
  const [text = ''] = await wrong({ result: 'made' }, answer(200, 'other'));
  assert.match(text, /^result: expected "made", got "other"/);
});

test('an answer of the function itself is none of its failures, whatever its status says', async () => {
  assert.deepEqual(await wrong({ statusCode: 404 }, answer(404)), []);
  assert.match((await wrong({ status: 'error' }, answer(404))).join(), /ended with ok/);
});

test('with a status from 500 on, a function may have failed, and may have said so itself', async () => {
  assert.deepEqual(await wrong({ statusCode: 500 }, answer(500)), []);
  assert.deepEqual(await wrong({ status: 'ok', statusCode: 503 }, answer(503)), []);
  assert.deepEqual(await wrong({ status: 'error' }, answer(500)), []);
  assert.match(
    (await wrong({ result: 'x' }, answer(500))).join(),
    /status: expected ok, but it ended with error/,
  );
});
