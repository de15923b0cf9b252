import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { SourcePosition } from '../model/words.ts';
import type { Problem, TargetDefinition } from '../model/project.ts';
import type { QueueDefinition } from '../model/queues/queueDefinition.ts';
import type { DeclaredEvent } from '../model/testing/savedEvent.ts';
import type { DevArtifact } from '../packaging/artifact.ts';
import type { Disposable } from '../support/disposable.ts';

/** A function to be run, with the user's variables. */
export interface SourcedFunction {
  definition: FunctionDefinition;
  environment: Record<string, string>;
  /** Where it was deployed: which version it is. */
  version?: string;
}

/** What serves under a name. */
export interface SharedFunction extends SourcedFunction {
  /** Another version of it that gets a share of the calls, in percent. */
  share?: { percent: number; sourced: SourcedFunction };
}

/** What a source holds at the moment. */
export interface SourceContent {
  functions: SharedFunction[];
  targets: TargetDefinition[];
  problems: Problem[];
  /** Queues the project declares; absent where there are none. */
  queues?: readonly QueueDefinition[];
  /** Saved events that project files list, by function; absent where there are none. */
  events?: ReadonlyMap<string, readonly DeclaredEvent[]>;
}

/**
 * What changed in a source: its functions have to be read again, the code of some of them is another, something they are
 * inspected for, or files that saved events are made of.
 */
export type SourceChange =
  | { kind: 'content' }
  | { kind: 'code'; functions: string[]; files: string[] }
  | { kind: 'inspect'; functions: string[] }
  | { kind: 'events'; files: string[] };

/** Where a host's functions come from: a project that is being written, or versions that were deployed. */
export interface FunctionSource {
  read(): Promise<SourceContent>;
  /** The artifact an instance loads; throws a `PorchlightError` that says what is wrong with the code. */
  prepare(
    definition: FunctionDefinition,
    runsOn: string,
    program: string,
    debugged: boolean,
  ): Promise<DevArtifact>;
  /** Where a script of the artifact cannot be parsed, when its error does not say. */
  syntaxErrorIn?(artifact: DevArtifact): Promise<SourcePosition | undefined>;
  /** What a closer look at a function's code finds. Takes its time, so nobody who invokes waits for it. */
  inspect?(sourced: SourcedFunction, artifact?: DevArtifact): Promise<Problem[]>;
  /** Tells of changes from now on. */
  watch(onChange: (change: SourceChange) => void): Disposable;
  /** Resolves when no change can be missed any more. */
  watched?(): Promise<void>;
  /** Files that somebody saved just now: no need to wait for the watcher. */
  announce(files: string[]): void;
  dispose(): Promise<void>;
}
