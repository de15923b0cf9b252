import { type Phrase, phrase } from '../support/l10n.ts';
/** Processors a function may have, in steps (Function Compute, "Quotas and limits"). */
export const cpuBounds = { min: 0.05, max: 16, step: 0.05 } as const;

/** Gigabytes of memory that may go with one processor. */
export const gigabytesPerCpu = { min: 1, max: 4 } as const;

/** Why a number of processors does not go with an amount of memory, without a full stop; undefined when it does. */
export function cpuObjection(cpu: number, memoryMB: number): Phrase | undefined {
  const gigabytes = memoryMB / 1024;
  const { min, max } = gigabytesPerCpu;
  const fits = gigabytes >= min * cpu && gigabytes <= max * cpu;
  return fits
    ? undefined
    : phrase('{cpu} processors do not go with {memoryMB} MB: {min} to {max} GB share one', {
        cpu,
        memoryMB,
        min,
        max,
      });
}
