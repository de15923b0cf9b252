/** Versions that this deploy made, with what is known of how: only these may be taken back. */
export class MadeVersions<T = true> {
  readonly #made = new Map<string, T>();

  add(name: string, version: string, how: T): void {
    this.#made.set(keyOf(name, version), how);
  }

  /** What was made, once: whoever asks takes it away. */
  take(name: string, version: string): T | undefined {
    const key = keyOf(name, version);
    const how = this.#made.get(key);
    this.#made.delete(key);
    return how;
  }

  /**
   * Sends calls to a version. Whatever comes of it, it may serve from here on, and is not taken back; unless the change
   * failed, and a look says that nothing is sent to it.
   */
  async serve<R>(
    name: string,
    version: string,
    change: () => Promise<R>,
    isServed: () => Promise<boolean>,
  ): Promise<R> {
    const how = this.take(name, version);
    try {
      return await change();
    } catch (error) {
      // Where that cannot be seen either, a version that may serve is kept; the first failure is told.
      if (how !== undefined && !(await isServed().catch(() => true))) this.add(name, version, how);
      throw error;
    }
  }
}

function keyOf(name: string, version: string): string {
  return `${name} ${version}`;
}
