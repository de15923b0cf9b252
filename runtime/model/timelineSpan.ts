import type { InvocationSummary, Phase } from './invocationRecord.ts';
import type { InvocationStatus, PhaseName, StartKind } from './words.ts';

/** One invocation as a timeline shows it: small, as there are tens of thousands of them. */
export interface TimelineSpan {
  id: string;
  function: string;
  /** Milliseconds since the epoch. */
  receivedAt: number;
  /** From acceptance to answer. */
  wallMs: number;
  /** Of it waiting for an instance. */
  queueMs: number;
  status: InvocationStatus;
  startKind?: StartKind;
  instance?: { id: string; pid: number };
  /** Phases of a start, with begin and length in milliseconds from acceptance; absent for warm ones. */
  phases?: [name: PhaseName, startMs: number, durationMs: number][];
  maxMemoryMB?: number;
  /** Its times are not those it would have without a debugger. */
  debugged?: true;
}

/** What a timeline needs of an invocation. */
export function timelineSpan(summary: InvocationSummary): TimelineSpan {
  const {
    id,
    function: name,
    receivedAt,
    wallMs,
    status,
    startKind,
    instance,
    phases,
    maxMemoryMB,
  } = summary;
  const queue = phases.find((phase) => phase.name === 'queue');
  const started = startKind !== undefined && startKind !== 'warm';
  return {
    id,
    function: name,
    receivedAt,
    wallMs: round(wallMs),
    queueMs: queue ? round((queue.startUs + queue.durationUs) / 1000) : 0,
    status,
    ...(startKind ? { startKind } : {}),
    ...(instance ? { instance: { id: instance.id, pid: instance.pid } } : {}),
    ...(started ? { phases: phases.filter(({ name: of }) => of !== 'queue').map(inMs) } : {}),
    ...(maxMemoryMB > 0 ? { maxMemoryMB: Math.round(maxMemoryMB) } : {}),
    ...(summary.debugged || summary.pausedMs > 0 ? { debugged: true as const } : {}),
  };
}

const inMs = ({ name, startUs, durationUs }: Phase): [PhaseName, number, number] => [
  name,
  round(startUs / 1000),
  round(durationUs / 1000),
];

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
