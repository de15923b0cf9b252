import type { AsyncInvokeSettings } from '../asyncInvoke.ts';
import type {
  FunctionDefinition,
  HookDefinition,
  ProcessSettings,
  TriggerDefinition,
} from '../functionDefinition.ts';
import type { ProgramSettings } from '../program.ts';
import type { Problem, TargetDefinition } from '../project.ts';
import type { QueueDefinition } from '../queues/queueDefinition.ts';
import type { DeclaredEvent } from '../testing/savedEvent.ts';
import type { PlatformId, SourcePosition } from '../words.ts';
import type { YamlSource } from './yamlTree.ts';

/** Offsets into the text, `end` exclusive. */
export interface TextRange {
  start: number;
  end: number;
}

/** A function as one project file declares it, with the places an editor needs. */
export interface ParsedFunction {
  /** Its key in the file (logical id, resource name); `definition.name` may be another. */
  key: string;
  /** The file its ranges are of, when that is one the project file includes. */
  file?: string;
  definition: FunctionDefinition;
  /** Where its name (the key) stands. */
  nameRange: TextRange;
  /** Where its handler string stands, quotes excluded. */
  handlerRange?: TextRange;
  /** Where its code folder stands, quotes excluded. */
  codeRange?: TextRange;
}

/** Settings of `porchlight.yaml` that lie over a function of another file: only what is stated. */
export interface FunctionOverlay {
  name: string;
  declaredAt: SourcePosition;
  /** The entry has a handler or a program of its own, so it is a function even when no other file declares it. */
  standsAlone: boolean;
  /** Saved events; no part of the function itself, so that editing one leaves its instances alone. */
  events: DeclaredEvent[];
  settings: {
    platform?: PlatformId;
    handler?: string;
    handlerAt?: SourcePosition;
    /** Absolute. */
    codeRoot?: string;
    runtime?: string;
    interpreter?: string;
    runtimeAt?: SourcePosition;
    language?: string;
    region?: string;
    description?: string;
    process?: Partial<ProcessSettings>;
    memoryMB?: number;
    timeoutMs?: number;
    temporaryMB?: number;
    env?: Record<string, string>;
    triggers?: TriggerDefinition[];
    asyncInvoke?: AsyncInvokeSettings;
    checksAuth?: boolean;
    initializer?: HookDefinition;
    preStop?: HookDefinition;
    program?: ProgramSettings;
  };
}

/** What one project file says. A broken file gives what could be read, and its problems. */
export interface ParsedProjectFile {
  functions: ParsedFunction[];
  /** Only `porchlight.yaml` has some; `applyOverlays` lays them over the functions of all files. */
  overlays: FunctionOverlay[];
  targets: TargetDefinition[];
  /** Absent where none are declared. */
  queues?: QueueDefinition[];
  problems: Problem[];
  /** Other files that were consulted or are missing, relative to the file's folder (e.g. of `${file(…)}`). */
  includes: string[];
}

/** What a reader may know besides the text. */
export interface ParseContext {
  /** Absolute path of the file; code folders resolve from its folder. */
  file: string;
  /** Looks a variable up for `${env(…)}`; nothing else of the environment is visible. */
  variable(name: string): string | undefined;
  /** Looks at another file the text names, by its absolute path; absent where there are no others. */
  include?(path: string): IncludedFile;
  /** Reads the file's YAML; the usual way when absent. One who reads version after version need not read all of it again. */
  readYaml?: (text: string, file: string) => YamlSource;
}

/** Another file's text, or why there is none: it does not exist, lies outside of the project, or is too large. */
export type IncludedFile = { text: string } | { why: 'missing' | 'outside' | 'large' };

/** A reader of one kind of project file. Pure: text in, functions and problems out; never throws for bad input. */
export interface ProjectFileFormat {
  id: string;
  /** File names in a project folder, in order of preference. */
  fileNames: string[];
  /** Whether a text with one of these names is really of this kind, e.g. a `template.yaml` with a SAM transform. */
  accepts(text: string): boolean;
  parse(text: string, context: ParseContext): ParsedProjectFile;
}

/** Bounds of what a project file may hold; beyond them a file is told as a problem instead of being read. */
export const fileLimits = {
  /** Characters. A CloudFormation template may have 1 MB. */
  textLength: 2_000_000,
  /** Nodes after aliases are followed. */
  nodes: 100_000,
  depth: 100,
  functions: 1000,
  problems: 200,
} as const;
