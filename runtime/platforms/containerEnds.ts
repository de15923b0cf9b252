import type { StartFailure } from '../model/platform.ts';

/* How processes of platforms whose functions are containers end, in words they have in common. */

/** How a process ended. */
export const endOf = ({ code, signal }: { code: number | null; signal: string | null }): string =>
  signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`;

/** Why one did not come to serve, with what it printed. `remedy`: what to do when nothing answers on its port. */
export function startReason(
  { why, command, port, waitedMs = 0, output, extension, ...end }: StartFailure,
  remedy: string,
): string {
  const said = output ? ` It printed:\n${output}` : '';
  const reasons: Record<StartFailure['why'], string> = {
    missing: `there is no "${command}".`,
    denied: `"${command}" may not be run.`,
    format: `"${command}" is no program for this machine.`,
    exited: `"${command}" ended (${endOf(end)}) before it listened.`,
    silent: `nothing answers on port ${port} after ${waitedMs / 1000} s; ${remedy}`,
    extension: `a program beside "${command}" failed: ${extension?.message ?? ''}`,
  };
  return `${reasons[why]}${said}`;
}
