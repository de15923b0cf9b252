import type { StartFailure } from '../model/platform.ts';

/** How a process ended. `reason` is ours when we ended it. */
export interface InstanceExit {
  code: number | null;
  signal: string | null;
  reason?: string;
  /** The interpreter said that its heap is used up. */
  outOfMemory?: boolean;
  /** The last error it reported outside of an invocation. */
  fatal?: { type: string; message: string; stack: string[] };
  /** It never came to serve. */
  start?: StartFailure;
}

/** Thrown by what was under way when an instance ended. */
export class InstanceGone extends Error {
  readonly exit: InstanceExit;

  constructor(exit: InstanceExit) {
    super(exit.reason ?? `The process ended (code ${exit.code ?? 'none'}, signal ${exit.signal ?? 'none'}).`);
    this.name = 'InstanceGone';
    this.exit = exit;
  }
}

/** Thrown when an invocation was handed ahead and has not begun: another instance may take it. */
export class NotBegun extends Error {
  constructor() {
    super('The invocation has not begun.');
    this.name = 'NotBegun';
  }
}
