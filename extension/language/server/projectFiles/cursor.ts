import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import type { MapTree, Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import { readYaml } from '../../../../runtime/model/projectFiles/yamlTree.ts';
import type { YamlView } from './projectDocument.ts';

export type Path = (string | number)[];

/** Where somebody writes. */
export interface Cursor {
  /** Path to the map a key is written in, or to the value. */
  path: Path;
  role: 'key' | 'value';
  /** It may also be a value: nothing else stands below the key yet. */
  orValue: boolean;
  /** What is there already and is replaced. */
  range: TextRange;
  /** What was typed of it. */
  typed: string;
  quoted: boolean;
  tag?: string;
  /** Settings on each level of the path, as they stand now: the map that `path.slice(0, i)` leads to. */
  maps: (Tree | undefined)[];
  /** The key has its colon already. */
  hasColon: boolean;
  /** It stands within `{…}` or `[…]`. */
  flow: boolean;
}

/** A character that no project file holds: it stands where the cursor is, so that the parser says what that place is. */
const mark = '\uE000';

/** Finds out what is written at an offset; undefined in comments, in long texts and where nothing can be made of it. */
export function cursorAt(view: YamlView, offset: number): Cursor | undefined {
  const { text } = view;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = endOfLine(text, offset);
  const before = text.slice(lineStart, offset);
  const after = text.slice(offset, lineEnd);
  if (isComment(before)) return undefined;
  const { start, end, path } = surrounding(view, offset, lineStart, before, after);
  const flow = isFlow(text.slice(start, offset));
  const asKey = !flow && isKeyPosition(before);
  const rest = /^[\w.-]*/.exec(after)![0];
  const needsColon = asKey && /^\s*(#.*)?$/.test(after.slice(rest.length));
  const written =
    text.slice(start, offset) + mark + rest + (needsColon ? ':' : '') + text.slice(offset + rest.length, end);
  const { tree } = readYaml(written, '');
  const found = tree && find(tree, []);
  if (!found) return undefined;
  const from = start + found.range.start;
  // The mark is one character longer than what is there.
  const to = Math.min(lineEnd, Math.max(offset, start + found.range.end - 1));
  if (from < lineStart || from > offset) return undefined;
  const hasColon = found.role === 'key' && !needsColon && /^\s*:/.test(text.slice(to, lineEnd));
  return {
    path: [...path, ...found.path],
    role: found.role,
    orValue: found.role === 'key' && found.alone && path.length + found.path.length > 0,
    range: { start: from, end: to },
    typed: text.slice(from, offset),
    quoted: /["']/.test(text[from - 1] ?? ''),
    ...(found.tag !== undefined && { tag: found.tag }),
    maps: [...aboveOf(view, path), ...found.maps],
    hasColon,
    flow,
  };
}

/** Maps above a section, whose own entries are found with the cursor in it. */
function aboveOf(view: YamlView, path: Path): (Tree | undefined)[] {
  return path.length === 0 ? [] : [view.root];
}

interface Surrounding {
  start: number;
  end: number;
  path: Path;
}

/** The section to parse. A new line may begin an entry beside the ones above it, however far down it stands in a section. */
function surrounding(
  view: YamlView,
  offset: number,
  lineStart: number,
  before: string,
  after: string,
): Surrounding {
  const { sections, text } = view;
  const line = { start: lineStart, end: endOfLine(text, offset) };
  const index = Math.max(
    0,
    sections.findLastIndex(({ start }) => start <= lineStart),
  );
  const section = sections[index];
  if (!section || lineStart < section.start) return { ...line, path: [] };
  const indent = before.length - before.trimStart().length;
  const isNew = isKeyPosition(before) && /^[\w.-]*\s*(#.*)?$/.test(after);
  if (isNew && indent === 0) return { ...line, path: [] };
  const path = section.parent === undefined || section.header ? [] : [section.parent];
  if (!isNew || section.parent === undefined) return { start: section.start, end: section.end, path };
  const child = sections.find(({ parent, header }) => parent === section.parent && !header);
  const childIndent = child ? /^\s*/.exec(text.slice(child.start, child.end))![0].length : 0;
  if (lineStart > section.start && indent <= childIndent) return { ...line, path: [section.parent] };
  return { start: section.start, end: section.end, path };
}

interface Found {
  path: Path;
  role: 'key' | 'value';
  range: TextRange;
  maps: (Tree | undefined)[];
  alone: boolean;
  tag?: string;
}

function find(tree: Tree, path: Path): Found | undefined {
  switch (tree.kind) {
    case 'map':
      for (const [name, { key, value }] of tree.entries) {
        if (name.includes(mark))
          return {
            path,
            role: 'key',
            range: key,
            maps: [without(tree, name)],
            alone: tree.entries.size === 1,
          };
        const below = find(value, [...path, name]);
        if (below) return { ...below, maps: [tree, ...below.maps] };
      }
      return undefined;
    case 'list':
      for (const [i, item] of tree.items.entries()) {
        const below = find(item, [...path, i]);
        if (below) return { ...below, maps: [tree, ...below.maps] };
      }
      return undefined;
    case 'scalar': {
      if (!tree.source.includes(mark)) return undefined;
      const { tag } = tree;
      return {
        path,
        role: 'value',
        range: tree.range,
        maps: [undefined],
        alone: false,
        ...(tag !== undefined && { tag }),
      };
    }
    default:
      return undefined;
  }
}

function without(tree: MapTree, name: string): MapTree {
  return { ...tree, entries: new Map([...tree.entries].filter(([each]) => each !== name)) };
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  const line = end < 0 ? text.length : end;
  return text[line - 1] === '\r' && line > offset ? line - 1 : line;
}

/** Whether a line's beginning is where a key of a block stands. */
function isKeyPosition(before: string): boolean {
  const rest = before.replace(/^\s*(?:-\s+)*/, '');
  return !/^["'{[&*!|>%@`]/.test(rest) && !/:(\s|$)/.test(rest) && rest !== '-';
}

/** Whether a line's beginning ends within a comment. */
function isComment(before: string): boolean {
  const bare = before.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '""');
  return /(^|\s)#/.test(bare) && !/["'][^"']*#[^"']*$/.test(bare);
}

/** Whether a text ends within `{…}` or `[…]`; quotes and comments are left out as far as lines tell. */
function isFlow(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|(^|\s)#[^\n]*|\$\{[^}\n]*\}?/g, ' ');
  let depth = 0;
  for (const [, open, close] of bare.matchAll(/(?:(?<=[\s,:[{-]|^)([[{])|([\]}]))/g)) {
    if (open) depth++;
    else if (close && depth > 0) depth--;
  }
  return depth > 0;
}
