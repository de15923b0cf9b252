import { spawnSync } from 'node:child_process';
import { realPlacesSystem } from '../../runtime/support/nodeSystem.ts';
import { pythonPlaces } from '../../runtime/support/pythonPlaces.ts';

let known: string | null | undefined;

/** A Python of this machine that functions can run on; undefined where there is none. */
export function pythonOfMachine(): string | undefined {
  known ??= pythonPlaces(realPlacesSystem()).find(isUsable) ?? null;
  return known ?? undefined;
}

/** A Python that has a module; undefined where none has. */
export function pythonWith(module: string): string | undefined {
  return usable().find((file) => has(file, module));
}

export function pythonWithout(module: string): string | undefined {
  return usable().find((file) => !has(file, module));
}

const usable = (): string[] => pythonPlaces(realPlacesSystem()).filter(isUsable);

const has = (file: string, module: string): boolean =>
  spawnSync(file, [
    '-c',
    `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`,
  ]).status === 0;

function isUsable(file: string): boolean {
  const { status, stdout } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  const minor = /^Python 3\.(\d+)/.exec(stdout ?? '')?.[1];
  return status === 0 && minor !== undefined && Number(minor) >= 8;
}
