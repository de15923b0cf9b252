import { spawnSync } from 'node:child_process';
import { findDelve } from '../../runtime/languages/custom/findDelve.ts';

/** Why tests that need Go cannot run on this machine; false when they can. */
export function withoutGo(): string | false {
  return spawnSync('go', ['version']).status === 0 ? false : 'Go is not installed.';
}

/** Why tests that need Go and its debugger cannot run on this machine; false when they can. */
export function withoutDelve(): string | false {
  return withoutGo() || (findDelve() ? false : 'The debugger dlv is not installed.');
}
