import { setTimeout as wait } from 'node:timers/promises';
import type { RemoteLogLine } from '../model/deploy.ts';
import { PorchlightError } from '../model/errors.ts';
import type { DeployTarget } from './target.ts';

/** Between two looks at a log, in milliseconds. */
const usualPollMs = 2000;
/** Clouds take lines in late, and in no order: so much before the newest one is looked at again, in milliseconds. */
const lateMs = 30_000;
/** Lines that are remembered, so that none is told twice. */
const mostSeen = 50_000;

export interface FollowOptions {
  name: string;
  /** Milliseconds since the epoch. */
  since: number;
  /** Goes on until it is cancelled; otherwise what there is now is told. */
  follow: boolean;
  /** Takes secrets out of lines. */
  redact(text: string): string;
  onLines(lines: RemoteLogLine[]): void;
  signal: AbortSignal;
  pollMs?: number;
}

/** Tells the log lines of a deployed function, each once, oldest first. */
export async function followLogs(where: DeployTarget, options: FollowOptions): Promise<void> {
  const { name, follow, redact, onLines, signal, pollMs = usualPollMs } = options;
  if (!where.readLogs) {
    const detail = `its log on ${where.name} cannot be read from here.`;
    throw new PorchlightError('TARGET_OBJECTS', { function: name, detail });
  }
  if (!(await where.current(name)))
    throw new PorchlightError('NOT_DEPLOYED', { function: name, target: where.name });
  const seen = new Set<string>();
  let from = options.since;
  for (;;) {
    const found = await where.readLogs(name, from, signal);
    const fresh = found.filter(({ id, time }) => !seen.has(id) && time >= options.since);
    for (const { id } of fresh) seen.add(id);
    for (const oldest of seen) {
      if (seen.size <= mostSeen) break;
      seen.delete(oldest);
    }
    fresh.sort((a, b) => a.time - b.time);
    if (fresh.length > 0)
      onLines(fresh.map((line) => ({ ...line, id: redact(line.id), text: redact(line.text) })));
    if (!follow) return;
    from = Math.max(from, (fresh.at(-1)?.time ?? 0) - lateMs);
    await wait(pollMs, undefined, { signal });
  }
}
