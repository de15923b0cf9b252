import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** How a code compares: `unknown` when this process has none for the address (any more). */
export type Outcome = 'right' | 'wrong' | 'expired' | 'tooManyTries' | 'unknown';

interface Entry {
  hash: Buffer;
  expiresAt: number;
  triesLeft: number;
}

const tries = 5;

/** Codes by address, in memory. A code can be used once. */
export class CodeStore {
  readonly #entries = new Map<string, Entry>();

  get size(): number {
    return this.#entries.size;
  }

  /** A new code of six digits; an earlier one for the same address is void. */
  create(email: string, lifetimeMs: number): string {
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const expiresAt = Date.now() + lifetimeMs;
    this.#entries.set(key(email), { hash: digest(email, code), expiresAt, triesLeft: tries });
    return code;
  }

  verify(email: string, code: string): Outcome {
    const entry = this.#entries.get(key(email));
    if (!entry) return 'unknown';
    if (Date.now() > entry.expiresAt) return this.#end(email, 'expired');
    if (entry.triesLeft === 0) return 'tooManyTries';
    entry.triesLeft -= 1;
    return timingSafeEqual(entry.hash, digest(email, code)) ? this.#end(email, 'right') : 'wrong';
  }

  forget(email: string): void {
    this.#entries.delete(key(email));
  }

  #end(email: string, outcome: Outcome): Outcome {
    this.forget(email);
    return outcome;
  }
}

const key = (email: string): string => email.toLowerCase();

/** Codes are not kept as they are: nothing that prints this memory gives one away. */
function digest(email: string, code: string): Buffer {
  return createHash('sha256')
    .update(`${key(email)}:${code}`)
    .digest();
}
