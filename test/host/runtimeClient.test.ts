import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host } from '../../runtime/host/host.ts';
import { PackageCache } from '../bench/packages/packageCache.ts';
import { Children } from '../bench/processes/children.ts';
import { copyFixture, invoke } from '../support/hostFixture.ts';
import { tempFolder } from '../support/tempFolder.ts';

/** AWS's own client of the Runtime API, or why it cannot be had here: it is compiled when it is installed. */
async function runtimeClient(t: {
  after(run: () => void): void;
}): Promise<{ path: string } | { reason: string }> {
  const children = new Children(tempFolder(t), process.env['PATH'] ?? '');
  try {
    const modules = await new PackageCache({ children, say: () => {} }).install('lambda-ric');
    return { path: join(modules, 'aws-lambda-ric', 'bin', 'index.mjs') };
  } catch (error) {
    return { reason: `aws-lambda-ric cannot be installed here: ${String(error)}` };
  }
}

const cleanUps: (() => void | Promise<void>)[] = [];
const client = await runtimeClient({ after: (run) => void cleanUps.push(run) });

describe(
  'a client of the Runtime API written by others',
  { skip: 'reason' in client && client.reason },
  () => {
    let host: Host;
    before(async () => {
      const root = await copyFixture('runtimeClient');
      const file = join(root, 'porchlight.yaml');
      const { path } = client as { path: string };
      await writeFile(file, (await readFile(file, 'utf8')).replaceAll('RUNTIME_CLIENT', path));
      host = await startDevHost({ root, port: 0, version: '0.0.0-test', announce: false });
      cleanUps.unshift(async () => {
        await host.close('test ended');
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
      });
    });
    after(async () => {
      for (const run of cleanUps) await run();
    });

    it('answers, with context and log', async () => {
      const record = await invoke(host, 'client', { name: 'Ada' });
      assert.equal(record.status, 'ok', record.logs.map(({ text }) => text).join('\n'));
      const { name, arn, left } = JSON.parse(record.body) as Record<string, unknown>;
      assert.deepEqual([name, left], ['Ada', true]);
      assert.match(String(arn), /^arn:aws:lambda:.*:function:client$/);
      assert.ok(record.logs.some(({ text }) => text.includes('called with Ada')));
      assert.equal((await invoke(host, 'client', { name: 'Bob' })).startKind, 'warm');
    });

    it('reports an error of the handler, and one while it is loaded', async () => {
      const failed = await invoke(host, 'failing');
      assert.deepEqual(
        [failed.status, failed.error?.type, failed.error?.message],
        ['error', 'TypeError', 'not today'],
      );
      const missing = await invoke(host, 'missing');
      assert.equal(missing.status, 'error');
      assert.equal(missing.error?.type, 'Runtime.ImportModuleError');
    });

    it('streams its answer', async () => {
      const answer = await fetch(`${host.gateway.url}/streaming`);
      assert.deepEqual(
        [answer.status, answer.headers.get('x-own'), await answer.text()],
        [201, 'kept', 'one two'],
      );
    });
  },
);
