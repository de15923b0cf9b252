import type { InvocationError, LogEntry, StoredBody } from './invocationRecord.ts';
import type { InvocationStatus, StartKind } from './words.ts';

/** What a platform's own lines say of an invocation; what they do not say is absent. Times in milliseconds. */
export interface RemoteFacts {
  version?: string;
  startKind?: StartKind;
  /** Of the handler, as the platform measures it. */
  durationMs?: number;
  /** Of the initialization before it. */
  initMs?: number;
  billedMs?: number;
  memoryMB?: number;
  maxMemoryMB?: number;
}

/**
 * An invocation that happened on a target, as far as the target tells of it. Nothing of it was measured here: it is no
 * record of the history and in no statistics.
 */
export interface RemoteInvocation extends RemoteFacts {
  /** Tells it from all others of its function and target: the request's id, with a number where it was tried again. */
  id: string;
  /** As the platform calls the request; absent where it has no name there. */
  requestId?: string;
  target: string;
  function: string;
  /** What ran it: a log stream, an instance. */
  instance?: string;
  /** Milliseconds since the epoch: of its first line, or when it was called from here. */
  startedAt: number;
  /** `running` until an end was told. */
  status: InvocationStatus;
  error?: InvocationError;
  /** `t` counts from `startedAt`. */
  logs: LogEntry[];
  /** Log lines that were left out because of the bound. */
  logsDropped: number;
  /** The log holds its last lines only, as the answer to the call brought them. */
  logsCut?: boolean;
  /** Known of calls from here, and where the target keeps it. */
  event?: StoredBody;
  result?: StoredBody;
  /** It was called from here. */
  called?: boolean;
}

/** Bounds of what is kept of one: lines, and characters of one. */
export const remoteLimits = { logEntries: 1000, logTextChars: 32 * 1024 } as const;

/** The number of a remote invocation's lines, those that were left out included. */
export function remoteLogCount({ logs, logsDropped }: RemoteInvocation): number {
  return logs.length + logsDropped;
}
