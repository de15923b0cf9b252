import type { DebugPort } from '../instances/debugPort.ts';
import type { MemoryGuard } from '../instances/memoryGuard.ts';
import type { Reaper } from '../instances/reaper.ts';
import type { Interpreter, Language } from '../languages/language.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { InvocationRecord } from '../model/invocationRecord.ts';
import type { Outcome, Platform } from '../model/platform.ts';
import type { SourcePosition } from '../model/words.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { FunctionState } from '../protocol/control/state.ts';
import type { Clock } from '../support/clock.ts';

/** What a function needs of the host around it. */
export interface FunctionRuntimeOptions {
  definition: FunctionDefinition;
  platform: Platform;
  language: Language;
  /** Looks for the interpreter; called when it is first needed. */
  findInterpreter(): Promise<Interpreter>;
  /** The user's variables: project file and `.env` files merged. */
  environment: Record<string, string>;
  /** Which deployed version it is; absent of code that is worked on. */
  version?: string;
  clock: Clock;
  reaper: Reaper;
  mark: string;
  debug: DebugPort;
  /** Whether logs and records are kept; without, invocations are only answered. */
  recording: boolean;
  /** Shared by the functions of a host, so that one timer looks at all of them; an own one when absent. */
  memory?: MemoryGuard;
  /** Folder for what makes starts faster; absent: every start is like the first. */
  cacheFolder?: string;
  /** `runsOn`: version of the interpreter the code has to fit; `program`: its path. */
  prepare(
    definition: FunctionDefinition,
    runsOn: string,
    program: string,
    debugged: boolean,
  ): Promise<DevArtifact>;
  /** Where a script of the artifact cannot be parsed, when its error does not say; not looked for when absent. */
  syntaxErrorIn?(artifact: DevArtifact): Promise<SourcePosition | undefined>;
  /** Watch invocations, where a function's settings do not say otherwise; off when absent. */
  observe?: boolean;
  /** Find out which source line printed what; off when absent. */
  positions?: boolean;
  urls(definition: FunctionDefinition): FunctionState['urls'];
  /** Variables by which code finds the gateway; the user's and the platform's win. */
  gatewayEnvironment(): Record<string, string>;
  /** A value of the user's variables as it is on this machine, e.g. a queue's address; as it stands when absent. */
  localized?(value: string): string;
  /** Resolves when finished records cannot be lost any more: callers are answered then; at once when absent. */
  acknowledged?(): Promise<void>;
}

/** An accepted invocation: `outcome` answers the caller, `record` follows when its log is complete. */
export interface Accepted {
  readonly id: string;
  readonly outcome: Promise<Outcome>;
  readonly record: Promise<InvocationRecord>;
  /** Ends it as `interrupted`. */
  cancel(reason: unknown): void;
}
