import type { FunctionDefinition } from '../functionDefinition.ts';
import type { Problem, TargetDefinition } from '../project.ts';

/** Offsets into the text, `end` exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

/** A function as one project file declares it, with the places an editor needs. */
export interface ParsedFunction {
  definition: FunctionDefinition;
  /** Where its name (the key) stands. */
  nameRange: TextRange;
  /** Where its handler string stands, quotes excluded. */
  handlerRange?: TextRange;
  /** Where its code folder stands, quotes excluded. */
  codeRange?: TextRange;
}

/** What one project file says. A broken file gives what could be read, and its problems. */
export interface ParsedProjectFile {
  functions: ParsedFunction[];
  targets: TargetDefinition[];
  problems: Problem[];
  /** Other files that were consulted or are missing, relative to the file's folder (e.g. of `${file(…)}`). */
  includes: string[];
}

/** Settings of `porchlight.yaml` that lie over functions of other files: only what is stated. */
export interface ParseContext {
  /** Absolute path of the file; code folders resolve from its folder. */
  file: string;
  /** Looks a variable up for `${env(…)}`; nothing else of the environment is visible. */
  variable(name: string): string | undefined;
}

/** A reader of one kind of project file. Pure: text in, functions and problems out; never throws for bad input. */
export interface ProjectFileFormat {
  id: string;
  /** File names in a project folder, in order of preference. */
  fileNames: string[];
  /** Whether a text with one of these names is really of this kind, e.g. a `template.yaml` with a SAM transform. */
  accepts(text: string): boolean;
  parse(text: string, context: ParseContext): ParsedProjectFile;
}
