import type { SourcePosition } from '../../../runtime/model/words.ts';
import type { MapFault, OtherFunction } from '../../../runtime/protocol/control/breakpointFacts.ts';

/** Something that may be done about a breakpoint. */
export type Remedy =
  | { kind: 'enable' }
  | { kind: 'editCondition' }
  | { kind: 'save' }
  | { kind: 'debug'; function: string }
  | { kind: 'invoke'; function: string }
  | { kind: 'move'; line: number }
  | { kind: 'open'; position: SourcePosition; what: 'handler' | 'source' | 'problem' }
  | { kind: 'replace'; instances: string[]; function: string }
  | { kind: 'showFunctions' }
  | { kind: 'activateAll' };

/** Where a breakpoint is set, and what became of it there. */
export interface Bound {
  functions: string[];
  instances: string[];
  /** Its line, when the debugger put it on another one. */
  line?: number;
  /** How often instances came there, and how often the debugger stopped. */
  hits: number;
  stops: number;
  lastHitAt?: number;
}

/** Why a breakpoint is or is not hit. One kind per reason: each has its own words. */
export type Reason =
  | { kind: 'disabled' }
  | { kind: 'deactivated' }
  | { kind: 'badCondition'; condition: string; detail: string }
  | { kind: 'bound'; bound: Bound; unsaved: boolean }
  | { kind: 'logpoint'; bound: Bound }
  | { kind: 'conditionNeverTrue'; bound: Bound; condition: string }
  | { kind: 'conditionThrew'; bound: Bound; condition: string; detail: string }
  | { kind: 'hitCountNotReached'; bound: Bound; hitCondition: string }
  | { kind: 'notCode' }
  | { kind: 'noFunctions' }
  | { kind: 'fileMissing' }
  | { kind: 'noDebugger'; function: string; language: string }
  | { kind: 'generated'; source?: SourcePosition }
  | { kind: 'declaration' }
  | { kind: 'excludedFolder'; folder: string }
  | { kind: 'package' }
  | { kind: 'testFile' }
  | { kind: 'mapMissing'; fault: MapFault }
  | { kind: 'notImported'; nearest: OtherFunction; several: boolean }
  | { kind: 'notPart'; nearest?: OtherFunction }
  | { kind: 'unsaved' }
  | { kind: 'buildFailed'; function: string; message: string; serving: boolean }
  | { kind: 'noCode'; nearest?: number }
  | { kind: 'removed'; function: string; nearest?: number }
  | { kind: 'notCompiled'; function: string }
  | { kind: 'refused'; function: string; detail: string }
  | { kind: 'notDebugging'; function: string }
  | { kind: 'otherFunctions'; functions: string[] }
  | { kind: 'declined'; function: string; detail: string }
  | { kind: 'older'; function: string; instances: string[] }
  | { kind: 'notInvoked'; functions: string[] }
  | { kind: 'notLoaded'; functions: string[] }
  | { kind: 'unexplained'; function: string; instances: string[] };

/**
 * `fine`: it works. `waiting`: it will work when something has run. `asIs`: it cannot work as things are, and that is
 * nobody's mistake. `problem`: it was meant to work and does not; only this is told without being asked for.
 */
export type Standing = 'fine' | 'waiting' | 'asIs' | 'problem';

export interface Diagnosis {
  reason: Reason;
  standing: Standing;
  remedies: Remedy[];
}
