import { CommanderError } from 'commander';
import { PorchlightError } from '../model/errors.ts';

/** What scripts can rely on. */
export const exitCodes = { fine: 0, functionFailed: 1, usage: 2, internal: 3 } as const;

/** Says on stderr what went wrong, and sets the exit code by whose mistake it was. */
export function reportFailure(error: unknown): void {
  if (error instanceof CommanderError) {
    // Commander has already said it; help and version are no failures.
    process.exitCode = error.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
    return;
  }
  if (error instanceof PorchlightError) {
    process.stderr.write(`porchlight: ${error.message}\n`);
    process.exitCode = error.kind === 'user' ? exitCodes.usage : exitCodes.internal;
    return;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`porchlight: ${text}\n`);
  process.exitCode = exitCodes.internal;
}
