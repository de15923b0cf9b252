import type { LoadCommand } from './messages.ts';

/** How a load is measured. */
export interface ProfileOptions {
  /** Absolute path of the code that measures. */
  module: string;
  /** `full` also times ES modules, which slows their loading down. */
  mode: 'light' | 'full';
}

/** Bounds of an import graph; what is beyond them counts as time of who loaded it. */
export const importLimits = { modules: 5000, edges: 20_000 } as const;

/** Who loaded whom, and what each module took by itself. */
export interface ImportGraph {
  /** Absolute path, or `node:` name, and own time in microseconds; the first is the function's entry. */
  modules: [file: string, selfUs: number][];
  /**
   * Who asked for whom, in the order in which they asked, so that the first edge into a module loads it (ES modules: in
   * order for each asker); -1: the bootstrap. The place of the call where own code asked, in the
   * file that runs; line 0 where it is not known. Own ES modules give the specifier instead.
   */
  edges: [from: number, to: number, line: number, column: number, specifier?: string][];
  /** Modules beyond the bound. */
  dropped: number;
  /** Packages' modules that were there before: they cost nothing here, but do in a process without them. */
  preloaded: number;
  /** Microseconds for reading, compiling and linking ES modules; spread over them by size. */
  linkUs: number;
  /** ES modules were timed. */
  esModules: boolean;
}

/** One load that is being measured. */
export interface ImportRecording {
  /** Times what loads one of the function's entries. */
  measure<T>(entry: string, run: () => T | Promise<T>): Promise<T>;
  /** Stops, and tells what was found. */
  end(): ImportGraph;
}

/** What the module that measures exports. */
export interface ImportRecorderModule {
  createImportRecorder(load: LoadCommand): ImportRecording;
}
