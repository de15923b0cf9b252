import type { RemoteLogLine } from '../../model/deploy.ts';
import type { RemoteInvocation } from '../../model/remoteInvocation.ts';
import type { FollowOptions, Logged, LogReader } from '../followLogs.ts';
import type { DeployTarget } from '../target.ts';
import { unreadable } from './unreadable.ts';
import { forgetOldest } from '../../support/forgetOldest.ts';

/** Invocations that are remembered as told. */
const mostKept = 5000;

/** Reads the invocations of a target that keeps records of them; their lines are those of its log. */
export class InvocationReader implements LogReader {
  readonly #options: Pick<FollowOptions, 'name' | 'since' | 'redact'>;
  /** What was told of each: how many of its lines, and the whole of it. */
  readonly #told = new Map<string, { lines: number; text: string }>();
  #from: number;

  constructor(options: Pick<FollowOptions, 'name' | 'since' | 'redact'>) {
    this.#options = options;
    this.#from = options.since;
  }

  async look(where: DeployTarget, signal: AbortSignal): Promise<Logged> {
    const { name, redact } = this.#options;
    if (!where.readInvocations) throw unreadable(where, name);
    const logged: Logged = { lines: [], invocations: [] };
    const all = await where.readInvocations(name, this.#from, signal);
    // What runs is asked for again, and what began at the same time as the newest.
    const running = all.find(({ status }) => status === 'running');
    this.#from = running?.startedAt ?? all.at(-1)?.startedAt ?? this.#from;
    for (const found of all) {
      const invocation = redacted(found, redact);
      const told = this.#told.get(invocation.id);
      const text = JSON.stringify(invocation);
      if (told?.text === text) continue;
      this.#told.set(invocation.id, { lines: invocation.logs.length, text });
      logged.invocations.push(invocation);
      logged.lines.push(...linesOf(invocation).slice(told?.lines ?? 0));
    }
    forgetOldest(this.#told, mostKept);
    logged.lines.sort((a, b) => a.time - b.time);
    return logged;
  }
}

function linesOf({ id, instance = '', startedAt, logs }: RemoteInvocation): RemoteLogLine[] {
  return logs.map(({ t, text }, index) => ({
    ...{ id: `${id} ${index}`, instance, text, invocation: id },
    time: startedAt + t / 1000,
  }));
}

function redacted(invocation: RemoteInvocation, redact: (text: string) => string): RemoteInvocation {
  const { error, logs } = invocation;
  return {
    ...invocation,
    ...(error && { error: { ...error, message: redact(error.message), stack: error.stack.map(redact) } }),
    logs: logs.map((entry) => ({ ...entry, text: redact(entry.text) })),
  };
}
