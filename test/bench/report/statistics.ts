/** Middle value; the mean of the two middle ones of an even number. Undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Samples of one figure, by the round they were taken in. */
export type Series = readonly (readonly number[])[];

export interface Summary {
  median: number;
  minimum: number;
  count: number;
}

/** Median and minimum over all rounds. Undefined when there is no sample. */
export function summarize(series: Series): Summary | undefined {
  const all = series.flat();
  const middle = median(all);
  return middle === undefined ? undefined : { median: middle, minimum: Math.min(...all), count: all.length };
}

/**
 * How many times the reference: the median over the rounds of the ratio of the medians within a round, so that a
 * machine that was slower in one round counts for both. Rounds in which either is missing do not count.
 */
export function ratio(series: Series, reference: Series): number | undefined {
  const ratios = series.flatMap((samples, round) => {
    const ours = median(samples);
    const theirs = median(reference[round] ?? []);
    return ours === undefined || theirs === undefined || theirs === 0 ? [] : [ours / theirs];
  });
  return median(ratios);
}
