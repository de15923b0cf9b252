import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startDevHost } from '../../runtime/host/devHost.ts';
import type { Host, HostOptions } from '../../runtime/host/host.ts';
import type { InvocationRecord } from '../../runtime/model/invocationRecord.ts';
import type { StartKind } from '../../runtime/model/words.ts';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), '..', 'fixtures');

/** Something with a clean-up hook: a test, or `node:test`'s own `after` in a suite. Hooks run in the order of registration. */
export interface CleansUp {
  after(run: () => Promise<void>): void;
}

/** A copy of a fixture (below test/fixtures) that the test may change. The caller removes it. */
export async function copyFixture(name: string): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'porchlight-test-'));
  await cp(join(fixtures, name), root, { recursive: true, filter: (file) => !file.includes('.porchlight') });
  return root;
}

/** The real host over a copy of a fixture, in this process; closed and removed afterwards. */
export async function startHostOf(
  t: CleansUp,
  fixture: string,
  options: Pick<HostOptions, 'extend' | 'firesTriggers'> = {},
): Promise<Host & { messages: string[] }> {
  const root = await copyFixture(fixture);
  const messages: string[] = [];
  const host = await startDevHost({
    root,
    port: 0,
    version: '0.0.0-test',
    announce: false,
    ...options,
    onMessage: (level, text) => messages.push(`${level}: ${text}`),
  });
  t.after(async () => {
    await host.close('test ended');
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });
  return Object.assign(host, { messages });
}

/** Invokes and waits for the complete record. */
export async function invoke(
  host: Host,
  name: string,
  event: unknown = {},
  startKind?: StartKind,
): Promise<InvocationRecord & { body: string }> {
  const text = Buffer.isBuffer(event) ? event : Buffer.from(JSON.stringify(event));
  const accepted = host.registry.get(name).accept({
    event: text,
    trigger: 'event',
    ...(startKind === undefined ? {} : { startKind }),
  });
  const [outcome, record] = await Promise.all([accepted.outcome, accepted.record]);
  return { ...record, body: Buffer.from(outcome.body).toString('utf8') };
}
