/*
 * A filter tells in no time that a word does not occur in a text. It holds the text's grams, the pieces of 1, 2, 3 and
 * 6 bytes of its UTF-8, each as one bit at a place that a hash gives. A word occurs only where all its grams do; that
 * they do does not prove it. Pieces of 3 bytes are single characters of Chinese, and those of 6 its pairs: search
 * works the same without spaces between words.
 */

/** Bits of the largest filter, a power of two; smaller ones are folded from it. */
const mostBits = 1 << 20;
const fewestBits = 1 << 9;

/** A filter gets so many bits for each that is set: one gram lies in a text without it by chance one time in five. */
const bitsPerGram = 5;

/** Longer words are as rare by their first grams. */
const longestWord = 64;

/** Collects the grams of texts, and gives the filter over all of them. */
export class GramCollector {
  readonly #bits = new Uint8Array(mostBits / 8);
  /** Where the bits are that are set. */
  readonly #places = new Uint32Array(mostBits);
  #set = 0;

  addText(text: Uint8Array): void {
    const { length } = text;
    let pair = 0;
    // The last three bytes, and the three before them, as one number each.
    let last = 0;
    let before2 = 0;
    let before1 = 0;
    let before = 0;
    for (let index = 0; index < length; index++) {
      const byte = text[index]!;
      this.#add(place(1, byte));
      pair = ((pair << 8) | byte) & 0xffff;
      if (index > 0) this.#add(place(2, pair));
      before = before1;
      before1 = before2;
      before2 = last;
      last = ((last << 8) | byte) & 0xffffff;
      if (index > 1) this.#add(place(3, last));
      if (index > 4) this.#add(longPlace(before, last));
    }
  }

  /** A fact about a text that a search may ask for as well, e.g. its status. */
  addFact(fact: string): void {
    this.#add(factPlace(fact));
  }

  /** The filter. The collector is empty afterwards. */
  take(): Uint8Array {
    let size = fewestBits;
    while (size < mostBits && size < this.#set * bitsPerGram) size *= 2;
    const filter = new Uint8Array(size / 8);
    for (let index = 0; index < this.#set; index++) {
      const at = this.#places[index]!;
      this.#bits[at >>> 3] = 0;
      const byte = (at & (size - 1)) >>> 3;
      filter[byte] = filter[byte]! | (1 << (at & 7));
    }
    this.#set = 0;
    return filter;
  }

  #add(at: number): void {
    const byte = at >>> 3;
    const bit = 1 << (at & 7);
    const known = this.#bits[byte]!;
    if (known & bit) return;
    this.#bits[byte] = known | bit;
    this.#places[this.#set++] = at;
  }
}

/** Where the grams of a word lie. */
export function gramPlaces(word: Uint8Array): number[] {
  const bytes = word.subarray(0, longestWord);
  if (bytes.length === 1) return [place(1, bytes[0]!)];
  if (bytes.length === 2) return [place(2, (bytes[0]! << 8) | bytes[1]!)];
  const three = (at: number): number => (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;
  const places: number[] = [];
  for (let at = 0; at + 3 <= bytes.length; at++) places.push(place(3, three(at)));
  for (let at = 0; at + 6 <= bytes.length; at++) places.push(longPlace(three(at), three(at + 3)));
  return places;
}

/** Where a fact lies. */
export function factPlace(fact: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < fact.length; index++)
    hash = Math.imul(hash ^ fact.charCodeAt(index), 0x01000193);
  return place(7, hash);
}

/** Whether a filter has all these grams. */
export function mayContain(filter: Uint8Array, places: readonly number[]): boolean {
  const mask = filter.length * 8 - 1;
  return places.every((place) => {
    const at = place & mask;
    return (filter[at >>> 3]! >>> (at & 7)) & 1;
  });
}

function place(kind: number, value: number): number {
  let hash = Math.imul(value ^ (kind << 24), 0x9e3779b1);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca77);
  return (hash ^ (hash >>> 13)) & (mostBits - 1);
}

function longPlace(first: number, second: number): number {
  return place(6, Math.imul(first, 0x27d4eb2f) ^ second);
}
