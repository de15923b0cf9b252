import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { LanguageId } from '../model/words.ts';

/** An interpreter found on this machine. */
export interface Interpreter {
  path: string;
  version: string;
  /** For people, e.g. `Node.js 20.20.2`. */
  label: string;
  /** What its processes need in their environment to be this interpreter at all. */
  env?: Record<string, string>;
  /** It stands in for the one that is wanted: which that is, and how to get it. */
  instead?: { message: string };
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
}

/** One language: how it is found and started. Members live in `runtime/languages/<id>`. */
export interface Language {
  id: LanguageId;
  /**
   * The interpreter for a function: the one its configuration names, otherwise the newest its platform offers. May start
   * programs to ask for their version. A `PorchlightError` with the remedy when there is none.
   */
  findInterpreter(definition: FunctionDefinition, search: InterpreterSearch): Promise<Interpreter>;
  launch(interpreter: Interpreter, definition: FunctionDefinition): LaunchSpec;
  /** Absolute globs of our own code inside instances, for a debugger's `skipFiles`. */
  bootstrapGlobs(): string[];
  /** Path of the code that watches invocations inside instances, for a language that has it. */
  observers?(): string;
}
