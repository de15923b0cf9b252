import type { LaunchSpec } from '../languages/language.ts';
import type { Clock } from '../support/clock.ts';
import type { Reaper } from './reaper.ts';

/** What one process is started with. */
export interface InstanceOptions {
  id: string;
  function: string;
  sequence: number;
  spec: LaunchSpec;
  cwd: string;
  env: Record<string, string>;
  /** Invocations it handles at the same time. */
  concurrency: number;
  clock: Clock;
  reaper: Reaper;
}
