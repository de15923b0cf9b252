import { setTimeout as wait } from 'node:timers/promises';
import type { RemoteLogLine } from '../model/deploy.ts';
import { PorchlightError } from '../model/errors.ts';
import type { RemoteInvocation } from '../model/remoteInvocation.ts';
import type { CodePlaces } from './remoteLogs/codePlaces.ts';
import { InvocationReader } from './remoteLogs/invocationReader.ts';
import { LineReader } from './remoteLogs/lineReader.ts';
import { unreadable } from './remoteLogs/unreadable.ts';
import type { DeployTarget } from './target.ts';

/** Between two looks at a log, in milliseconds; after looks that failed up to the longest. */
const usualPollMs = 2000;
const longestPollMs = 60_000;

export interface FollowOptions {
  name: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Goes on until it is cancelled; otherwise what there is now is told. */
  follow: boolean;
  /** Takes secrets out of lines. */
  redact(text: string): string;
  /** Where the function's code lies on this machine. */
  places: CodePlaces;
  onLogged(logged: Logged): void;
  /** The log cannot be read for now: why, once; undefined: it can be again. */
  onTrouble(trouble: PorchlightError | undefined): void;
  signal: AbortSignal;
  pollMs?: number;
}

/** What a look at a log brought. */
export interface Logged {
  /** Each told once, oldest first. */
  lines: RemoteLogLine[];
  /** New ones, and those of which more is known now, whole. */
  invocations: RemoteInvocation[];
  /** Lines of this target do not say which invocation they are of. */
  linesOnly?: true;
}

/** Looks at a log, and gives what it has not given before. */
export interface LogReader {
  look(where: DeployTarget, signal: AbortSignal): Promise<Logged>;
}

/**
 * Tells the log of a deployed function, and the invocations it is of. `open` gives the target; it is opened anew after a
 * failure, as its credentials may be others by then.
 */
export async function followLogs(open: () => Promise<DeployTarget>, options: FollowOptions): Promise<void> {
  const { name, follow, onLogged, onTrouble, signal, pollMs = usualPollMs } = options;
  let where = await open();
  const reader = readerOf(where, options);
  if (!(await where.current(name)))
    throw new PorchlightError('NOT_DEPLOYED', { function: name, target: where.name });
  let trouble: PorchlightError | undefined;
  let looked = false;
  for (let failures = 0; ;) {
    try {
      if (failures > 0) where = await open();
      const logged = await reader.look(where, signal);
      if (!looked || logged.lines.length > 0 || logged.invocations.length > 0) onLogged(logged);
      failures = 0;
      looked = true;
      if (trouble) onTrouble(undefined);
      trouble = undefined;
    } catch (error) {
      signal.throwIfAborted();
      // A mistake of ours is not mended by looking again.
      if (!follow || !(error instanceof PorchlightError) || !isOutside(error)) throw error;
      // There is no log, and there will be none.
      if (!looked && error.code === 'TARGET_OBJECTS') throw error;
      failures++;
      if (trouble?.message !== error.message) onTrouble(error);
      trouble = error;
    }
    if (!follow) return;
    await wait(Math.min(pollMs * 2 ** failures, Math.max(longestPollMs, pollMs)), undefined, { signal });
  }
}

/** What may be mended elsewhere; a serving process that is just being started again is no mistake of ours. */
function isOutside({ kind, code }: PorchlightError): boolean {
  return kind === 'user' || code === 'HOST_UNREACHABLE';
}

function readerOf(where: DeployTarget, options: FollowOptions): LogReader {
  if (where.readInvocations) return new InvocationReader(options);
  if (where.readLogs) return new LineReader(where, options);
  throw unreadable(where, options.name);
}
