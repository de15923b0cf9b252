import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';
import { joinedFlow } from './flowIndent.ts';
import { ProblemList } from './problemList.ts';
import { fileLimits, type TextRange } from './projectFile.ts';
import type { MapTree, Tree } from './tree.ts';
import { phrase } from '../../support/l10n.ts';

/** A YAML text as a tree, and where to put the problems of its content. `tree` is absent when nothing could be read. */
export interface YamlSource {
  tree?: MapTree;
  problems: ProblemList;
}

/** Reads YAML that may be half written: what can be parsed is parsed, and each fault gives one problem. */
export function readYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const problems = new ProblemList(file, lines);
  const tree = parse(text, lines, problems, 0);
  if (tree?.kind === 'map') {
    return { tree, problems };
  }
  if (tree && !(tree.kind === 'scalar' && tree.value === null)) {
    problems.add(
      'error',
      'SETTING_INVALID',
      { path: 'file', detail: phrase('expected keys with values.') },
      tree.range,
    );
  }
  return { problems };
}

/** Reads a file that another one includes, YAML or JSON; what is wrong with it joins the problems of that one. */
export function readIncludedYaml(text: string, file: string, problems: ProblemList): Tree | undefined {
  const lines = new LineCounter();
  return parse(text, lines, problems, problems.include(file, lines));
}

function parse(text: string, lines: LineCounter, problems: ProblemList, base: number): Tree | undefined {
  if (text.length > fileLimits.textLength) {
    lines.addNewLine(0);
    const detail = phrase('the file has {length} characters; at most {textLength} are read.', {
      length: text.length,
      textLength: fileLimits.textLength,
    });
    problems.add('error', 'SETTING_INVALID', { path: 'file', detail }, { start: base, end: base });
    return undefined;
  }
  const document = parseLeniently(text, lines);
  for (const error of document.errors) {
    const [start, end] = error.pos;
    const range = isMissingQuote(error) ? lastQuote(document, start) : { start, end };
    problems.addSyntaxError(inPlainWords(error.code, error.message), shifted(range, base));
  }
  return new TreeBuilder(problems, base).build(document.contents as Node | null);
}

const parserOptions = { prettyErrors: false, merge: true, logLevel: 'error' } as const;

/** Collections that are closed too far left, and reading them again, at most. */
const mostJoined = 50;

function parseLeniently(text: string, lines: LineCounter): Document {
  let document: Document = parseDocument(text, { ...parserOptions, lineCounter: lines });
  let read = text;
  for (let tries = 0; tries < mostJoined && document.errors.length > 0; tries++) {
    const joined = joinedFlow(read, document, document.errors);
    if (joined === undefined) break;
    const again = parseDocument(joined, parserOptions);
    if (again.errors.length >= document.errors.length) break;
    [read, document] = [joined, again];
  }
  return document;
}

function shifted({ start, end }: TextRange, base: number): TextRange {
  return { start: start + base, end: end + base };
}

function isMissingQuote(error: { code: string; message: string }): boolean {
  return error.code === 'MISSING_CHAR' && /quote/.test(error.message);
}

/** A missing quote is noticed at the end of the file; what helps is where the quoted text begins. */
function lastQuote(document: Document, end: number): TextRange {
  let range = { start: end, end };
  visit(document, {
    Scalar(_, node) {
      const [start, valueEnd] = node.range ?? [0, 0];
      if (node.type?.startsWith('QUOTE') && start <= end && valueEnd >= end - 1) {
        range = { start, end: start + 1 };
      }
    },
  });
  return range;
}

function inPlainWords(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'a tab stands where YAML wants spaces.';
    case 'DUPLICATE_KEY':
      return 'the same key stands here twice.';
    case 'MULTIPLE_DOCS':
      return 'a second document begins here (---); only the first is read.';
    case 'MISSING_CHAR':
      return /quote/.test(message) ? 'a closing quote is missing.' : sentence(message);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'a second ": " stands in this value; put the value in quotes, or on a line of its own.';
    case 'BAD_INDENT':
      return 'the indentation does not fit the lines above.';
    default:
      return sentence(message);
  }
}

function sentence(message: string): string {
  return /[.!?]$/.test(message) ? message : `${message}.`;
}

/** Turns the parser's nodes into trees, following aliases within bounds. */
class TreeBuilder {
  readonly #problems: ProblemList;
  /** Where the offsets of the text begin. */
  readonly #base: number;
  readonly #building = new Set<Node>();
  /** In document order: an alias means the last anchor of its name before it. */
  readonly #anchors = new Map<string, Node>();
  #nodes = 0;
  #tooLarge = false;

  constructor(problems: ProblemList, base: number) {
    this.#problems = problems;
    this.#base = base;
  }

  build(contents: Node | null): Tree | undefined {
    return contents ? this.#convert(contents, 0) : undefined;
  }

  #convert(node: Node, depth: number): Tree {
    const range = this.#rangeOf(node);
    if (++this.#nodes > fileLimits.nodes || depth > fileLimits.depth || this.#building.has(node)) {
      return this.#cut(range);
    }
    const tag = node.tag?.startsWith('!') ? { tag: node.tag } : {};
    if (isAlias(node)) {
      return this.#follow(this.#anchors.get(node.source), range, node.source, depth);
    }
    if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor) {
      this.#anchors.set(node.anchor, node);
    }
    if (isScalar(node)) {
      const value = scalarValue(node.value);
      const plain = node.type === 'PLAIN' && typeof node.source === 'string';
      const source = plain ? wellFormed(node.source!) : value === null ? '' : String(value);
      return { kind: 'scalar', range, value, source, ...tag };
    }
    this.#building.add(node);
    try {
      if (isSeq(node)) {
        const items = node.items.map((item) => this.#convert(item as Node, depth + 1));
        return { kind: 'list', range, items, ...tag };
      }
      return isMap(node)
        ? { kind: 'map', range, entries: this.#entries(node.items, range, depth), ...tag }
        : this.#cut(range);
    } finally {
      this.#building.delete(node);
    }
  }

  #entries(
    pairs: readonly { key: unknown; value: unknown }[],
    range: TextRange,
    depth: number,
  ): MapTree['entries'] {
    const entries: MapTree['entries'] = new Map();
    for (const { key, value } of pairs) {
      const keyNode = key as Node;
      const keyRange = this.#rangeOf(keyNode);
      const name = isScalar(keyNode) ? keyText(keyNode) : undefined;
      if (name === undefined) {
        continue;
      }
      const after = { start: keyRange.end, end: keyRange.end };
      const tree: Tree = value
        ? this.#convert(value as Node, depth + 1)
        : { kind: 'scalar', range: after, value: null, source: '' };
      if (name === '<<') {
        for (const [merged, entry] of tree.kind === 'map' ? tree.entries : []) {
          if (!entries.has(merged)) {
            entries.set(merged, entry);
          }
        }
      } else {
        entries.set(name, { key: keyRange.end > keyRange.start ? keyRange : range, value: tree });
      }
    }
    return entries;
  }

  #follow(target: Node | undefined, range: TextRange, name: string, depth: number): Tree {
    if (!target) {
      this.#problems.add(
        'error',
        'YAML_SYNTAX',
        { detail: phrase('no anchor &{name} stands above.', { name }) },
        range,
      );
      return { kind: 'unresolved', range, expression: `*${name}` };
    }
    return this.#convert(target, depth + 1);
  }

  #rangeOf(node: Node | null | undefined): TextRange {
    return shifted(rangeOfNode(node), this.#base);
  }

  #cut(range: TextRange): Tree {
    if (!this.#tooLarge) {
      this.#tooLarge = true;
      const detail = phrase('deeper, larger or more entangled (anchors) than a project file may be.');
      this.#problems.add('error', 'SETTING_INVALID', { path: 'file', detail }, range);
    }
    return { kind: 'unresolved', range, expression: 'value' };
  }
}

function scalarValue(value: unknown): string | number | boolean | null {
  if (typeof value === 'string') return wellFormed(value);
  const isPlain = typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : value === null || value === undefined ? null : String(value);
}

/** Half of a character that takes two can be written in a file, and would make addresses of names impossible. */
function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? text.replace(/\p{Surrogate}/gu, '\uFFFD') : text;
}

function keyText(node: { value: unknown; source?: string | undefined }): string | undefined {
  // The `<<` key's value is a symbol.
  if (typeof node.value === 'symbol') {
    return '<<';
  }
  return node.value === null || node.value === undefined
    ? undefined
    : wellFormed(node.source ?? String(node.value));
}

function rangeOfNode(node: Node | null | undefined): TextRange {
  const range = node?.range;
  if (!range) {
    return { start: 0, end: 0 };
  }
  const quoted = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE');
  const [start, end] = [range[0], range[1]];
  return quoted && end - start >= 2 ? { start: start + 1, end: end - 1 } : { start, end };
}
