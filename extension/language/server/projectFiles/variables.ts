import { environmentUse } from '../../../../runtime/model/code/environmentReads.ts';
import { entriesOf, getIn, textOf } from '../../../../runtime/model/projectFiles/tree.ts';
import type { TextRange } from '../../../../runtime/model/projectFiles/projectFile.ts';
import type { FileLookup } from '../../../../runtime/support/fileLookup.ts';
import type { FolderState } from '../workspace.ts';
import { codeFilesBelow, longestCode } from './codeFiles.ts';
import { environmentFilesOf, environmentLines, isEnvironmentFile } from './environmentNames.ts';
import { functionsOf } from './places.ts';
import type { ProjectDocument, ProjectDocuments } from './projectDocument.ts';

/** A place where a variable of the environment is named. */
export interface VariableUse {
  name: string;
  file: string;
  range: TextRange;
  /** `project` and `environment` files give it a value, code reads it. */
  in: 'project' | 'environment' | 'code';
}

/** Knows where the variables of functions stand: in project files, in `.env` files and in code. */
export class Variables {
  readonly #files: FileLookup;
  readonly #documents: ProjectDocuments;
  readonly #read = new Map<string, { text: string; uses: VariableUse[] }>();

  constructor(files: FileLookup, documents: ProjectDocuments) {
    this.#files = files;
    this.#documents = documents;
  }

  /** Every use in a workspace folder, of one variable or of all. */
  uses(state: FolderState, name?: string): VariableUse[] {
    const given = [
      ...state.files.flatMap((path) => projectUses(this.#documents.get(path))),
      ...environmentFilesOf(state, this.#files).flatMap((file) =>
        environmentLines(file, this.#files).map((line): VariableUse => ({ ...line, in: 'environment' })),
      ),
    ];
    const code = codeFilesBelow(state.root, this.#files).flatMap((file) => this.inCode(file, name));
    const all = [...given, ...code];
    return name === undefined ? all : all.filter((use) => use.name === name);
  }

  /** Reads of the environment in a code file. */
  inCode(file: string, name?: string): VariableUse[] {
    const text = this.#files.readText(file);
    if (text === undefined || text.length > longestCode || (name !== undefined && !text.includes(name)))
      return [];
    const known = this.#read.get(file);
    if (known?.text === text) return known.uses;
    if (this.#read.size >= 1000) this.#read.clear();
    const uses = readUses(file, text);
    this.#read.set(file, { text, uses });
    return uses;
  }

  /** The use at an offset of a file. */
  at(file: string, offset: number): VariableUse | undefined {
    const project = this.#documents.get(file);
    const uses = project
      ? projectUses(project)
      : isEnvironmentFile(file)
        ? environmentLines(file, this.#files).map((line): VariableUse => ({ ...line, in: 'environment' }))
        : this.inCode(file);
    return uses.find(({ range }) => offset >= range.start && offset <= range.end);
  }
}

/** Variables that a project file gives its functions. */
export function projectUses(project: ProjectDocument | undefined): VariableUse[] {
  if (!project) return [];
  const { path: file, view, file: shape } = project;
  const found = new Map<number, VariableUse>();
  const add = (name: string, range: TextRange): void => {
    if (range.end > range.start && view.text.slice(range.start, range.end) === name)
      found.set(range.start, { name, file, range, in: 'project' });
  };
  for (const { place, settings } of functionsOf(shape, view.root)) {
    const shared =
      place.environment && place.shared ? getIn(view.root, ...place.shared, ...place.environment) : undefined;
    for (const map of [place.environment && getIn(settings, ...place.environment), shared])
      for (const [name, , key] of entriesOf(map)) add(name, key);
    for (const path of place.environmentItems ?? []) {
      const list = getIn(settings, ...path);
      for (const item of list?.kind === 'list' ? list.items : []) {
        const name = getIn(item, 'name');
        const text = textOf(name);
        if (name && text !== undefined) add(text, name.range);
      }
    }
  }
  return [...found.values()];
}

function readUses(file: string, text: string): VariableUse[] {
  const use = (name: string, start: number): VariableUse => ({
    name,
    file,
    range: { start, end: start + name.length },
    in: 'code',
  });
  if (file.endsWith('.py')) {
    const form = /\b(?:os\.)?(?:environ\s*(?:\[\s*|\.get\(\s*)|getenv\(\s*)(["'])([A-Za-z_]\w*)\1/g;
    return [...text.matchAll(form)].map((match) =>
      use(match[2]!, match.index + match[0].length - match[2]!.length - 1),
    );
  }
  if (file.endsWith('.php')) {
    const form = /\b(?:getenv\(\s*|\$_(?:ENV|SERVER)\[\s*)(["'])([A-Za-z_]\w*)\1/g;
    return [...text.matchAll(form)].map((match) =>
      use(match[2]!, match.index + match[0].length - match[2]!.length - 1),
    );
  }
  const starts = lineStarts(text);
  return environmentUse(text).reads.flatMap(({ name, line, column, endColumn }) => {
    const from = starts[line - 1]! + column - 1;
    const at = text.slice(from, starts[line - 1]! + endColumn - 1).lastIndexOf(name);
    return at < 0 ? [] : [use(name, from + at)];
  });
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
