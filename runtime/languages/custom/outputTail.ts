/** Characters of a program's output that are told when it does not come to serve. */
const mostCharacters = 4096;

/** The last lines of a program's output. */
export class OutputTail {
  #lines: string[] = [];
  #length = 0;

  add(line: string): void {
    const kept = line.slice(-mostCharacters);
    this.#lines.push(kept);
    this.#length += kept.length + 1;
    while (this.#length > mostCharacters && this.#lines.length > 1)
      this.#length -= this.#lines.shift()!.length + 1;
  }

  text(): string {
    return this.#lines.join('\n');
  }
}
