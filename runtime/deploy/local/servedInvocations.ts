import type { InvocationRecord } from '../../model/invocationRecord.ts';
import { remoteLimits, type RemoteInvocation } from '../../model/remoteInvocation.ts';
import { GetInvocation, QueryInvocations } from '../../protocol/control/messages.ts';
import { notServed } from './invokeServed.ts';
import { joinServing } from './serveProcess.ts';

/** Invocations that are read at a time, the newest. */
const mostRead = 200;

/** What the serving process of a folder recorded of a function since a time, oldest first. */
export async function servedInvocations(
  root: string,
  name: string,
  since: number,
): Promise<RemoteInvocation[]> {
  const joined = await joinServing(root);
  if (!joined) throw notServed(name);
  const { connection } = joined;
  try {
    const query = { function: name, from: since, limit: mostRead };
    const newestFirst = await connection.sendRequest(QueryInvocations, query);
    const records: RemoteInvocation[] = [];
    for (const { id } of newestFirst.reverse()) {
      const record = await connection.sendRequest(GetInvocation, { id });
      if (record) records.push(remoteOf(record));
    }
    return records;
  } finally {
    connection.dispose();
  }
}

/** A record as an invocation of the target; what was measured there stays with the serving process. */
function remoteOf(record: InvocationRecord): RemoteInvocation {
  const { id, function: fn, receivedAt, startKind, instance, status, error, event, result } = record;
  const { durationMs, billedMs, memoryMB, maxMemoryMB, logs, logsDropped } = record;
  const ended = status !== 'running';
  const kept = logs.slice(0, remoteLimits.logEntries);
  return {
    ...{
      id,
      requestId: record.requestId ?? id,
      target: 'local',
      function: fn,
      startedAt: receivedAt,
      status,
    },
    ...(startKind && { startKind }),
    ...(instance && { instance: instance.id }),
    ...(ended && { durationMs, billedMs, memoryMB, maxMemoryMB }),
    ...(error && { error }),
    logs: kept,
    logsDropped: logsDropped + logs.length - kept.length,
    event,
    ...(result && { result }),
  };
}
