import { basename, dirname, relative, resolve } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver/node';
import { formatFileNames } from '../../../../runtime/model/projectFiles/fileNames.ts';
import { formatFor, projectFileFormats } from '../../../../runtime/model/projectFiles/index.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import { textOf } from '../../../../runtime/model/projectFiles/tree.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import { toUri } from '../paths.ts';
import { codeOf, type FunctionAt } from './places.ts';
import type { FileShape } from './shape.ts';
import { shapeOf } from './shapes/index.ts';
import type { YamlVersions } from '../../../../runtime/model/projectFiles/incrementalYaml.ts';
import type { MapTree } from '../../../../runtime/model/projectFiles/tree.ts';
import type { Section } from '../../../../runtime/model/projectFiles/yamlSections.ts';

/** A project file's text as a tree. Half-written parts give what can be read of them. */
export interface YamlView {
  text: string;
  root: MapTree;
  sections: readonly Section[];
}

/** One version of a project file: its text, tree and shape. */
export interface ProjectDocument {
  path: string;
  file: FileShape;
  view: YamlView;
  document: TextDocument;
}

/** Larger ones are not read by the readers either. */
const longest = 2_000_000;

/** Texts and trees of project files, each version read once. */
export class ProjectDocuments {
  readonly #files: FileLookup;
  readonly #yaml: YamlVersions;
  readonly #known = new Map<string, { last?: ProjectDocument | undefined; text?: string }>();

  constructor(files: FileLookup, yaml: YamlVersions) {
    this.#files = files;
    this.#yaml = yaml;
  }

  /** The project file at a path; undefined when it is none, or not in YAML. */
  get(path: string): ProjectDocument | undefined {
    const text = isYamlName(path) ? this.#files.readText(path) : undefined;
    if (text === undefined || text.length > longest) {
      this.#known.delete(path);
      this.#yaml.forget(path);
      return undefined;
    }
    const known = this.#known.get(path) ?? {};
    this.#known.set(path, known);
    if (known.text === text) return known.last;
    known.text = text;
    const file = fileShape(path, text);
    known.last = file && {
      path,
      file,
      view: this.#view(text, path),
      document: TextDocument.create(toUri(path), 'yaml', 0, text),
    };
    return known.last;
  }

  #view(text: string, path: string): YamlView {
    const { source, sections } = this.#yaml.read(text, path);
    const root: MapTree = source.tree ?? {
      kind: 'map',
      range: { start: 0, end: text.length },
      entries: new Map(),
    };
    return { text, root, sections };
  }
}

function isYamlName(path: string): boolean {
  return (
    Object.values(formatFileNames).some((names) => (names as string[]).includes(basename(path))) &&
    /\.ya?ml$/.test(path)
  );
}

/** A file that is hardly begun is taken for what its name says: its marks are still to be written. */
function fileShape(path: string, text: string): FileShape | undefined {
  const name = basename(path);
  const isBegun = /^[\w"'].*:\s*\S.*\n|^[\w"'].*:\s*\n\s+\S/m.test(text);
  const format =
    formatFor(name, text) ??
    (isBegun ? undefined : projectFileFormats.find(({ fileNames }) => fileNames.includes(name)));
  return format && shapeOf(format.id);
}

/** A range of offsets as lines and characters. */
export function rangeIn({ document }: ProjectDocument, { start, end }: TextRange): Range {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** The folder a function's handler is relative to. */
export function codeRootOf({ path, view }: ProjectDocument, fn: FunctionAt): string {
  const stated = textOf(codeOf(fn, view.root));
  const folder = dirname(path);
  return stated === undefined || /^[a-z][a-z0-9+.-]*:\/\/|\$\{/.test(stated)
    ? folder
    : resolve(folder, stated);
}

/** A path as project files write it. */
export function slashed(from: string, to: string): string {
  return relative(from, to).replace(/\\/g, '/');
}
