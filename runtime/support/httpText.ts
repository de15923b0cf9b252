/* What the HTTP facades of the clouds have in common: header lists, queries, and bodies as text or base64. */

type Pair = [name: string, value: string];

/** Values of repeated names in the order of their first appearance; `key` unites spellings. */
export function groupPairs(pairs: Iterable<Pair>, key: (name: string) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const group = groups.get(key(name));
    if (group) {
      group.push(value);
    } else {
      groups.set(key(name), [value]);
    }
  }
  return groups;
}

/** An object of groups, repeated values joined by a separator. */
export function joinGroups(groups: Map<string, string[]>, separator: string): Record<string, string> {
  return fromPairs([...groups].map(([name, values]) => [name, values.join(separator)]));
}

/** An object that takes any name as an ordinary property, `__proto__` included. */
export function fromPairs<T>(pairs: [string, T][]): Record<string, T> {
  return Object.fromEntries(pairs) as Record<string, T>;
}

/** Path and query of a request target as sent. An absolute form loses its origin. */
export function splitTarget(target: string): { path: string; query: string } {
  const relative = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const mark = relative.indexOf('?');
  const path = mark < 0 ? relative : relative.slice(0, mark);
  return { path: path.startsWith('/') ? path : `/${path}`, query: mark < 0 ? '' : relative.slice(mark + 1) };
}

/** Decoded names and values of a query, in order. */
export function queryPairs(query: string): Pair[] {
  return [...new URLSearchParams(query)];
}

/** A path decoded; as it stands when it holds broken escapes. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Bytes as text when they are valid UTF-8. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Whether a text decodes as base64. */
export function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** The media type of a `Content-Type` header, without parameters. */
export function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
}

/** Whether Node's HTTP server would accept a header; others would end the connection instead of the answer. */
export function isSendableHeader(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) && !/[^\t\x20-\x7e\x80-\xff]/.test(value);
}
