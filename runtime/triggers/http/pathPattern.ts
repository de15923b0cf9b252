import { phrase, type Phrase } from '../../support/l10n.ts';
/** A path with `{name}` segments and, at its end, `{name+}` or `*` for any rest. */
export interface PathPattern {
  segments: Segment[];
  /** The pattern without the names of its parameters: equal for patterns that match the same paths. */
  shape: string;
  /** Why it can match nothing. */
  invalid?: Phrase;
}

type Segment =
  { kind: 'text'; text: string } | { kind: 'one'; name: string } | { kind: 'rest'; name?: string };

/** Reads a path pattern; a trailing slash does not matter. */
export function parsePattern(path: string): PathPattern {
  const parts = split(path);
  const segments = parts.map((part): Segment => {
    if (part === '*') {
      return { kind: 'rest' };
    }
    const parameter = /^\{([^{}+]+)(\+?)\}$/.exec(part);
    if (!parameter) {
      return { kind: 'text', text: decode(part) };
    }
    return parameter[2] ? { kind: 'rest', name: parameter[1]! } : { kind: 'one', name: parameter[1]! };
  });
  const shape = segments
    .map((segment) => (segment.kind === 'text' ? `=${segment.text}` : segment.kind))
    .join('/');
  const early = segments.slice(0, -1).some((segment) => segment.kind === 'rest');
  const invalid = phrase('only its last part may be {name+} or *.');
  return { segments, shape, ...(early && { invalid }) };
}

/** The decoded parameters of a path (as sent, without query) that fits, or undefined. `*` gives no parameter. */
export function matchPattern(pattern: PathPattern, path: string): Record<string, string> | undefined {
  const parts = split(path);
  const parameters: Record<string, string> = {};
  for (const [index, segment] of pattern.segments.entries()) {
    if (segment.kind === 'rest') {
      const rest = parts.slice(index);
      // `{name+}` needs something to hold; `*` also fits the path it stands below.
      if (segment.name !== undefined && rest.length === 0) {
        return undefined;
      }
      if (segment.name !== undefined) {
        parameters[segment.name] = rest.map(decode).join('/');
      }
      return parameters;
    }
    const part = parts[index];
    if (part === undefined) {
      return undefined;
    }
    if (segment.kind === 'one') {
      parameters[segment.name] = decode(part);
    } else if (segment.text !== decode(part)) {
      return undefined;
    }
  }
  return parts.length === pattern.segments.length ? parameters : undefined;
}

const ranks = { text: 0, one: 1, rest: 2 } as const;

/** Negative when `a` is more specific: compared part by part, text before `{name}` before `{name+}` and `*`. */
export function comparePatterns(a: PathPattern, b: PathPattern): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = rank(a.segments[index]) - rank(b.segments[index]);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

/** A path that has ended is more specific than one that goes on with anything. */
function rank(segment: Segment | undefined): number {
  return segment ? ranks[segment.kind] : 1.5;
}

function split(path: string): string[] {
  return path.split('/').filter((part, index, all) => part !== '' || (index > 0 && index < all.length - 1));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
