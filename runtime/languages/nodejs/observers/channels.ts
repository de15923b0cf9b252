import type diagnostics from 'node:diagnostics_channel';
import { requireBuiltin } from './requireBuiltin.ts';
import type { Tracker } from './tracker.ts';
import { resemble } from './timers.ts';

type AnyFunction = (...args: unknown[]) => unknown;

interface Child {
  pid?: number;
  exitCode: number | null;
  signalCode: string | null;
  spawnargs?: string[];
}

const runs = (subject: object): boolean => {
  const { pid, exitCode, signalCode } = subject as Child;
  return pid !== undefined && exitCode === null && signalCode === null;
};

/** The program only: arguments may be secret. */
const program = (subject: object): string | undefined =>
  (subject as Child).spawnargs?.[0]?.split(/[\\/]/).pop();

const lives = (subject: object): boolean => (subject as { threadId: number }).threadId !== -1;

const listens = (subject: object): boolean => (subject as { listening: boolean }).listening;

const watches = (subject: object): boolean => Boolean((subject as { _handle?: unknown })._handle);

type Follower = (this: void, message: Record<string, object>) => void;

function follow(channel: string, onMessage: Follower): void {
  const { subscribe } = requireBuiltin<typeof diagnostics>('diagnostics_channel');
  // Node 18 before 18.7 has no such function.
  if (typeof subscribe === 'function')
    subscribe(channel, onMessage as unknown as Parameters<typeof subscribe>[1]);
}

/** Watches child processes; Node announces them. */
export function watchProcesses(tracker: Tracker): void {
  follow('child_process', function onProcess({ process: child }) {
    tracker.add('process', child!, onProcess, runs, program);
  });
}

/** Watches worker threads. */
export function watchWorkers(tracker: Tracker): void {
  follow('worker_threads', function onWorker({ worker }) {
    tracker.add('worker', worker!, onWorker, lives);
  });
}

/** Watches servers of every kind: they listen by `node:net`. */
export function watchServers(tracker: Tracker): void {
  follow('tracing:net.server.listen:asyncStart', function onListen({ server }) {
    tracker.add('server', server!, onListen, listens);
  });
}

/** Watches `fs.watch`. */
export function watchWatchers(tracker: Tracker, fs: Record<string, unknown>): void {
  const original = fs['watch'] as AnyFunction;
  const patched = function (this: unknown, ...args: unknown[]): unknown {
    const watcher = Reflect.apply(original, this, args) as object;
    tracker.add('watcher', watcher, patched, watches);
    return watcher;
  };
  resemble(patched, original);
  fs['watch'] = patched;
}
