import { eventSource } from './event/eventSource.ts';
import { queueSource, type QueueSources } from './queue/queueSource.ts';
import { storageSource } from './storage/storageSource.ts';
import { timerSource } from './timer/timerSource.ts';
import type { SourceKind } from './source.ts';

/** Every kind of event source besides HTTP, which the gateway is. */
const sourceKinds: readonly SourceKind[] = [timerSource, storageSource, eventSource];

/** What sources of a host share. */
export type SharedBySources = QueueSources;

/** Looks for the source of a trigger's kind. */
export function sourceKindsOf(shared: SharedBySources): (kind: string) => SourceKind | undefined {
  const all = [...sourceKinds, queueSource(shared)];
  return (kind) => all.find((candidate) => candidate.kind === kind);
}
