import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { getIn, textOf, type Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { PlatformId } from '../../../../runtime/model/words.ts';
import type { Path } from './cursor.ts';
import { below, settle, type FileShape, type FunctionPlace, type Shape } from './shape.ts';

/** What stands at an offset. */
export interface Place {
  path: Path;
  /** The key of the last step, or its value. */
  on: 'key' | 'value';
  range: TextRange;
  tree: Tree;
}

/** The innermost key or scalar at an offset. */
export function placeAt(tree: Tree, offset: number, path: Path = []): Place | undefined {
  if (tree.kind === 'map') {
    for (const [name, { key, value }] of tree.entries) {
      if (offset >= key.start && offset <= key.end && key.end > key.start)
        return { path: [...path, name], on: 'key', range: key, tree: value };
      if (offset < value.range.start || offset > value.range.end) continue;
      const inner = placeAt(value, offset, [...path, name]);
      if (inner) return inner;
    }
    return undefined;
  }
  if (tree.kind === 'list') {
    for (const [i, item] of tree.items.entries()) {
      if (offset < item.range.start || offset > item.range.end) continue;
      const inner = placeAt(item, offset, [...path, i]);
      if (inner) return inner;
    }
    return undefined;
  }
  return { path, on: 'value', range: tree.range, tree };
}

/** The shape at the end of a path; `at` gives the settings on each level, for shapes that these decide. */
export function shapeAlong(
  shape: Shape,
  path: Path,
  at: (depth: number) => Tree | undefined,
): Shape | undefined {
  let current: Shape | undefined = settle(shape, at(0));
  for (const [i, step] of path.entries()) {
    current = current && below(current, step);
    if (!current) return undefined;
    current = settle(current, at(i + 1));
  }
  return current;
}

/** The shape at the end of a path in a file. */
export function shapeAt(file: FileShape, root: Tree | undefined, path: Path): Shape | undefined {
  return shapeAlong(file.shape(root), path, (depth) => getIn(root, ...path.slice(0, depth)));
}

/** A function whose settings a path leads into. */
export interface FunctionAt {
  key: string;
  entry: Path;
  place: FunctionPlace;
  /** Its settings. */
  settings: Tree | undefined;
  platform: PlatformId | undefined;
  runtime: string | undefined;
}

/** The function that a path leads into, as its file declares it. */
export function functionAt(file: FileShape, root: Tree | undefined, path: Path): FunctionAt | undefined {
  for (const place of file.functions) {
    const { entry: pattern } = place;
    const fits =
      pattern.length <= path.length && pattern.every((step, i) => step === '*' || step === path[i]);
    if (!fits) continue;
    const entry = path.slice(0, pattern.length);
    const settings = getIn(root, ...entry, ...place.settings);
    if (!settings && place.settings.length > 0) continue;
    const shared = place.shared && getIn(root, ...place.shared);
    const own = place.runtime && (getIn(settings, place.runtime) ?? getIn(shared, place.runtime));
    return {
      key: String(entry.at(-1) ?? ''),
      entry,
      place,
      settings,
      platform: file.platform(root, path),
      runtime: own ? textOf(own) : undefined,
    };
  }
  return undefined;
}

/** Every function of a file. */
export function functionsOf(file: FileShape, root: Tree): FunctionAt[] {
  const seen = new Set<string>();
  return file.functions.flatMap(({ entry: pattern }) => {
    if (pattern.length === 0) return functionAt(file, root, []) ?? [];
    const list = getIn(root, ...pattern.slice(0, -1));
    const keys = list?.kind === 'map' ? [...list.entries.keys()] : [];
    return keys.flatMap((key) => {
      const path = [...pattern.slice(0, -1), key];
      const found = functionAt(file, root, path);
      if (!found || seen.has(path.join('\0'))) return [];
      seen.add(path.join('\0'));
      return found;
    });
  });
}

/** The folder of a function's code as the file states it: text and place. */
export function codeOf({ place, settings }: FunctionAt, root: Tree | undefined): Tree | undefined {
  const shared = place.shared && getIn(root, ...place.shared);
  for (const path of place.code ?? []) {
    const found = getIn(settings, ...path) ?? getIn(shared, ...path);
    if (found?.kind === 'scalar') return found;
  }
  return undefined;
}
