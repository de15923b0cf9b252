import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Host } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import { invoke, startHostOf } from '../support/hostFixture.ts';

const onLinux = process.platform === 'linux';

const platformLines = (record: InvocationRecord) =>
  record.logs.filter(({ stream }) => stream === 'platform').map(({ text }) => text);

describe('limits of an instance', () => {
  let host: Host;
  let close: () => Promise<void>;
  let temporary = '';
  before(async () => {
    host = await startHostOf({ after: (run) => (close = run) }, 'limits');
  });
  after(async () => {
    await close();
    assert.ok(temporary && !existsSync(dirname(temporary)), 'the temporary folders are gone with the host');
  });

  it('leaks buffers: ended as the platform does, and the next call is served', async () => {
    const record = await invoke(host, 'leaks-buffers');
    assert.equal(record.status, 'oom');
    assert.equal(record.error?.type, 'Runtime.ExitError');
    assert.match(record.error?.message ?? '', /Runtime exited with error: signal: killed$/);
    assert.ok(record.maxMemoryMB >= 192, String(record.maxMemoryMB));
    assert.equal((await invoke(host, 'leaks-buffers')).status, 'oom');
    const fc = await invoke(host, 'leaks-buffers-fc');
    assert.equal(fc.status, 'oom');
    assert.equal(fc.error?.type, 'FunctionOOMError');
  });

  it('leaks heap: what V8 ends counts as out of memory as well', async () => {
    const record = await invoke(host, 'leaks-heap');
    assert.equal(record.status, 'oom');
    assert.match(record.error?.message ?? '', /signal: killed$/);
  });

  it('leaks in a child process', { skip: !onLinux && 'children are counted on Linux only' }, async () => {
    assert.equal((await invoke(host, 'leaks-in-child')).status, 'oom');
  });

  it('takes memory and gives it back: each invocation shows its own peak', { skip: !onLinux }, async () => {
    const first = await invoke(host, 'peaks', { megabytes: 200 });
    const second = await invoke(host, 'peaks', { megabytes: 1 });
    const third = await invoke(host, 'peaks', { megabytes: 100 });
    assert.equal(second.startKind, 'warm');
    assert.ok(first.maxMemoryMB > 200, String(first.maxMemoryMB));
    assert.ok(second.maxMemoryMB < first.maxMemoryMB - 80, `${second.maxMemoryMB} < ${first.maxMemoryMB}`);
    assert.ok(third.maxMemoryMB > second.maxMemoryMB + 50, `${third.maxMemoryMB} > ${second.maxMemoryMB}`);
    assert.ok(third.maxMemoryMB < first.maxMemoryMB - 20, `${third.maxMemoryMB} < ${first.maxMemoryMB}`);
    const [state] = host.registry.get('peaks').state().instances;
    assert.ok(state!.memoryMB! > 20 && state!.memoryMB! < 200, String(state!.memoryMB));
  });

  it('its peak is not that of the host', { skip: !onLinux }, async () => {
    const ballast = Buffer.alloc(400 * 1024 * 1024, 1);
    const { maxMemoryMB } = await invoke(host, 'answers', {}, 'cold');
    assert.ok(ballast.length > 0 && maxMemoryMB < 120, String(maxMemoryMB));
  });

  it('returns as much as the platform takes, and no more', async () => {
    const limit = 6_291_556;
    const fits = await invoke(host, 'result-of-size', { bytes: limit });
    assert.equal(fits.status, 'ok');
    assert.equal(fits.body.length, limit);
    const large = await invoke(host, 'result-of-size', { bytes: limit + 1 });
    assert.equal(large.status, 'error');
    assert.equal(
      large.body,
      '{"errorType":"Function.ResponseSizeTooLarge","errorMessage":"Response payload size exceeded maximum allowed payload size (6291556 bytes)."}',
    );
    const again = await invoke(host, 'result-of-size', { bytes: 10 });
    assert.deepEqual([again.status, again.startKind], ['ok', 'warm']);
  });

  it('a result that no frame could hold is told by its size', async () => {
    const record = await invoke(host, 'result-of-size-fc', { bytes: 260 * 1024 * 1024 });
    assert.equal(record.error?.type, 'BadResponse');
    assert.match(record.notes.join(), /has 272629760 bytes/);
  });

  it('writes to its temporary folder: its own, empty at first, gone with it', async () => {
    const first = await invoke(host, 'writes-tmp');
    const {
      folder,
      before: found,
      variables,
    } = JSON.parse(first.body) as {
      folder: string;
      before: string[];
      variables: string[];
    };
    temporary = folder;
    assert.deepEqual(found, []);
    assert.deepEqual(variables, [folder, folder, folder]);
    assert.match(folder, /writes-tmp-\d+$/);
    assert.deepEqual(readdirSync(folder), ['note.txt']);
    const warm = await invoke(host, 'writes-tmp');
    assert.deepEqual((JSON.parse(warm.body) as { before: string[] }).before, ['note.txt']);
    const cold = await invoke(host, 'writes-tmp', {}, 'cold');
    assert.notEqual((JSON.parse(cold.body) as { folder: string }).folder, folder);
    const runtime = host.registry.get('writes-tmp');
    const slot = runtime.pool.slots.find(({ instance }) => instance.id === first.instance?.id)!;
    runtime.pool.end(slot, 'test');
    await slot.instance.exited;
    // The removal is under way; it needs turns of the loop, not time.
    while (existsSync(folder)) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(first.notes, []);
  });

  it('writes more than there is room: says so; holes take no room', async () => {
    const record = await invoke(host, 'writes-small-tmp', { holeMegabytes: 3 });
    assert.equal(record.status, 'ok');
    assert.match(record.notes.join(), /holds 4 MB; AWS Lambda has room for 1 MB/);
    assert.deepEqual((await invoke(host, 'makes-hole')).notes, []);
  });

  for (const name of ['throws-bomb', 'throws-bomb-fc']) {
    it(`${name}: an error that cannot be read is an error all the same`, async () => {
      const record = await invoke(host, name);
      assert.equal(record.status, 'error');
      assert.match(record.error?.message ?? '', /reading it throws/);
      assert.equal((await invoke(host, name)).startKind, 'warm');
    });
  }

  it('throws an error with a huge message: cut, and the instance lives on', async () => {
    const record = await invoke(host, 'throws-huge-message');
    assert.equal(record.status, 'error');
    assert.equal(record.error?.message.length, 100_001);
    assert.equal((await invoke(host, 'throws-huge-message')).startKind, 'warm');
  });

  it('rejects where nobody catches: reported, and the process ends', async () => {
    const record = await invoke(host, 'rejects-elsewhere');
    assert.equal(record.status, 'error');
    assert.equal(record.error?.type, 'Runtime.UnhandledPromiseRejection');
    const line = platformLines(record).find((text) => text.includes('ERROR'))!;
    assert.match(line, /^\d{4}-\S+Z\t[0-9a-f-]{36}\tERROR\tUnhandled Promise Rejection \t\{"errorType":/);
    assert.equal((await invoke(host, 'rejects-elsewhere')).startKind, 'cold');
  });

  it('rejects where nobody catches, on nodejs24.x: the process ends as Node ends it', async () => {
    const record = await invoke(host, 'rejects-elsewhere-today');
    assert.deepEqual([record.status, record.error?.type], ['crashed', 'Runtime.ExitError']);
    assert.match(record.error?.message ?? '', /Runtime exited with error: exit status 1$/);
  });

  it('answers twice: the first answer counts', async () => {
    assert.equal((await invoke(host, 'answers-twice')).body, 'first');
    assert.equal((await invoke(host, 'answers-twice')).body, 'first');
  });

  for (const descriptor of [3, 4]) {
    it(`closes descriptor ${descriptor} of its channel: ends, and does not wait for the time-out`, async () => {
      const record = await invoke(host, 'closes-its-channel', { descriptor });
      assert.equal(record.status, 'crashed', record.error?.message);
      assert.match(record.error?.message ?? '', /closed its channel|exit status/);
    });
  }

  it('logs endless text: the host keeps a bounded part, others are served meanwhile', async () => {
    const flood = invoke(host, 'logs-huge-text');
    const other = await invoke(host, 'answers');
    assert.equal(other.status, 'ok');
    const record = await flood;
    assert.equal(record.status, 'ok');
    assert.ok(record.logs.every(({ text }) => text.length <= 32 * 1024));
    const kept = record.logs.reduce((sum, { text }) => sum + text.length, 0);
    assert.ok(kept > 15 * 1024 * 1024 && kept <= 17 * 1024 * 1024, `${kept} characters`);
    assert.ok(record.logsDropped > 0, `${record.logsDropped} left out`);
  });
});
