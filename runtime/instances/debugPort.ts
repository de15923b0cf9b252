import type { Disposable } from '../support/disposable.ts';
import type { Event } from '../support/emitter.ts';

/** A debugger at an instance, as the clock sees it. */
export interface AttachedDebugger extends Disposable {
  /** Time spent stopped since the attach, in microseconds, a pause under way included. */
  pausedUs(): number;
  readonly paused: boolean;
  readonly onDidPause: Event<unknown>;
  readonly onDidResume: Event<unknown>;
  readonly onDidDetach: Event<unknown>;
}

/** What instances need of the debugging side. */
export interface DebugPort {
  isDebugging(functionName: string): boolean;
  /** Waits until breakpoints are set, or until somebody says that it is not to be. */
  attach(instance: {
    id: string;
    function: string;
    sequence: number;
    pid: number;
    inspectorUrl: string;
    /** Settles when the process is gone, so that nobody waits for a debugger in vain. */
    gone: Promise<unknown>;
  }): Promise<AttachedDebugger | { declined: string }>;
  /** An interpreter lacks what debugging takes; `message` says what to do. */
  missing?(functionName: string, message: string): void;
  readonly onDidChange: Event<void>;
}
