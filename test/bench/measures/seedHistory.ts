import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ensureStateFolder } from '../../../runtime/host/hostFile.ts';
import { openHistory } from '../../../runtime/history/history.ts';
import type { InvocationRecord } from '../../../runtime/model/invocationRecord.ts';

const unlimited = { records: 1e9, bytes: 1e12, ageMs: 1e12 };

/** Gives a project a past: this many recorded invocations of `hello`, one a second up to now. */
export async function seedHistory(root: string, count: number): Promise<void> {
  const history = openHistory(join(await ensureStateFolder(root), 'history.db'), { limits: unlimited });
  const now = Date.now();
  for (let index = 0; index < count; index++) history.add(recordOf(now - (count - index) * 1000));
  // Asking makes the history take its journal into the database, as it is after some time of use.
  const [newest] = await history.query({ limit: 1 });
  await history.close();
  if (newest === undefined) throw new Error(`The history of ${root} took none of ${count} records.`);
}

function recordOf(receivedAt: number): InvocationRecord {
  const body = (data: string) => ({ encoding: 'utf8' as const, data, size: data.length, truncated: false });
  return {
    id: randomUUID(),
    function: 'hello',
    platform: 'aws-lambda',
    artifact: 'a'.repeat(32),
    trigger: 'event',
    startKind: 'warm',
    instance: { id: 'hello#1', pid: 1, sequence: 1 },
    receivedAt,
    phases: [
      { name: 'queue', startUs: 0, durationUs: 100 },
      { name: 'handler', startUs: 100, durationUs: 200 },
    ],
    durationMs: 0.2,
    wallMs: 0.3,
    billedMs: 1,
    pausedMs: 0,
    debugged: false,
    memoryMB: 512,
    maxMemoryMB: 45,
    status: 'ok',
    notes: [],
    label: 'invoke hello',
    logCount: 0,
    event: body('{}'),
    result: body('{"ok":true,"v":"v000001"}'),
    logs: [],
    logsDropped: 0,
  };
}
