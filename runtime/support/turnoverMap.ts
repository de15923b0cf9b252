/**
 * A map for what comes and goes all the time, in the order of insertion. V8 gives a `Map` a new table whenever the room
 * of removed entries is used up, and the old table goes on pointing at the new one. Once one of them has become old,
 * all that follow are kept until the next full collection, each with everything that was in it: under load most of what
 * had long been removed was copied from one generation to the next. Here a table holds cells, which are emptied when
 * their entry goes.
 */
export class TurnoverMap<K, V> {
  readonly #cells = new Map<K, { value: V | undefined }>();

  get size(): number {
    return this.#cells.size;
  }

  has(key: K): boolean {
    return this.#cells.has(key);
  }

  get(key: K): V | undefined {
    return this.#cells.get(key)?.value;
  }

  /** A key that is known keeps its place. */
  set(key: K, value: V): void {
    const cell = this.#cells.get(key);
    if (cell) cell.value = value;
    else this.#cells.set(key, { value });
  }

  /** Removes an entry, and gives what it was. */
  take(key: K): V | undefined {
    const cell = this.#cells.get(key);
    if (!cell) return undefined;
    const { value } = cell;
    cell.value = undefined;
    this.#cells.delete(key);
    return value;
  }

  keys(): IterableIterator<K> {
    return this.#cells.keys();
  }

  *values(): Generator<V> {
    for (const { value } of this.#cells.values()) yield value!;
  }

  *[Symbol.iterator](): Generator<[K, V]> {
    for (const [key, { value }] of this.#cells) yield [key, value!];
  }
}
