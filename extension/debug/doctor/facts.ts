import type { BreakpointFacts } from '../../../runtime/protocol/control/breakpointFacts.ts';

/** A breakpoint as the editor has it, and what its debuggers said of it. Lines count from 1. */
export interface EditorBreakpoint {
  file: string;
  line: number;
  enabled: boolean;
  condition?: string;
  hitCondition?: string;
  logMessage?: string;
  /** Why the condition is no expression. */
  conditionProblem?: string;
  /** What the condition threw when it was evaluated last, as the debugger printed it. */
  conditionThrew?: string;
}

/** What a debugger told of one breakpoint, over all its sessions. */
export interface ToldOfBreakpoint {
  /** Instances in which it is set. */
  instances: string[];
  /** Instances whose debugger took it down, without a look at what is loaded (`CodeKind.set`). */
  noted?: string[];
  /** The line it is set at. */
  line?: number;
  /** Why a debugger that knows all of a program's code did not set it, in its own words. */
  refused?: string;
  /** How often something stopped at it. */
  stops: number;
}

/** Everything a diagnosis is made of. */
export interface DoctorFacts {
  breakpoint: EditorBreakpoint;
  /** The file is one of a language whose breakpoints are ours. */
  code: boolean;
  /** What runs and what the disk has may differ. */
  unsaved: boolean;
  /** All breakpoints of the editor are off: a debugger was sent none of them. */
  deactivated: boolean;
  /** Functions of the file's folder are debugged by this window. */
  debugging: boolean;
  told: ToldOfBreakpoint;
  /** Absent where no folder with functions holds the file. */
  host?: BreakpointFacts;
  /** Ids of languages by function, for those that cannot be debugged. */
  languages?: Readonly<Record<string, string>>;
}

/** The call a diagnosis is about: of one function, in one instance; absent when the user asks in general. */
export interface Occasion {
  function: string;
  instance?: string;
  /** Why the instance of the call was not debugged. */
  declined?: string;
}
