import type { MapTree, Tree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { readYaml } from '../../../../runtime/model/projectFiles/yamlTree.ts';
import { sectionsOf, type Section } from './sections.ts';

/** A project file's text as a tree. Half-written parts give what can be read of them. */
export interface YamlView {
  text: string;
  root: MapTree;
  sections: readonly Section[];
}

interface Parsed {
  tree: MapTree | undefined;
  /** The tree moved to where its text stood last. */
  moved?: { by: number; tree: MapTree };
}

/** Reads the versions of one file. Only the sections that changed are parsed again. */
export class YamlReader {
  #parsed = new Map<string, Parsed>();
  #view: YamlView | undefined;

  read(text: string): YamlView {
    if (this.#view?.text === text) return this.#view;
    const before = this.#parsed;
    this.#parsed = new Map();
    const root: MapTree = { kind: 'map', range: { start: 0, end: text.length }, entries: new Map() };
    const sections = sectionsOf(text);
    for (const section of sections) {
      const tree = this.#section(text.slice(section.start, section.end), section.start, before);
      if (tree) add(root, section, tree);
    }
    this.#view = { text, root, sections };
    return this.#view;
  }

  #section(text: string, start: number, before: Map<string, Parsed>): MapTree | undefined {
    const parsed = this.#parsed.get(text) ?? before.get(text) ?? { tree: readYaml(text, '').tree };
    this.#parsed.set(text, parsed);
    if (!parsed.tree) return undefined;
    if (parsed.moved?.by !== start) parsed.moved = { by: start, tree: moved(parsed.tree, start) as MapTree };
    return parsed.moved.tree;
  }
}

function add(root: MapTree, { parent, header, end }: Section, tree: MapTree): void {
  if (parent === undefined || header) {
    for (const [name, entry] of tree.entries) root.entries.set(name, entry);
    return;
  }
  const above = root.entries.get(parent);
  if (!above) return;
  let value = above.value;
  if (value.kind !== 'map') {
    value = { kind: 'map', range: { start: tree.range.start, end }, entries: new Map() };
    root.entries.set(parent, { key: above.key, value });
  }
  value.range.end = end;
  for (const [name, entry] of tree.entries) value.entries.set(name, entry);
}

function moved(tree: Tree, by: number): Tree {
  const range = shift(tree.range, by);
  if (tree.kind === 'list') return { ...tree, range, items: tree.items.map((item) => moved(item, by)) };
  if (tree.kind !== 'map') return { ...tree, range };
  const entries: MapTree['entries'] = new Map();
  for (const [name, { key, value }] of tree.entries)
    entries.set(name, { key: shift(key, by), value: moved(value, by) });
  return { ...tree, range, entries };
}

function shift({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}
