import type { IncomingMessage } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import type { FunctionDefinition } from '../../model/functionDefinition.ts';
import type { HookName, PlatformLimits, StartFailure } from '../../model/platform.ts';
import type { Program } from '../../model/program.ts';
import type { StreamStart } from '../../model/resultStream.ts';
import type {
  InvokeCommand,
  LoadCommand,
  PreFreezeCommand,
  RawError,
  StopCommand,
} from '../../protocol/instance/messages.ts';
import type { AdapterInstance } from '../adapter.ts';
import type { Clock } from '../../support/clock.ts';

/** What a program gives back for an event. Times are on the monotonic clock, in microseconds. */
export interface Answered {
  startUs: number;
  body: Buffer;
  /** Full size of a result that is too large to be kept; the body is empty then. */
  omittedBytes?: number;
}

/** What a conversation has of the instance: what it is about, and whom it tells. */
export interface Listener {
  readonly clock: Clock;
  readonly definition: FunctionDefinition;
  readonly program: Program;
  readonly limits: PlatformLimits;
  readonly concurrency: number;
  readonly env: Readonly<Record<string, string>>;
  /** Whether a debugger holds the program: nothing is too late then. */
  readonly debugged: boolean;
  /** The program can be given events. */
  ready(): void;
  /** It says that it cannot be. */
  initFailed(error: RawError): void;
  /** Resolves when it is told: an end comes behind what the program printed before it. */
  hook(hook: HookName, edge: 'start' | 'end', error?: RawError): Promise<void>;
  /**
   * A result comes while it is made: its bytes are passed on from `source`, no faster than they are read. Resolves when
   * there are no more; `complete`: they ended in good order. `answered` with nothing, or `failed`, has to follow.
   */
  stream(id: string, start: StreamStart, source: IncomingMessage): Promise<{ complete: boolean }>;
  answered(id: string, answered: Answered): void;
  /** `handled`: reported as the platform has it reported. `body`: what the caller gets. */
  failed(id: string, startUs: number, error: RawError, body: Buffer, handled: boolean): void;
  /** It handles SIGTERM, or is to be told of its end otherwise. `graceMs`: the time for that, where it is more than usual. */
  listensForTermination(graceMs?: number): void;
  terminate(): void;
  /** What programs beside it have of the instance. */
  readonly beside: Pick<AdapterInstance, 'log' | 'watch' | 'forget'>;
  /** The program let go of its connections: it may have ended within its debugger, which lives on. */
  mayHaveEnded(): void;
  /** It does not come to serve. */
  giveUp(why: StartFailure['why'], facts: Partial<StartFailure>): void;
}

/** Input and output of a program that is spoken to by them. */
export interface Pipes {
  stdin: Writable;
  stdout: Readable;
}

/** How programs of one kind hear of events. All methods are called in the order of an instance's life. */
export interface Conversation {
  /** Opens what the program will look for: the variables by which it finds it. */
  open(): Promise<Record<string, string>>;
  /** Its input and output are the conversation's, and no log. */
  readonly piped?: boolean;
  /** Its program is started when there is an event. */
  readonly awaitsEvent?: boolean;
  /** The process exists. */
  started(pipes?: Pipes): void;
  load(command: LoadCommand): void;
  invoke(command: InvokeCommand, event: Buffer): void;
  /** Nobody waits for an event any more. */
  cancel?(id: string): void;
  /** The program is at rest and will be frozen. */
  preFreeze?(command: PreFreezeCommand): void;
  stop(command: StopCommand): void;
  /** The process has ended, and everything it wrote has been read. */
  ended?(exit: { code: number | null; signal: string | null }): void;
  /** What goes on behind the end of the process; bounded. */
  afterwards?(): Promise<void> | undefined;
  /** The process is gone. */
  close(): void;
}
