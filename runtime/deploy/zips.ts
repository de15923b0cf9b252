import type { Archive } from '../packaging/archive.ts';
import { zipArchive } from '../packaging/zip.ts';

/** What a plan has to know of a package. */
export interface ZipFacts {
  /** As the cloud states it. */
  digest: string;
  bytes: number;
}

/** Packages whose bytes are kept. */
const heldPackages = 4;

/**
 * Archives as ZIP files. What a plan needs of one is kept; its bytes only of the latest few, as a project may have many
 * and they are large: they are made again for what is really sent, and are the same.
 */
export class Zips {
  readonly #digest: (bytes: Uint8Array) => string;
  readonly #facts = new Map<string, Promise<ZipFacts>>();
  readonly #held = new Map<string, Promise<Uint8Array>>();

  constructor(digest: (bytes: Uint8Array) => string) {
    this.#digest = digest;
  }

  facts(archive: Archive): Promise<ZipFacts> {
    const known = this.#facts.get(archive.hash);
    if (known) return known;
    const made = this.bytes(archive).then((bytes) => ({ digest: this.#digest(bytes), bytes: bytes.length }));
    this.#facts.set(archive.hash, made);
    return made;
  }

  bytes(archive: Archive): Promise<Uint8Array> {
    const held = this.#held.get(archive.hash);
    if (held) return held;
    const made = zipArchive(archive);
    this.#held.set(archive.hash, made);
    for (const hash of this.#held.keys()) if (this.#held.size > heldPackages) this.#held.delete(hash);
    return made;
  }
}
