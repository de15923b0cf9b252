/*
 * Values of attributes as values of HTTP headers (CloudEvents HTTP protocol binding 1.0, section 3.1.3.2).
 */

/** Percent-encodes what a header cannot hold as it is: blanks, quotes, `%` and all outside of printable ASCII. */
export function encodeHeaderValue(text: string): string {
  // A lone half of a surrogate pair has no UTF-8; as in every encoder it becomes the replacement character.
  return text.replace(/[^\x21-\x7e]|["%]/gu, (character) =>
    Array.from(
      new TextEncoder().encode(character),
      (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
  );
}

/** The text of a header's value: quotes are taken off, then it is decoded once. Undefined when that gives no UTF-8. */
export function decodeHeaderValue(value: string): string | undefined {
  const unquoted = /^"((?:[^"\\]|\\.)*)"$/s.exec(value)?.[1]?.replace(/\\(.)/gs, '$1') ?? value;
  if (!unquoted.includes('%')) return unquoted;
  try {
    // Only what is an escape is one: a bare `%`, which careless senders leave, stands for itself.
    return unquoted.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  } catch {
    return undefined;
  }
}
