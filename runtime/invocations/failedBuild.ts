import { PorchlightError } from '../model/errors.ts';
import type { SourcePosition } from '../model/words.ts';
import type { BuildState } from '../protocol/control/state.ts';

/** The state of a build that failed. `serving`: the artifact that goes on serving in its place. */
export function failedBuild(error: unknown, serving: string | undefined): BuildState {
  const message = error instanceof Error ? error.message : String(error);
  const known = error instanceof PorchlightError ? error : undefined;
  const at = known && placeOf(known);
  return {
    state: 'failed',
    message,
    ...(known && { code: known.code, facts: known.facts }),
    ...(at ? { at } : {}),
    ...(serving === undefined ? {} : { serving }),
  };
}

/** Where an error of the catalogue points to: `path` is absolute, `file` is for its text. */
export function placeOf({ facts }: PorchlightError): SourcePosition | undefined {
  const file = facts['path'] ?? facts['file'];
  const { line, column } = facts;
  if (typeof file !== 'string' || typeof line !== 'number') return undefined;
  return { file, line, column: typeof column === 'number' ? column : 1 };
}
