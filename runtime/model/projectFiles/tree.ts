import type { TextRange } from './projectFile.ts';
import type { Phrase } from '../../support/l10n.ts';

/*
 * A project file's content as values that know where they stand. Variables and intrinsics are replaced and templates
 * are merged on trees, so that a wrong value is still told at the place the user wrote it.
 */

interface Located {
  /** The value, quotes excluded. */
  range: TextRange;
  /** A YAML tag such as `!Ref`. */
  tag?: string;
}

export interface ScalarTree extends Located {
  kind: 'scalar';
  value: string | number | boolean | null;
  /** The value as written, quotes excluded: keeps long numbers and leading zeros. */
  source: string;
}

export interface MapTree extends Located {
  kind: 'map';
  entries: Map<string, { key: TextRange; value: Tree }>;
}

export interface ListTree extends Located {
  kind: 'list';
  items: Tree[];
}

/** A value that cannot be known on this machine. */
export interface UnresolvedTree extends Located {
  kind: 'unresolved';
  expression: string;
  /** Why, and what helps. */
  reason?: string | Phrase;
  /** It has a value, but only in the cloud. */
  cloud?: true;
}

export type Tree = ScalarTree | MapTree | ListTree | UnresolvedTree;

/** A scalar that stands at a place but has another value, e.g. a resolved variable. */
export function scalarAt(range: TextRange, value: ScalarTree['value']): ScalarTree {
  return { kind: 'scalar', range, value, source: value === null ? '' : String(value) };
}

/** A map of other trees that stands at a place. */
export function mapAt(range: TextRange, values: Record<string, Tree | undefined>): MapTree {
  const entries: MapTree['entries'] = new Map();
  for (const [name, value] of Object.entries(values)) {
    if (value) {
      entries.set(name, { key: value.range, value });
    }
  }
  return { kind: 'map', range, entries };
}

/** The value below a tree, as far as it goes. */
export function getIn(tree: Tree | undefined, ...path: (string | number)[]): Tree | undefined {
  let current = tree;
  for (const step of path) {
    if (current?.kind === 'map') {
      current = current.entries.get(String(step))?.value;
    } else if (current?.kind === 'list') {
      current = current.items[Number(step)];
    } else {
      return undefined;
    }
  }
  return current;
}

/** Entries of a map; none for anything else. */
export function entriesOf(tree: Tree | undefined): [name: string, value: Tree, key: TextRange][] {
  return tree?.kind === 'map'
    ? [...tree.entries].map(([name, { key, value }]) => [name, value, key] as [string, Tree, TextRange])
    : [];
}

/** The text of a scalar as the user wrote it; undefined for anything else and for an empty value. */
export function textOf(tree: Tree | undefined): string | undefined {
  return tree?.kind === 'scalar' && tree.value !== null ? tree.source : undefined;
}

/**
 * The tree as plain values; unresolved ones are left out (in lists: undefined), or given as their expressions, for people
 * to read.
 */
export function toPlain(tree: Tree | undefined, expressions = false): unknown {
  switch (tree?.kind) {
    case 'scalar':
      return tree.value;
    case 'unresolved':
      return expressions ? tree.expression : undefined;
    case 'list':
      return tree.items.map((item) => toPlain(item, expressions));
    case 'map': {
      const object: Record<string, unknown> = {};
      for (const [name, { value }] of tree.entries) {
        if (value.kind !== 'unresolved' || expressions) {
          // A key such as `__proto__` must become an ordinary property.
          Object.defineProperty(object, name, {
            value: toPlain(value, expressions),
            enumerable: true,
            configurable: true,
            writable: true,
          });
        }
      }
      return object;
    }
    default:
      return undefined;
  }
}

/** Expressions within a tree that are known in the cloud alone, by their path: `Pattern.detail.bucket.0`. */
export function unresolvedIn(tree: Tree | undefined, path: readonly string[] = []): Record<string, string> {
  if (tree?.kind === 'unresolved') return { [path.join('.')]: tree.expression };
  const parts: [string, Tree][] =
    tree?.kind === 'list'
      ? tree.items.map((item, at) => [String(at), item])
      : entriesOf(tree).map(([name, value]) => [name, value]);
  return Object.assign({}, ...parts.map(([name, part]) => unresolvedIn(part, [...path, name]))) as Record<
    string,
    string
  >;
}

/** The range of the deepest value on a path that exists, for telling what is wrong there. */
export function rangeOf(tree: Tree, path: (string | number)[]): TextRange {
  let range = tree.range;
  let current: Tree | undefined = tree;
  for (const step of path) {
    if (current?.kind === 'map') {
      const entry = current.entries.get(String(step));
      if (!entry) {
        break;
      }
      const empty = entry.value.range.start === entry.value.range.end;
      range = empty ? entry.key : entry.value.range;
      current = entry.value;
    } else if (current?.kind === 'list' && current.items[Number(step)]) {
      current = current.items[Number(step)]!;
      range = current.range;
    } else {
      break;
    }
  }
  return range;
}

/** Two trees as one: maps are merged key by key, lists joined when asked for, and `over` wins elsewhere. */
export function mergeTrees(base: Tree | undefined, over: Tree | undefined, lists: 'join' | 'replace'): Tree {
  if (!base || !over) {
    return (over ?? base)!;
  }
  if (base.kind === 'map' && over.kind === 'map') {
    const entries = new Map(base.entries);
    for (const [name, entry] of over.entries) {
      entries.set(name, {
        key: entry.key,
        value: mergeTrees(base.entries.get(name)?.value, entry.value, lists),
      });
    }
    return { ...over, entries };
  }
  if (base.kind === 'list' && over.kind === 'list' && lists === 'join') {
    return { ...over, items: [...base.items, ...over.items] };
  }
  return over;
}
