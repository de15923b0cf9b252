import type { PhaseName, SourcePosition } from './words.ts';

/** Median and spread of one phase over the runs, in milliseconds. */
export interface PhaseCost {
  name: PhaseName;
  medianMs: number;
  minMs: number;
  maxMs: number;
}

/** What a module, a package or an import costs at a cold start, in milliseconds: medians over the runs. */
export interface LoadCost {
  /** With everything it was the first to load; what is shared is charged to whoever comes first. */
  totalMs: number;
  /** What would be saved without it: nothing that something else loads as well. */
  onlyMs: number;
  /** `totalMs` as a part of the load phase, 0 to 1. */
  share: number;
}

export type ModuleKind = 'own' | 'package' | 'builtin';

/** One module that was loaded. */
export interface ModuleCost extends LoadCost {
  /** For people: below the project for own code, below its package for others, `node:…` for Node's. */
  name: string;
  file: string;
  kind: ModuleKind;
  package?: string;
  /** Without what it loads. */
  selfMs: number;
  /** Index of the module that loaded it first; absent for those that the function begins with. */
  loadedBy?: number;
  /** Where own code imports it. */
  importedAt: SourcePosition[];
  /** The time is shared out by size, as one file holds several modules. */
  estimated?: true;
}

/** All modules of one package together. */
export interface PackageCost extends LoadCost {
  name: string;
  selfMs: number;
  modules: number;
}

/** One import statement or `require` call of own code. */
export interface ImportCost extends LoadCost {
  at: SourcePosition;
  /** The source line without indentation: it finds the statement again after edits. */
  text: string;
  /** What is imported, as `ModuleCost.name` or a package's name. */
  name: string;
  kind: ModuleKind;
  estimated?: true;
}

/** What cold starts of a function cost, by phase and by module. */
export interface ColdStartProfile {
  function: string;
  /** Id of the code. */
  artifact: string;
  /** Interpreter, e.g. `Node.js 24.4.0`. */
  node: string;
  /** Milliseconds since the epoch. */
  at: number;
  /** Loads it was made of. One that was recorded beside an ordinary call is `passive`. */
  runs: number;
  passive?: true;
  phases: PhaseCost[];
  /** From acceptance to answer. */
  totalMs: { medianMs: number; minMs: number; maxMs: number };
  loadMs: number;
  /** Largest total first, at most `profileLimits.modules`. */
  modules: ModuleCost[];
  packages: PackageCost[];
  imports: ImportCost[];
  /** Own files with imports, and the hash of their text as it was (`textHash`). */
  files: { file: string; hash: string }[];
  /** What the figures do not say by themselves, as sentences. */
  notes: string[];
}

/** What source lines show of a profile. */
export type ImportCosts = Pick<
  ColdStartProfile,
  'function' | 'artifact' | 'at' | 'runs' | 'passive' | 'loadMs' | 'imports' | 'files'
>;

/** The part of a profile that source lines show. */
export function importCosts(profile: ColdStartProfile): ImportCosts {
  const { function: name, artifact, at, runs, passive, loadMs, imports, files } = profile;
  return { function: name, artifact, at, runs, loadMs, imports, files, ...(passive ? { passive } : {}) };
}

/** Bounds of what is kept and sent. */
export const profileLimits = { modules: 400, packages: 200, imports: 500, runs: 100, kept: 12 } as const;

/** Runs that are made when nobody says how many. */
export const defaultRuns = 10;
