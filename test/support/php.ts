import { spawnSync } from 'node:child_process';
import { realPlacesSystem } from '../../runtime/support/nodeSystem.ts';
import { phpPlaces } from '../../runtime/support/phpPlaces.ts';

let known: string | null | undefined;

/** A PHP of this machine that functions can run on; undefined where there is none. */
export function phpOfMachine(): string | undefined {
  known ??= phpPlaces(realPlacesSystem()).find(isUsable) ?? null;
  return known ?? undefined;
}

function isUsable(file: string): boolean {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  const [, major, minor] = /^PHP (\d+)\.(\d+)\.\S+ \(cli\)/.exec(stdout ?? '') ?? [];
  return status === 0 && Number(major) * 100 + Number(minor) >= 702;
}
