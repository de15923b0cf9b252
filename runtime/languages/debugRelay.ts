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
  /** Sees what passes; the language's own `createLedger` made it. Must not take long. */
  observer?: RelayObserver;
}

/** Somebody who looks at what passes between a debugger and an inspector, before it is passed on. */
export interface RelayObserver {
  fromClient(message: Buffer): void;
  /** The first piece of a message; `whole` when it is all of it. */
  fromInspector(piece: Buffer, whole: boolean): void;
}

/** What a debugger did in one instance, as the messages between them show. Places are in the code that ran. */
export interface DebugLedger extends RelayObserver {
  /** `file:` URLs and paths of everything that was loaded from a file. */
  readonly scripts: Iterable<string>;
  readonly bound: BoundPlace[];
}

/** A place at which a debugger has a breakpoint that works. Line and column count from 1. */
export interface BoundPlace {
  url: string;
  line: number;
  column: number;
  /** How often the program stopped for it. */
  hits: number;
  /** Milliseconds since the epoch. */
  lastHitAt?: number;
}

/** How functions of a language are debugged. */
export interface LanguageDebugger {
  /** What an editor attaches: it has to know the name. */
  id: string;
  createRelay(options: DebugRelayOptions): Promise<DebugRelay>;
  /** Absent where the debugger itself tells the editor all there is to know. */
  createLedger?(epochMs: () => number): DebugLedger;
}
