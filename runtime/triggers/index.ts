import { eventSource } from './event/eventSource.ts';
import type { SourceKind } from './source.ts';

/** Every kind of event source besides HTTP, which the gateway is. */
const sourceKinds: readonly SourceKind[] = [eventSource];

/** The source of a trigger's kind; undefined when there is none of it. */
export function findSourceKind(kind: string): SourceKind | undefined {
  return sourceKinds.find((candidate) => candidate.kind === kind);
}
