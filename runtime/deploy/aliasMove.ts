import type { DeployedVersion } from '../model/deploy.ts';
import { servedIn, withServed } from './servedVersions.ts';
import { phrase, type Phrase } from '../support/l10n.ts';

/*
 * Aliases as clouds have them: a name by which callers reach a version, and a share of their calls that another version gets.
 */

/** An alias as it is there. */
export interface AliasState {
  version: string;
  description?: string | undefined;
  /** Share of the calls that another version gets, 0 to 1. */
  weights?: Record<string, number> | undefined;
}

/** What an alias is to be. */
export interface AliasMove {
  version: string;
  weights: Record<string, number>;
  description?: string | undefined;
  /** What to tell the user. */
  note?: Phrase;
}

/** Moves an alias to a version, or gives this a share of the calls; `percent` is 1 to 100. */
export function aliasMove(found: AliasState | undefined, version: string, percent: number): AliasMove {
  if (!found) {
    const description = withServed(undefined, version);
    const note = phrase('It is the first version, and gets all calls.');
    return { version, weights: {}, description, ...(percent < 100 && { note }) };
  }
  const { version: current, description } = found;
  if (percent >= 100 || current === version)
    return { version, weights: {}, description: withServed(description, version, [current]) };
  // A version that has a share of the calls only may still turn out to be bad: it has not served.
  const note = phrase(
    '{percent} % of the calls go to version {version}, the others to {current}. Deploy again without --canary to send it all of them, or roll back.',
    { percent, version, current },
  );
  return { version: current, weights: { [version]: percent / 100 }, description, note };
}

/** Whether an alias sends calls to a version. */
export function isServedBy(found: AliasState | undefined, version: string): boolean {
  return found?.version === version || Object.hasOwn(found?.weights ?? {}, version);
}

/** What an alias says of a version: whether it serves, its share, and whether it has answered before. */
export function servingOf(
  found: AliasState | undefined,
  version: string,
): Pick<DeployedVersion, 'current' | 'verified' | 'percent'> {
  const others = Object.entries(found?.weights ?? {}).filter(([, weight]) => weight > 0 && weight < 1);
  const shared = others.reduce((sum, [, weight]) => sum + weight, 0);
  const current = found?.version === version;
  const weight = current ? 1 - shared : others.find(([name]) => name === version)?.[1];
  const percent = shared > 0 && weight !== undefined ? Math.round(weight * 100) : undefined;
  return {
    current,
    // What gets calls has answered; where it is not written down, those that did not were taken away again.
    verified: percent !== undefined || (servedIn(found?.description)?.includes(version) ?? true),
    ...(percent !== undefined && { percent: Math.min(Math.max(percent, 1), 99) }),
  };
}
