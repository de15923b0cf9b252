import { LineCounter } from 'yaml';
import { ProblemList } from './problemList.ts';
import type { TextRange } from './projectFile.ts';
import type { MapTree, Tree } from './tree.ts';
import { sectionsOf, type Section } from './yamlSections.ts';
import { readYaml, type YamlSource } from './yamlTree.ts';

/** A version of a file that was read. */
export interface ReadVersion {
  text: string;
  source: YamlSource;
  sections: readonly Section[];
}

interface Part {
  source: YamlSource;
  /** Its tree where its text stood last. */
  moved?: { by: number; tree: MapTree };
}

/** What cannot be read in parts: anchors reach from one to another, and further documents are told by the whole text. */
const whole = /(^|[\s[{,:])[&*][^\s&*]|^<<:|(?!^)^(---|\.\.\.)(\s|$)/m;
/** Beyond this the bounds of the whole have to be looked after. */
const longest = 1_000_000;

/** Reads the versions of one file. Only the sections that a change concerns are parsed again. */
export class IncrementalYaml {
  #parts = new Map<string, Part>();
  #last: (ReadVersion & { file: string }) | undefined;

  /** Reads a version. Whoever adds problems to it gets a list of its own. */
  read(text: string, file: string): ReadVersion {
    if (this.#last?.text !== text || this.#last.file !== file) {
      const sections = sectionsOf(text);
      const source = this.#inParts(text, file, sections) ?? readYaml(text, file);
      this.#last = { text, file, source, sections };
    }
    const { source, sections } = this.#last;
    return { text, source: { ...source, problems: source.problems.copy() }, sections };
  }

  #inParts(text: string, file: string, sections: readonly Section[]): YamlSource | undefined {
    if (sections.length < 2 || text.length > longest || whole.test(text)) return undefined;
    const before = this.#parts;
    this.#parts = new Map();
    const problems = new ProblemList(file, linesOf(text));
    const root: MapTree = {
      kind: 'map',
      range: { start: sections[0]!.start, end: text.length },
      entries: new Map(),
    };
    for (const section of sections) {
      const content = text.slice(section.start, section.end);
      const part = this.#parts.get(content) ?? before.get(content) ?? { source: readYaml(content, file) };
      this.#parts.set(content, part);
      const { tree, problems: own } = part.source;
      problems.adopt(own, section.start);
      if (!tree) continue;
      if (part.moved?.by !== section.start)
        part.moved = { by: section.start, tree: moved(tree, section.start) as MapTree };
      if (!add(root, section, part.moved.tree)) return undefined;
    }
    return { tree: root, problems };
  }
}

/** Reads the versions of many files, each incrementally; whoever reads the same version gets the same tree. */
export class YamlVersions {
  readonly #files = new Map<string, IncrementalYaml>();

  read(text: string, file: string): ReadVersion {
    const known = this.#files.get(file) ?? new IncrementalYaml();
    this.#files.set(file, known);
    return known.read(text, file);
  }

  /** A file is no longer of interest. */
  forget(file: string): void {
    this.#files.delete(file);
  }
}

/** Puts a section's entries where they belong; not when a key stands there twice. */
function add(root: MapTree, { parent, header, end }: Section, tree: MapTree): boolean {
  let into = root;
  if (parent !== undefined && !header) {
    const above = root.entries.get(parent);
    if (!above) return false;
    if (above.value.kind !== 'map') {
      const value: MapTree = { kind: 'map', range: { start: tree.range.start, end }, entries: new Map() };
      root.entries.set(parent, { key: above.key, value });
      into = value;
    } else into = above.value;
    into.range.end = end;
  }
  for (const [name, entry] of tree.entries) {
    if (into.entries.has(name)) return false;
    into.entries.set(name, entry);
  }
  return true;
}

function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
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
