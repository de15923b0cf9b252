import type { RemoteLogLine } from '../../model/deploy.ts';
import type { InvocationError, LogEntry } from '../../model/invocationRecord.ts';
import type { RemoteFacts } from '../../model/remoteInvocation.ts';
import type { InvocationStatus, LogLevel } from '../../model/words.ts';

/** Which request a line names, and how sure that is. */
export type NamedRequest =
  /** The platform's own line of this request: there is such an invocation. */
  | { id: string; by: 'platform' }
  /** The runtime put the id there: it belongs to this request or to none that is known. */
  | { id: string; by: 'runtime' }
  /** Code wrote it: it counts where such a request is known. */
  | { id: string; by: 'code' };

/** What one line of a platform's log says. */
export interface LineWords {
  request?: NamedRequest;
  /** The request's handler begins or ends there: lines without an id in between are its own. */
  edge?: 'begin' | 'end';
  /** Without an id: about what ended last in this instance. */
  ofLast?: true;
  /** A new instance announces itself. */
  newInstance?: true;
  facts?: RemoteFacts;
  /** How it ended, as far as this line says; of several, the gravest counts. */
  status?: Exclude<InvocationStatus, 'running'>;
  /**
   * Why. `weight` 2: it is what the invocation failed with; 1: code may have printed it all the same; 0: the platform's
   * word for any failure.
   */
  error?: InvocationError & { weight: 0 | 1 | 2 };
  /** How the line is shown; undefined: it is no line of a log. */
  entry: Pick<LogEntry, 'level' | 'stream' | 'text'> | undefined;
}

/** How a platform's lines are read. Pure. */
export interface LogWords {
  read(line: RemoteLogLine): LineWords;
  /** A second try of a request has a new id there; otherwise it has the same one, in the same instance or another. */
  readonly idsAreUnique: boolean;
  /** Its lines say nothing of warm starts: an instance that had served before was warm. */
  readonly warmByOrder: boolean;
}

/** A line of the platform's own. */
export const platformEntry = (text: string): LineWords['entry'] => ({
  level: 'info',
  stream: 'platform',
  text,
});

const levels: Record<string, LogLevel> = {
  trace: 'trace',
  verbose: 'info',
  debug: 'debug',
  info: 'info',
  log: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  error: 'error',
  fatal: 'error',
  critical: 'error',
};

/** A level as a platform or a logger writes it; undefined when it is none. */
export function levelOf(word: unknown): LogLevel | undefined {
  return typeof word === 'string' ? levels[word.toLowerCase()] : undefined;
}

/** A line of the function's own. */
export function printedEntry(text: string, level: LogLevel = 'info'): LineWords['entry'] {
  const stream = level === 'warn' || level === 'error' ? 'stderr' : 'stdout';
  return { level, stream, text };
}

/** A field where there is a value. */
export function given<K extends string, V>(key: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: V });
}
