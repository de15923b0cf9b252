import type { OpenWorkKind } from '../../../protocol/instance/observations.ts';

/** Names of Node's active resources that mean open work. Sockets are missing: idle ones are kept open on purpose. */
const kinds: Record<string, OpenWorkKind> = {
  Timeout: 'timer',
  FSReqCallback: 'file',
  FSReqPromise: 'file',
  GetAddrInfoReqWrap: 'connection',
  GetNameInfoReqWrap: 'connection',
  QueryReqWrap: 'connection',
  TCPConnectWrap: 'connection',
  PipeConnectWrap: 'connection',
  TCPServerWrap: 'server',
  ProcessWrap: 'process',
  FSEventWrap: 'watcher',
  StatWatcher: 'watcher',
  UDPWrap: 'other',
};

/** Our own channel, or the turn of the loop in which it will be opened; immediates of user code are tracked. */
const ours = new Set(['PipeWrap', 'Immediate']);

/** What keeps the process busy at the moment, by name; 0.3 µs. */
export function activeResources(): string[] {
  // Node 18 before 18.0 had no such thing; it is marked experimental.
  return typeof process.getActiveResourcesInfo === 'function'
    ? process.getActiveResourcesInfo().filter((name) => !ours.has(name))
    : [];
}

/** Whether two lists differ; equal ones come in equal order. */
export function differ(before: readonly string[], after: readonly string[]): boolean {
  if (before.length !== after.length) return true;
  for (let index = 0; index < after.length; index++) if (before[index] !== after[index]) return true;
  return false;
}

/** How many of each kind there are more than before. */
export function added(before: readonly string[], after: readonly string[]): Map<OpenWorkKind, number> {
  const counts = new Map<OpenWorkKind, number>();
  const count = (names: readonly string[], by: number): void => {
    for (const name of names) {
      const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
      if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + by);
    }
  };
  count(after, 1);
  count(before, -1);
  for (const [kind, number] of counts) if (number <= 0) counts.delete(kind);
  return counts;
}
