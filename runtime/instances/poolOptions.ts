import type { ProcessSettings } from '../model/functionDefinition.ts';
import type { Clock } from '../support/clock.ts';
import type { DebugPort } from './debugPort.ts';
import type { Instance } from './instance.ts';
import type { Slot } from './slot.ts';

/** What a pool needs of the function whose instances it holds. */
export interface PoolOptions {
  function: string;
  settings: ProcessSettings;
  clock: Clock;
  debug: DebugPort;
  /** Starts a process; the pool owns it. `provisioned`: its code is loaded ahead of any call. */
  start(provisioned: boolean): Instance;
  /** Makes a booted spare ready for use: it may be used when this resolves, and is ended when that gives false. */
  prepareSpare?(slot: Slot): Promise<boolean>;
  /** Loads the function's code without an invocation; false when that failed. */
  provision(slot: Slot): Promise<boolean>;
  /** Does what comes between an answer and the freezing of its instance, which is not at hand meanwhile; never rejects. */
  beforeFreeze?(slot: Slot): Promise<void>;
  /** Ends an instance and detaches its debugger; `orderly`: it served and is not at work, so that its hooks may run. */
  stop(slot: Slot, reason: string, orderly: boolean): void;
  /** Spares run the function's code already: those with older code are replaced. */
  sparesHoldCode?: boolean;
  /** False: instances hear nothing while they handle a call, so that none is handed to them ahead. */
  handsAhead?: boolean;
  /** What has to be known before a process can be started; undefined when it is. */
  pending(): Promise<unknown> | undefined;
}

/** Whoever waits for an instance; the pool sets what takes it out of the queue. */
export interface Cancellable {
  onCancel: ((reason: unknown) => void) | undefined;
}
