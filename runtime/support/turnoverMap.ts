/**
 * A map for what comes and goes all the time, by text. V8 gives a `Map` a new table whenever the room of removed entries
 * is used up, and the old table goes on pointing at the new one. Once one of them has become old, all that follow are
 * kept until the next full collection, each with everything that was in it: under load most of what had long been
 * removed was copied from one generation to the next. The dictionary of an object has no such links.
 */
export class TurnoverMap<V> {
  // Without a prototype it is a dictionary from the beginning, and no key has a meaning of its own.
  readonly #entries = Object.create(null) as Record<string, V>;

  get(key: string): V | undefined {
    return this.#entries[key];
  }

  set(key: string, value: V): void {
    this.#entries[key] = value;
  }

  /** Removes an entry, and gives what it was. */
  take(key: string): V | undefined {
    const entries = this.#entries;
    const value = entries[key];
    delete entries[key];
    return value;
  }

  /** Those that are there now. */
  keys(): string[] {
    return Object.keys(this.#entries);
  }

  /** Those that are there now. */
  values(): V[] {
    return Object.values(this.#entries);
  }
}
