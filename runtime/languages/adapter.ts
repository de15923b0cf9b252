import type { Readable, Writable } from 'node:stream';
import type { PlatformLimits, StartFailure } from '../model/platform.ts';
import type { HostToInstance, InstanceToHost } from '../protocol/instance/messages.ts';
import type { Clock } from '../support/clock.ts';

/** What an adapter has of the instance it speaks for. */
export interface AdapterInstance {
  clock: Clock;
  /** Invocations it handles at the same time. */
  concurrency: number;
  /** The variables its program will have, the adapter's own left out. Values may be secret. */
  env: Readonly<Record<string, string>>;
  /** Says what a bootstrap would say. */
  say(message: InstanceToHost, body?: Buffer): void;
  /** The program could not be started, or not as its platform expects: the instance ends with that. */
  fail(failure: StartFailure): void;
  /** The program has ended although the process that was started for it has not: that ends as the program did. */
  finish(code: number): void;
  /** A line that a program beside it printed. */
  log(stream: 'stdout' | 'stderr', text: string): void;
  /** A program beside it that must not outlive the host. */
  watch(pid: number): void;
  forget(pid: number): void;
  /** Sends a signal to the program and what it started. */
  signal(signal: NodeJS.Signals): void;
}

/** What an adapter wants to be started. */
export interface AdaptedProgram {
  command: string;
  args: string[];
  /** Lie over all other variables: without them the program does not find the adapter. */
  env: Record<string, string>;
  /** Its input and output are the adapter's: what it writes is no log. */
  piped?: boolean;
  /** The command is a debugger, which starts the program and stops it. */
  traced?: boolean;
}

/**
 * Stands in the host for a bootstrap: it says and hears the messages of `protocol/instance` for a program that knows
 * nothing of them, and gives that what it expects of its platform. One per instance.
 */
export interface Adapter {
  /** `open` waits for the instance's first event. */
  readonly awaitsEvent?: boolean;
  /** Opens what the program will look for. Nothing runs before. */
  open(): Promise<AdaptedProgram>;
  /** The process exists; with pipes when its input and output are the adapter's. */
  started(pid: number, pipes?: { stdin: Writable; stdout: Readable }): void;
  receive(message: HostToInstance, body: Uint8Array): void;
  /** A line on the program's output; true: it is of the tools around it, and nobody's log. */
  hear(stream: 'stdout' | 'stderr', line: string): boolean;
  /** The process could not be started, or has ended: what its platform would say of that, if it is a start that failed. */
  ended(exit: { code: number | null; signal: string | null; error?: Error }): StartFailure | undefined;
  /** What goes on behind the end of its process, which is the instance's when this resolves. Bounded by itself. */
  afterwards?(): Promise<void> | undefined;
  /** Closes everything. Called once, when the process is gone. */
  dispose(): void;
}

/** What is known of a function when an adapter is made for one of its instances. */
export interface AdapterFacts {
  limits: PlatformLimits;
  /** Its debugger is to come before its code runs. */
  debugged: boolean;
}
