import { RequestType } from 'vscode-jsonrpc';
import type { SourcePosition } from '../../model/words.ts';
import type { ControlErrorData } from './messages.ts';
import type { InstancePhase } from './state.ts';

/** Bounds of one question about breakpoints. */
export const explainLimits = { lines: 200, functions: 50, instances: 50, bound: 200 } as const;

export interface ExplainBreakpointsParams {
  /** Absolute path of the file with the breakpoints. */
  file: string;
  /** Their lines, from 1; at most `explainLimits.lines`. */
  lines: number[];
}

/** What sort of file it is, by where it lies and what is in it. */
export type FilePlace =
  | { kind: 'plain' }
  /** By its name or folder. */
  | { kind: 'test' }
  /** Types only: nothing of it ever runs. */
  | { kind: 'declaration' }
  | { kind: 'package' }
  /** In a folder no code is taken from, such as `.vscode`. */
  | { kind: 'excluded'; folder: string }
  /** Made by a compiler, as its own source map says. */
  | { kind: 'generated' };

/** One line, in the file or in what runs. */
export interface LineFacts {
  line: number;
  /** Whether there is code to stop at; absent when that is not known. */
  code?: boolean;
  /** The nearest line with code, when this one has none. */
  nearest?: number;
  /** It runs when its module is loaded and with no call, as far as its text shows. */
  declares?: true;
  /** Of a generated file: where the line comes from. */
  source?: SourcePosition;
}

/** A breakpoint that a debugger has set in an instance; `line` is of the file asked about. */
export interface BoundLine {
  line: number;
  /** How often the instance stopped there, stops that the debugger passed over included. */
  hits: number;
  /** Milliseconds since the epoch. */
  lastHitAt?: number;
}

/** An instance of a function, or one that was debugged and has ended. */
export interface InstanceFacts {
  id: string;
  phase: InstancePhase | 'ended';
  /** It has the function's code of now. */
  current: boolean;
  debugged: boolean;
  /** Why it is not debugged although its function is. */
  declined?: string;
  /** It has loaded code of the function: it is no spare. */
  ran: boolean;
  /** Whether it has loaded the file; absent when no debugger could tell. */
  loaded?: boolean;
  bound: BoundLine[];
}

/** A function whose code the file is part of. */
export interface FunctionUse {
  function: string;
  /** The file with its handler. */
  entryFile?: string;
  /** Its language can be debugged here. */
  debugger: boolean;
  /** Functions of now are to be debugged, and it is one of them. */
  debugged: boolean;
  /** Why its code of now cannot be built, and whether older code serves. */
  failed?: { message: string; at?: SourcePosition; serving: boolean };
  /** The lines asked about in the code that runs. */
  lines: LineFacts[];
  instances: InstanceFacts[];
}

/** A generated file that runs and looks as if it were made of the file, but has no map that says so. */
export interface MapFault {
  function: string;
  generated: string;
  /** `missing`: no comment names a map. `unreadable`: it does, but there is none. `without`: the map has other sources. */
  map: 'missing' | 'unreadable' | 'without';
}

/** A function that does not use the file. */
export interface OtherFunction {
  function: string;
  entryFile?: string;
}

/** What a host knows about breakpoints in a file. */
export interface BreakpointFacts {
  exists: boolean;
  place: FilePlace;
  /** In the order of the question. */
  lines: LineFacts[];
  users: FunctionUse[];
  /** Functions in whose code folder the file lies, although none of their modules loads it; nearest first. */
  around: OtherFunction[];
  /** Other functions, nearest first, a few of them. */
  others: OtherFunction[];
  mapFaults: MapFault[];
}

/** What there is to know about why breakpoints do or do not bind. Builds functions whose code is not known yet. */
export const ExplainBreakpoints = new RequestType<
  ExplainBreakpointsParams,
  BreakpointFacts,
  ControlErrorData
>('debug/explainBreakpoints');
