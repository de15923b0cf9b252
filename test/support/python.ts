import { spawnSync } from 'node:child_process';
import { realPlacesSystem } from '../../runtime/support/nodeSystem.ts';
import { pythonPlaces } from '../../runtime/support/pythonPlaces.ts';

let known: string | null | undefined;

/** A Python of this machine that functions can run on; undefined where there is none. */
export function pythonOfMachine(): string | undefined {
  known ??= pythonPlaces(realPlacesSystem()).find(isUsable) ?? null;
  return known ?? undefined;
}

function isUsable(file: string): boolean {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  const minor = /^Python 3\.(\d+)/.exec(stdout ?? '')?.[1];
  return status === 0 && minor !== undefined && Number(minor) >= 8;
}
