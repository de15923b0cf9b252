import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { fcWords } from '../../../../runtime/deploy/aliyun-fc/logWords.ts';
import { readLogs } from '../../../../runtime/deploy/aliyun-fc/logs.ts';

const key = { id: 'LTAI', secret: 'planted-secret', securityToken: 'planted-token' };
const found = { functionName: 'shop-hello', logConfig: { project: 'p', logstore: 'function-logstore' } };
const { signal } = new AbortController();

/** A log service on loopback. */
async function logServer(
  t: TestContext,
  answer: (url: URL, request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<string> {
  const server = createServer((request, response) => {
    const body = answer(new URL(request.url!, 'http://log'), request, response);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a function's lines are read page by page, and the same ones have the same ids", async (t) => {
  const asked: string[] = [];
  const endpoint = await logServer(t, ({ pathname, searchParams }, { headers }) => {
    asked.push(
      `${pathname} ${searchParams.get('topic')} ${searchParams.get('from')} ${searchParams.get('offset')}`,
    );
    assert.match(String(headers.authorization), /^LOG LTAI:/);
    assert.equal(headers['x-acs-security-token'], key.securityToken);
    const line = { __time__: '1767323045', instanceID: 'c-1', requestId: 'r-1', __source__: '' };
    return searchParams.get('offset') === '0'
      ? Array.from({ length: 100 }, () => ({ ...line, message: 'again\n' }))
      : [{ ...line, __time_ns_part__: '250000000', message: 'FC Invoke End RequestId: r-1\r\n' }];
  });
  const source = { key, region: 'cn-hangzhou', endpoint };
  const lines = await readLogs(source, found, 1_767_323_045_900, signal);
  assert.equal(lines.length, 101);
  assert.equal(new Set(lines.map(({ id }) => id)).size, 101);
  const last = lines.at(-1)!;
  assert.deepEqual(
    [last.time, last.instance, last.text],
    [1_767_323_045_250, 'c-1', 'FC Invoke End RequestId: r-1'],
  );
  assert.deepEqual(asked, [
    '/logstores/function-logstore FCLogs:shop-hello 1767323045 0',
    '/logstores/function-logstore FCLogs:shop-hello 1767323045 100',
  ]);
  const again = await readLogs(source, found, 1_767_323_045_000, signal);
  assert.deepEqual(again, lines);
});

test('records of requests are read beside the lines where the function has them, page by page', async (t) => {
  const asked: string[] = [];
  const endpoint = await logServer(t, ({ searchParams }) => {
    const [topic, offset] = [searchParams.get('topic')!, Number(searchParams.get('offset'))];
    asked.push(`${topic} ${offset}`);
    const base = { __time__: '1767323045', instanceID: 'c-1' };
    if (topic.startsWith('FCLogs:')) return [{ ...base, requestId: 'r-0', message: 'hello\n' }];
    const size = offset === 0 ? 100 : 1;
    return Array.from({ length: size }, (_, index) => ({
      ...base,
      ...{ requestId: `r-${offset + index}`, durationMs: '25.69', isColdStart: 'false' },
    }));
  });
  const source = { key, region: 'cn-hangzhou', endpoint };
  const measured = { ...found, logConfig: { ...found.logConfig, enableRequestMetrics: true } };
  const lines = await readLogs(source, measured, 0, signal);
  assert.deepEqual(asked.sort(), [
    'FCLogs:shop-hello 0',
    'FCRequestMetrics:/shop-hello 0',
    'FCRequestMetrics:/shop-hello 100',
  ]);
  assert.equal(lines.length, 102);
  assert.equal(new Set(lines.map(({ id }) => id)).size, 102);
  assert.deepEqual(
    [lines[0]!.kind, lines[0]!.requestId, lines[1]!.kind, fcWords.read(lines[1]!).facts],
    [undefined, 'r-0', 'metrics', { durationMs: 25.69, startKind: 'warm' }],
  );
});

test('a function without a log, refusals and other answers are told, without secrets', async (t) => {
  const source = { key, region: 'cn-hangzhou' };
  await assert.rejects(readLogs(source, { functionName: 'hello' }, 0, signal), {
    code: 'TARGET_OBJECTS',
    message: /writes to no log\. Set its logConfig/,
  });
  const denied = await logServer(t, (_url, _request, response) => {
    response.statusCode = 401;
    return { errorCode: 'Unauthorized', errorMessage: `denied to ${key.securityToken}` };
  });
  await assert.rejects(readLogs({ ...source, endpoint: denied }, found, 0, signal), {
    code: 'CLOUD_REFUSED',
    message:
      /Simple Log Service refused GetLogs \(right log:GetLogStoreLogs\) \(Unauthorized\): denied to \*\*\*/,
  });
  const page = await logServer(t, () => '<html>');
  await assert.rejects(readLogs({ ...source, endpoint: page }, found, 0, signal), /not as documented/);
  const gone = { ...source, endpoint: 'http://127.0.0.1:1' };
  await assert.rejects(readLogs(gone, found, 0, signal), { code: 'CLOUD_UNREACHABLE' });
});
