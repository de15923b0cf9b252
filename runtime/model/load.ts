import type { InvocationStatus, StartKind } from './words.ts';

/** How a function is put under load. */
export interface LoadShape {
  /** Calls to make. */
  invocations: number;
  /** Calls begun per second; as fast as `concurrency` allows when absent. */
  rate?: number;
  /** Calls under way at a time. */
  concurrency: number;
}

/** Bounds of a load: more would be a test of this machine and not of a function. */
export const loadLimits = { invocations: 100_000, rate: 10_000, concurrency: 1000 } as const;

/** What is sent when nobody says otherwise. */
export const defaultLoad = { invocations: 100, concurrency: 10 } as const;

/** Times from acceptance to answer, in milliseconds. */
export interface LoadTimes {
  count: number;
  minMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
}

/** What came of a load. */
export interface LoadResult {
  function: string;
  shape: LoadShape;
  /** It was cancelled before all calls were made. */
  cancelled: boolean;
  sent: number;
  /** From the first call to the last answer. */
  elapsedMs: number;
  /** Answers per second over that time. */
  throughput: number;
  /** The longest a call began behind its time, since `concurrency` calls were under way; 0 without a rate. */
  lateMs: number;
  statuses: Partial<Record<InvocationStatus, number>>;
  /** Of all calls that got an instance. */
  times?: LoadTimes;
  /** The same by start kind. */
  starts: Partial<Record<StartKind, LoadTimes>>;
  /** Different instances that served, and the most that lived at a time. */
  instances: { served: number; most: number };
  /** Of the first call that failed. */
  error?: { type: string; message: string };
}

/** How far a load is. */
export interface LoadProgress {
  sent: number;
  ended: number;
  failed: number;
  /** Instances that live now. */
  instances: number;
}
