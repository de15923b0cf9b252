import { callbackAndPromise } from './callbackAndPromise.ts';
import { clientInHandler } from './clientInHandler.ts';
import { envNotGiven } from './envNotGiven.ts';
import { fileOutsidePackage } from './fileOutsidePackage.ts';
import { lazyImport } from './lazyImport.ts';
import { moduleState } from './moduleState.ts';
import { neverAnswers } from './neverAnswers.ts';
import { notAwaited } from './notAwaited.ts';
import { processExit } from './processExit.ts';
import { responseShape } from './responseShape.ts';
import type { Rule } from './rule.ts';
import { timeoutTooShort } from './timeoutTooShort.ts';

/** Every rule about JavaScript and TypeScript. */
export const rules: readonly Rule[] = [
  clientInHandler,
  moduleState,
  notAwaited,
  callbackAndPromise,
  neverAnswers,
  processExit,
  envNotGiven,
  lazyImport,
  fileOutsidePackage,
  responseShape,
  timeoutTooShort,
];
