import type { Call } from './call.ts';

/** What one load run saw from outside. */
export interface LoadResult {
  requests: number;
  perSecond: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  /** Answers other than 2xx and 3xx, broken connections, time-outs. */
  errors: number;
}

/** Makes one kind of call as fast as it is answered, on a number of connections. */
export interface LoadGenerator {
  /** Which one it is, with its version, for the report. */
  readonly label: string;
  run(call: Call, options: { connections: number; seconds: number }): Promise<LoadResult>;
}
