import type { CodeKind } from '../model/codeFiles.ts';
import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { LanguageId } from '../model/words.ts';
import type { Adapter, AdapterFacts, AdapterInstance } from './adapter.ts';
import type { LanguageDebugger } from './debugRelay.ts';
import type { FunctionState } from '../protocol/control/state.ts';
import type {
  CodeUse,
  PreloadCommand,
  PreloadedMessage,
  RememberCommand,
  RememberedMessage,
  StartHelp,
} from '../protocol/instance/messages.ts';
import type { Told } from '../model/errors.ts';

/** An interpreter found on this machine. */
export interface Interpreter {
  path: string;
  version: string;
  /** For people, e.g. `Node.js 20.20.2`. */
  label: string;
  /** What its processes need in their environment to be this interpreter at all. */
  env?: Record<string, string>;
  /** It stands in for the one that is wanted: which that is, and how to get it. */
  instead?: Told;
}

/** What an interpreter is looked for with. */
export interface InterpreterSearch {
  /** Versions the function's platform offers for the language, e.g. `20`; any when empty. */
  offered: readonly string[];
  /** Absolute folder in which what was found out about this machine may be kept. */
  stateFolder: string;
}

/** How to start one instance process. */
export interface LaunchSpec {
  command: string;
  args: string[];
  env?: Record<string, string>;
  /** Speaks for a program that has no bootstrap; it says what is started, too. */
  adapter?(instance: AdapterInstance): Adapter;
}

/** What an instance is started for. */
export interface LaunchFacts extends AdapterFacts {
  /** What it will run, wherever processes run code from their start. */
  artifact: { entry: string; buildFolder?: string } | undefined;
}

/** Code that is about to be loaded. */
export interface CodeToLoad {
  /** Content hash of the artifact. */
  id: string;
  loader: 'script' | 'import';
}

/** What a spare has loaded. */
export interface Preloaded {
  packages: number;
  /** Whether all of it is still what a new process would load. */
  isCurrent(): boolean;
}

/** What the starts of one function have shown, kept on disk to make later ones faster. None of its methods throws. */
export interface StartMemory {
  forLoad(code: CodeToLoad): StartHelp;
  /** What a spare should load besides the function's code; undefined: nothing is known, or it is not wanted. */
  forSpare(contract: string): PreloadCommand | undefined;
  /** Whether a spare with this command was fit before, so that it may serve while it is still loading. */
  readonly trusted: boolean;
  preloaded(command: PreloadCommand, message: PreloadedMessage): Preloaded | 'unfit';
  /** A spare ended while it loaded packages. */
  preloadFailed(reason: string): void;
  /** What to ask after the first answer; undefined: nothing new is to be expected. */
  toRemember(code: CodeToLoad, use: CodeUse | undefined): RememberCommand | undefined;
  remembered(code: CodeToLoad, message: RememberedMessage): void;
  /** An instance that was given code of earlier starts ended while loading: drops that code. */
  codeFailed(): void;
  readonly state: FunctionState['preload'];
}

/** Whose starts are remembered, and where. */
export interface StartMemoryOptions {
  /** Absolute folder of all functions' files. */
  folder: string;
  definition: FunctionDefinition;
  interpreter: Interpreter;
  /** Identifies the user's variables: what packages do when they are loaded may depend on them. */
  environment: string;
}

/** One language: how it is found and started. Members live in `runtime/languages/<id>`. */
export interface Language {
  id: LanguageId;
  /**
   * The interpreter for a function: the one its configuration names, otherwise the newest its platform offers. May start
   * programs to ask for their version. A `PorchlightError` with the remedy when there is none.
   */
  findInterpreter(definition: FunctionDefinition, search: InterpreterSearch): Promise<Interpreter>;
  launch(interpreter: Interpreter, definition: FunctionDefinition, facts: LaunchFacts): LaunchSpec;
  /** True: processes run the function's code from their start, so that a spare is one of that code's instances. */
  runsAtOnce?: true;
  /** False: an instance hears nothing while it handles a call, so that none may be handed to it ahead. */
  handsAhead?: false;
  /** Whether a line on an instance's standard error is the interpreter's last word when its own heap is used up. */
  saysOutOfMemory?(line: string): boolean;
  /** Absent where a language has nothing to gain. */
  startMemory?(options: StartMemoryOptions): StartMemory;
  /** Which files are its code, and what debuggers tell of breakpoints in them; absent where nothing of it is debugged. */
  code?: CodeKind;
  /** How an editor debugs instances. */
  debugger: LanguageDebugger;
  /** Absolute globs of our own code inside instances, for a debugger's `skipFiles`. */
  bootstrapGlobs(): string[];
  /** Path of the code that measures imports inside instances, for a language that has it. */
  importProfiler?(): string;
  /** Path of the code that watches invocations inside instances, for a language that has it. */
  observers?(): string;
}
