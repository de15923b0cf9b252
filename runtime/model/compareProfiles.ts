import type { ColdStartProfile } from './coldStartProfile.ts';

/** One figure before and after, in milliseconds; absent on the side where there is nothing of it. */
export interface CostChange {
  name: string;
  beforeMs?: number;
  afterMs?: number;
  /** After minus before. */
  deltaMs: number;
}

/** Two profiles of one function side by side. */
export interface ProfileComparison {
  before: Pick<ColdStartProfile, 'artifact' | 'at' | 'runs' | 'node'>;
  after: Pick<ColdStartProfile, 'artifact' | 'at' | 'runs' | 'node'>;
  total: CostChange;
  /** In the order in which they happen. */
  phases: CostChange[];
  /** Largest change first; changes below a tenth of a millisecond are left out. */
  packages: CostChange[];
}

const smallestMs = 0.1;

/** Compares by phase and by what each package's own modules cost. */
export function compareProfiles(before: ColdStartProfile, after: ColdStartProfile): ProfileComparison {
  const facts = ({ artifact, at, runs, node }: ColdStartProfile) => ({ artifact, at, runs, node });
  const medians = (profile: ColdStartProfile) =>
    new Map<string, number>(profile.phases.map(({ name, medianMs }) => [name, medianMs]));
  const own = ({ packages }: ColdStartProfile) => new Map(packages.map(({ name, selfMs }) => [name, selfMs]));
  return {
    before: facts(before),
    after: facts(after),
    total: change('total', before.totalMs.medianMs, after.totalMs.medianMs),
    phases: changes(medians(before), medians(after)),
    packages: changes(own(before), own(after))
      .filter(({ deltaMs }) => Math.abs(deltaMs) >= smallestMs)
      .sort((a, b) => Math.abs(b.deltaMs) - Math.abs(a.deltaMs)),
  };
}

function changes(before: Map<string, number>, after: Map<string, number>): CostChange[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].map((name) => change(name, before.get(name), after.get(name)));
}

function change(name: string, beforeMs: number | undefined, afterMs: number | undefined): CostChange {
  return {
    name,
    ...(beforeMs === undefined ? {} : { beforeMs }),
    ...(afterMs === undefined ? {} : { afterMs }),
    deltaMs: (afterMs ?? 0) - (beforeMs ?? 0),
  };
}

/**
 * The measured profile to compare with: of the artifact whose id is or begins with `wanted`; otherwise the newest one of
 * other code, otherwise an earlier one of the same code. What was recorded beside one call is too little to compare
 * with. `kept`: newest first.
 */
export function earlierProfile(
  kept: readonly ColdStartProfile[],
  artifact: string,
  wanted?: string,
): ColdStartProfile | undefined {
  const measured = kept.filter(({ passive }) => !passive);
  if (wanted !== undefined) return measured.find((profile) => profile.artifact.startsWith(wanted));
  return measured.find((profile) => profile.artifact !== artifact) ?? measured[0];
}
