/**
 * The value that this share of the values does not exceed (nearest rank, so that it is one that was measured).
 * `sorted` ascends; undefined when it is empty.
 */
export function percentile(sorted: ArrayLike<number>, share: number): number | undefined {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
}
