import type { FunctionDefinition } from '../model/functionDefinition.ts';
import type { SourcePosition } from '../model/words.ts';

/** What an instance loads: the user's sources as they are, or a bundle made of them. */
export interface DevArtifact {
  /** Content hash, hex; changes when the code the function may run changes. */
  id: string;
  function: string;
  /** `source`: loaded from where it lies. `bundle`: built into a content-hashed folder below `.porchlight/artifacts`. */
  kind: 'source' | 'bundle';
  /** Absolute path of the module to load. */
  entry: string;
  /** The user's file that exports the handler. */
  entryFile: string;
  loader: 'script' | 'import';
  sourceDir?: string;
  /** Folder of what a program's build made. */
  buildFolder?: string;
  /** Root the platform shows to the function (`LAMBDA_TASK_ROOT`, `FC_FUNC_CODE_PATH`). */
  codeRoot: string;
  /** The export part of the handler string. */
  exportName: string;
  initializer?: { entry: string; exportName: string; handler: string };
  preFreeze?: { entry: string; exportName: string; handler: string };
  preStop?: { entry: string; exportName: string; handler: string };
  /** Absolute paths whose change makes the artifact stale. */
  inputs: string[];
  buildMs: number;
}

/** Makes and keeps current the artifacts of functions. Failures are `PorchlightError`s with place and remedy. */
export interface Packager {
  /**
   * The current artifact: built when needed, otherwise from memory. `runsOn` is the version of the Node that loads it, e.g.
   * `20.20.2`: nothing in a bundle is newer than that. `program` is its path, for languages that only it can check.
   * `debugged`: programs are built for their debugger.
   */
  prepare(
    definition: FunctionDefinition,
    runsOn?: string,
    program?: string,
    debugged?: boolean,
  ): Promise<DevArtifact>;
  /** Where a script of it cannot be parsed: Node tells the place of such an error in an ES module to the terminal only. */
  syntaxErrorIn(artifact: DevArtifact): Promise<SourcePosition | undefined>;
  /** Names of functions whose code these files may be part of; their next `prepare` builds again. */
  invalidate(files: string[]): string[];
  dispose(): Promise<void>;
}
