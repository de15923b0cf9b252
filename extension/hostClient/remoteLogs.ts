import type { RemoteLogLine } from '../../runtime/model/deploy.ts';
import type { RemoteInvocation } from '../../runtime/model/remoteInvocation.ts';
import type { Disposable } from '../../runtime/support/disposable.ts';
import { Emitter, type Event } from '../../runtime/support/emitter.ts';
import { forgetOldest } from '../../runtime/support/forgetOldest.ts';
import type { HostApi } from './hostApi.ts';

/** Invocations of targets that are kept of a folder, the newest: for as long as the window is open. */
export const mostRemoteInvocations = 500;

/** What is shown of a log before what comes, in milliseconds. */
const shownBeforeMs = 15 * 60_000;
/** After a connection that was lost, so much is asked for again. */
const againMs = 60_000;
/** Lines that are remembered, so that none is shown twice when a lost connection is back. */
const mostSeen = 5000;

/** A deployed function. */
export interface RemotePlace {
  target: string;
  function: string;
}

/** A log that is followed. */
export interface Follow extends RemotePlace {
  /** Why it cannot be read for now. */
  readonly trouble?: string;
  /** Its lines do not say which invocation they are of: there are no rows of it. */
  readonly linesOnly?: true;
}

/** What changed. */
export type RemoteChange =
  | { kind: 'follows'; place: RemotePlace }
  /** Its lines do not say which invocation they are of. */
  | { kind: 'linesOnly'; place: RemotePlace }
  | { kind: 'trouble'; place: RemotePlace; message: string }
  | { kind: 'lines'; place: RemotePlace; lines: RemoteLogLine[] }
  | { kind: 'invocations'; ids: readonly string[] };

interface Running {
  follow: Follow;
  cancel: AbortController;
  /** Milliseconds since the epoch. */
  from: number;
  seen: Set<string>;
}

/** What the folder's host has to do with it. */
interface HostAccess {
  running(): HostApi | undefined;
  /** Fires when the host may have come or gone. */
  onDidChange: Event<unknown>;
  now(): number;
}

/**
 * Logs of deployed functions that this window follows, and the invocations that happened there as far as it has heard of
 * them. They are no part of the folder's history: nothing of them was measured here.
 */
export class RemoteLogs implements Disposable {
  readonly #host: HostAccess;
  readonly #running = new Map<string, Running>();
  #invocations: RemoteInvocation[] = [];
  readonly #changed = new Emitter<RemoteChange>();
  readonly #subscription: Disposable;

  constructor(host: HostAccess) {
    this.#host = host;
    this.#subscription = host.onDidChange(() => this.#resume());
  }

  get onDidChange(): Event<RemoteChange> {
    return this.#changed.event;
  }

  /** Newest first. */
  get invocations(): readonly RemoteInvocation[] {
    return this.#invocations;
  }

  get follows(): Follow[] {
    return [...this.#running.values()].map(({ follow }) => follow);
  }

  follow(place: RemotePlace): Follow | undefined {
    return this.#running.get(keyOf(place))?.follow;
  }

  find(target: string, id: string): RemoteInvocation | undefined {
    return this.#invocations.find((one) => one.target === target && one.id === id);
  }

  /**
   * Follows a log until `stop`. Resolves when that was asked for; rejects with what ended it otherwise, as told by the host.
   */
  async start(place: RemotePlace): Promise<void> {
    const key = keyOf(place);
    if (this.#running.has(key)) return;
    const running: Running = {
      follow: { target: place.target, function: place.function },
      cancel: new AbortController(),
      from: this.#host.now() - shownBeforeMs,
      seen: new Set(),
    };
    this.#running.set(key, running);
    this.#changed.fire({ kind: 'follows', place });
    try {
      await this.#run(running);
    } finally {
      if (this.#running.get(key) === running) this.#running.delete(key);
      this.#changed.fire({ kind: 'follows', place });
    }
  }

  stop(place: RemotePlace): void {
    this.#running.get(keyOf(place))?.cancel.abort();
  }

  async #run(running: Running): Promise<void> {
    const { follow, cancel } = running;
    const { target, function: name } = follow;
    while (!cancel.signal.aborted) {
      const api = this.#host.running() ?? (await this.#hostComes(cancel.signal));
      if (!api) return;
      try {
        await api.followRemoteLogs(
          ...[target, name, running.from],
          {
            onLogged: ({ lines, invocations, linesOnly }) => {
              if (linesOnly && !running.follow.linesOnly) {
                this.#change(running, { linesOnly });
                this.#changed.fire({ kind: 'linesOnly', place: running.follow });
              }
              this.#logged(running, lines, invocations);
            },
            onTrouble: (message) => this.#troubled(running, message),
          },
          cancel.signal,
        );
        return;
      } catch (error) {
        if (cancel.signal.aborted) return;
        // A host that went comes back or not; what it said itself is meant for the user.
        if (this.#host.running() === api) throw error;
      }
    }
  }

  readonly #waiting = new Set<() => void>();

  #resume(): void {
    for (const resume of this.#waiting) resume();
  }

  /** The host when it runs again; undefined when nobody waits for it any more. */
  #hostComes(signal: AbortSignal): Promise<HostApi | undefined> {
    return new Promise((resolve) => {
      const look = (): void => {
        const api = this.#host.running();
        if (!api && !signal.aborted) return;
        this.#waiting.delete(look);
        signal.removeEventListener('abort', look);
        resolve(signal.aborted ? undefined : api);
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', look);
    });
  }

  #logged(running: Running, lines: RemoteLogLine[], invocations: RemoteInvocation[]): void {
    const { seen, follow } = running;
    const fresh = lines.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    forgetOldest(seen, mostSeen);
    running.from = Math.max(running.from, (fresh.at(-1)?.time ?? 0) - againMs);
    if (fresh.length > 0) this.#changed.fire({ kind: 'lines', place: follow, lines: fresh });
    this.add(invocations);
  }

  #troubled(running: Running, message: string | undefined): void {
    const { trouble: _before, ...follow } = running.follow;
    running.follow = follow;
    this.#change(running, message === undefined ? {} : { trouble: message });
    if (message !== undefined) this.#changed.fire({ kind: 'trouble', place: running.follow, message });
  }

  #change(running: Running, change: Partial<Follow>): void {
    running.follow = { ...running.follow, ...change };
    this.#changed.fire({ kind: 'follows', place: running.follow });
  }

  /** Takes what was told of invocations; what is known of the same ones stays where the news do not say otherwise. */
  add(invocations: readonly RemoteInvocation[]): void {
    if (invocations.length === 0) return;
    const news = new Map(invocations.map((one) => [idOf(one), one]));
    const merged = this.#invocations.map((known) => {
      const one = news.get(idOf(known));
      news.delete(idOf(known));
      return one ? merge(known, one) : known;
    });
    this.#invocations = [...merged, ...news.values()]
      .sort((a, b) => b.startedAt - a.startedAt)
      .slice(0, mostRemoteInvocations);
    this.#changed.fire({ kind: 'invocations', ids: invocations.map(({ id }) => id) });
  }

  /** Forgets the invocations; logs go on. */
  clear(): void {
    this.#invocations = [];
    this.#changed.fire({ kind: 'invocations', ids: [] });
  }

  dispose(): void {
    for (const { cancel } of this.#running.values()) cancel.abort();
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

const keyOf = (place: RemotePlace): string => `${place.target}\n${place.function}`;
const idOf = (one: RemoteInvocation): string => `${keyOf(one)}\n${one.id}`;

/** One invocation of which two tell: the answer to a call has event and result, the log has the lines. */
function merge(known: RemoteInvocation, told: RemoteInvocation): RemoteInvocation {
  const [call, log] = told.called ? [told, known] : [known, told];
  // Asked for again, a log may begin in the middle of one.
  if (!call.called) return log.logs.length < known.logs.length && known.status !== 'running' ? known : log;
  const isWhole = log.logs.length >= call.logs.length || call.logsCut === true;
  const ended = log.status === 'running' ? call.status : log.status;
  const { logsCut: _cut, ...facts } = call;
  const from = isWhole ? log : call;
  return {
    ...facts,
    ...log,
    status: ended,
    ...(call.error && !log.error?.stack.length && { error: call.error }),
    ...{ startedAt: from.startedAt, logs: from.logs, logsDropped: from.logsDropped },
    ...(from === call && call.logsCut && { logsCut: true }),
    ...(call.event && { event: call.event }),
    ...(call.result && { result: call.result }),
    called: true,
  };
}
