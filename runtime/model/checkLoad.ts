import { PorchlightError } from './errors.ts';
import { loadLimits, type LoadShape } from './load.ts';

/** Refuses a shape beyond the bounds, naming the first number that is. */
export function checkLoad(shape: LoadShape): void {
  const { invocations, concurrency, rate } = shape;
  checkCount('number of calls', invocations, loadLimits.invocations);
  checkCount('concurrency', concurrency, loadLimits.concurrency);
  if (rate === undefined) return;
  // Less than one a second is a rate, too.
  if (!(typeof rate === 'number' && rate > 0 && rate <= loadLimits.rate))
    refuse('rate', rate, `a number of calls per second above 0, up to ${loadLimits.rate}`);
}

function checkCount(what: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most)
    refuse(what, value, `a whole number from 1 to ${most}`);
}

function refuse(what: string, value: number, allowed: string): never {
  throw new PorchlightError('USAGE', { detail: `The ${what} of a load is ${value}. Give ${allowed}.` });
}
