/** Where a text stops being JSON, from 0; undefined when it is JSON. Engines tell the place only in some of their messages. */
export function jsonErrorOffset(text: string): number | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const scan = new Scan(text);
    scan.value();
    return scan.failedAt ?? scan.end();
  }
}

const literals = ['true', 'false', 'null'];
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// What a string may hold is all but control characters, quotes and backslashes that begin no escape.
const stringPart = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/y;

/** Goes through a text that is not JSON up to where it fails. */
class Scan {
  readonly #text: string;
  #at = 0;
  failedAt: number | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** What stands behind a whole value, or the text's end. */
  end(): number {
    this.#skipSpace();
    return this.#at;
  }

  /** Nested without recursion: texts from outside may be nested deeper than a stack. */
  value(): void {
    const open: ('{' | '[')[] = [];
    for (;;) {
      if (!this.#scalarOrOpening(open)) return;
      while (!this.#justOpened) {
        const inside = open.at(-1);
        if (!inside) return;
        this.#skipSpace();
        if (this.#take(',')) {
          if (inside === '{' && !this.#key()) return;
          break;
        }
        if (!this.#take(inside === '{' ? '}' : ']')) return this.#fail();
        open.pop();
      }
    }
  }

  #justOpened = false;

  /** Takes one scalar, an empty container, or the beginning of one; false when it failed. */
  #scalarOrOpening(open: ('{' | '[')[]): boolean {
    this.#skipSpace();
    this.#justOpened = false;
    for (const [opening, closing] of ['{}', '[]'] as const) {
      if (!this.#take(opening!)) continue;
      this.#skipSpace();
      if (this.#take(closing!)) return true;
      open.push(opening as '{' | '[');
      this.#justOpened = true;
      return opening === '[' || this.#key();
    }
    if (this.#text[this.#at] === '"') return this.#string();
    const literal = literals.find((word) => this.#text.startsWith(word, this.#at));
    if (literal) this.#at += literal.length;
    else if (!this.#match(number)) this.#fail();
    return this.failedAt === undefined;
  }

  #key(): boolean {
    this.#skipSpace();
    if (this.#text[this.#at] !== '"') this.#fail();
    else if (this.#string()) {
      this.#skipSpace();
      if (!this.#take(':')) this.#fail();
    }
    return this.failedAt === undefined;
  }

  #string(): boolean {
    this.#at++;
    this.#match(stringPart);
    if (!this.#take('"')) this.#fail();
    return this.failedAt === undefined;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #skipSpace(): void {
    this.#match(/[ \t\r\n]*/y);
  }

  #fail(): void {
    this.failedAt ??= this.#at;
  }
}
