/*
 * Fields of a form, nested as their names say: `a[b]=1`, `list[]=1`, `list[0]=1`. The function's server has a package for
 * that (`qs`); this is the part of it that forms use, as every start would have to load the whole.
 */

type Nested = { [name: string]: unknown } | unknown[];

/** Bounds of that package: fields in a form, levels of names, and the largest index that makes a list. */
const most = { fields: 1000, depth: 5, index: 20 };

/** The object of a form's text. */
export function parseForm(text: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const pair of text.split('&', most.fields)) {
    if (pair === '') continue;
    const [, name = '', value = ''] = /^(.*?\]|[^=]*)(?:=(.*))?$/s.exec(pair) ?? [];
    put(result, pathOf(decode(name)), decode(value));
  }
  return withoutGaps(result) as Record<string, unknown>;
}

/** Indexes give the order of a list; those nobody named are no part of it. */
function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return Object.values(value as unknown[]).map(withoutGaps);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withoutGaps(each)]));
}

function decode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** `a[b][c]` as its names. Below the last level the rest of a name stays as it is. */
function pathOf(name: string): string[] {
  const first = /^[^[]*/.exec(name)![0];
  const path = first === '' ? [] : [first];
  let rest = name.slice(first.length);
  while (rest !== '' && path.length <= most.depth) {
    const part = /^\[([^[\]]*)\]/.exec(rest);
    if (!part) break;
    path.push(part[1]!);
    rest = rest.slice(part[0].length);
  }
  if (rest !== '') path.push(rest);
  return path;
}

/** Names that would change what every object has are left out, as that package does. */
const isForbidden = (name: string): boolean => Object.hasOwn(Object.prototype, name) || name === '__proto__';

function put(into: Record<string, unknown>, path: string[], value: string): void {
  const [first, ...rest] = path;
  if (first === undefined || path.some(isForbidden)) return;
  into[first] = merged(Object.hasOwn(into, first) ? into[first] : undefined, rest, value);
}

function merged(known: unknown, [name, ...rest]: string[], value: string): unknown {
  if (name === undefined) {
    if (known === undefined) return value;
    return Array.isArray(known) ? [...(known as unknown[]), value] : [known, value];
  }
  const list = listOf(known, name);
  if (list) {
    const index = name === '' ? list.length : Number(name);
    const there = index < list.length ? list[index] : undefined;
    list[index] = merged(there, rest, value);
    return list;
  }
  const object = objectOf(known);
  object[name] = merged(Object.hasOwn(object, name) ? object[name] : undefined, rest, value);
  return object;
}

function listOf(known: unknown, name: string): unknown[] | undefined {
  if (!(name === '' || (/^\d{1,2}$/.test(name) && Number(name) <= most.index))) return undefined;
  if (known === undefined) return [];
  if (Array.isArray(known)) return known as unknown[];
  return typeof known === 'object' ? undefined : [known];
}

function objectOf(known: unknown): Record<string, unknown> {
  if (known === undefined) return {};
  if (typeof known === 'object' && known !== null) return { ...(known as Nested) } as Record<string, unknown>;
  return { [String(known)]: true };
}
