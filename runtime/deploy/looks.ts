/** What a target knows of its functions: each is looked at once, and again only after something of it was changed. */
export class Looks<T> {
  readonly #look: (name: string) => Promise<T>;
  readonly #known = new Map<string, Promise<T>>();

  constructor(look: (name: string) => Promise<T>) {
    this.#look = look;
  }

  of(name: string): Promise<T> {
    const known = this.#known.get(name);
    if (known) return known;
    const looking = this.#look(name);
    this.#known.set(name, looking);
    // What failed may do better the next time.
    looking.catch(() => this.#known.get(name) === looking && this.#known.delete(name));
    return looking;
  }

  forget(name: string): void {
    this.#known.delete(name);
  }
}
