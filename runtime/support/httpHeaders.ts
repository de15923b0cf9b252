/* Lists of headers as the objects that Node's HTTP server makes of them. */

export type HeaderPair = [name: string, value: string];

/** Headers of which Node keeps the first and forgets the others (its documentation of `message.headers`). */
const single = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
]);

/** Names in lower case; what is repeated is joined, kept once or listed, by its name. `cookies`: what joins those. */
export function headerObject(pairs: readonly HeaderPair[], cookies = '; '): NodeJS.Dict<string | string[]> {
  // Without a prototype a header may be called `__proto__`.
  const headers = Object.create(null) as NodeJS.Dict<string | string[]>;
  for (const [given, value] of pairs) {
    const name = given.toLowerCase();
    const known = headers[name];
    if (name === 'set-cookie') headers[name] = [...(Array.isArray(known) ? known : []), value];
    else if (known === undefined) headers[name] = value;
    else if (!single.has(name))
      headers[name] = `${String(known)}${name === 'cookie' ? cookies : ', '}${value}`;
  }
  return { ...headers };
}

/** One value of a header. */
export function headerText(headers: NodeJS.Dict<string | string[]>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
