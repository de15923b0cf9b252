import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { LanguageId } from '../model/words.ts';

/** An interpreter found on this machine. */
export interface Interpreter {
  path: string;
  version: string;
  /** For people, e.g. `Node.js 20.20.2`. */
  label: string;
}

/** How to start one instance process. */
export interface LaunchSpec {
  command: string;
  args: string[];
}

/** One language: how it is found and started. Members live in `runtime/languages/<id>`. */
export interface Language {
  id: LanguageId;
  /** The interpreter for a function; a `PorchlightError` with the remedy when there is none. */
  findInterpreter(definition: FunctionDefinition): Promise<Interpreter>;
  launch(interpreter: Interpreter, definition: FunctionDefinition): LaunchSpec;
  /** Whether a line on an instance's standard error is the interpreter's last word when its own heap is used up. */
  saysOutOfMemory?(line: string): boolean;
  /** Absolute globs of our own code inside instances, for a debugger's `skipFiles`. */
  bootstrapGlobs(): string[];
  /** Path of the code that watches invocations inside instances, for a language that has it. */
  observers?(): string;
}
