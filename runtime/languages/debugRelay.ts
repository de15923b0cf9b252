import type { Clock } from '../support/clock.ts';
import type { Disposable } from '../support/disposable.ts';
import type { Event } from '../support/emitter.ts';

/** Stands between one debugger and one instance, whatever they speak. The owner disposes it. */
export interface DebugRelay extends Disposable {
  /** Where the debugger connects: loopback. */
  readonly url: string;
  /** The debugger has set its breakpoints. Rejected when it leaves, or the instance does, before. */
  readonly ready: Promise<void>;
  readonly onDidConnect: Event<void>;
  readonly onDidPause: Event<unknown>;
  readonly onDidResume: Event<void>;
  /** The connection is over, whoever ended it; a paused instance runs on. Comes once. */
  readonly onDidDetach: Event<{ error?: Error }>;
  /** Whether the instance is stopped in the debugger at this moment. */
  readonly paused: boolean;
  /** Microseconds the instance has been stopped so far. */
  pausedUs(): number;
}

export interface DebugRelayOptions {
  /** As the instance reported it. */
  inspectorUrl: string;
  clock?: Clock;
}

/** How functions of a language are debugged. */
export interface LanguageDebugger {
  /** What an editor attaches: it has to know the name. */
  id: string;
  createRelay(options: DebugRelayOptions): Promise<DebugRelay>;
}
