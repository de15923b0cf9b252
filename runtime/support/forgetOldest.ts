/** A map or a set: what its entries are known by, in the order in which they came. */
interface Remembered<K> {
  readonly size: number;
  keys(): Iterable<K>;
  delete(key: K): boolean;
}

/** Forgets what came first into a map or a set until it has at most so many entries. */
export function forgetOldest<K>(entries: Remembered<K>, most: number): void {
  for (const oldest of entries.keys()) {
    if (entries.size <= most) return;
    entries.delete(oldest);
  }
}
