import type { InvocationRecord, StoredBody } from '../../runtime/model/invocationRecord.ts';
import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';

/** A body as the host stores it. */
export function bodyOf(data: string): StoredBody {
  return { encoding: 'utf8', data, size: Buffer.byteLength(data), truncated: false };
}

/** A finished, successful invocation; `changes` lie over it. */
export function recordOf(id: string, changes: Partial<InvocationRecord> = {}): InvocationRecord {
  return {
    id,
    function: 'hello',
    platform: 'aws-lambda',
    artifact: 'a1',
    trigger: 'event',
    startKind: 'warm',
    instance: { id: 'hello#1', pid: 4711, sequence: 1 },
    receivedAt: 1_800_000_000_000,
    phases: [{ name: 'handler', startUs: 100, durationUs: 1500 }],
    durationMs: 1.5,
    wallMs: 1.7,
    billedMs: 2,
    pausedMs: 0,
    debugged: false,
    memoryMB: 128,
    maxMemoryMB: 45,
    status: 'ok',
    notes: [],
    logCount: 0,
    event: bodyOf('{}'),
    result: bodyOf('{"ok":true}'),
    logs: [],
    logsDropped: 0,
    ...changes,
  };
}

/** A successful invocation of `hello` on the target `prod`; `changes` lie over it. */
export function remoteOf(id: string, changes: Partial<RemoteInvocation> = {}): RemoteInvocation {
  return {
    id,
    requestId: id,
    target: 'prod',
    function: 'hello',
    startedAt: 1_800_000_000_000,
    status: 'ok',
    logs: [],
    logsDropped: 0,
    ...changes,
  };
}
