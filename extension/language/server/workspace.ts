import { basename, dirname, resolve } from 'node:path';
import {
  combineFunctions,
  type CombinedFunction,
  type ReadFile,
} from '../../../runtime/model/combineFunctions.ts';
import {
  environmentProblems,
  mergeEnvironment,
  missingVariables,
} from '../../../runtime/model/environment.ts';
import { defaultProcess, type FunctionDefinition } from '../../../runtime/model/functionDefinition.ts';
import { isInside } from '../../../runtime/model/handlerModule.ts';
import { usualPlatform } from '../../../runtime/model/usualRuntimes.ts';
import { platformDefaults } from '../../../runtime/model/platformDefaults.ts';
import type { Problem } from '../../../runtime/model/project.ts';
import { projectFileNames } from '../../../runtime/model/projectFiles/fileNames.ts';
import { YamlVersions } from '../../../runtime/model/projectFiles/incrementalYaml.ts';
import { includeFrom } from '../../../runtime/model/projectFiles/includeFile.ts';
import { formatFor } from '../../../runtime/model/projectFiles/index.ts';
import type {
  IncludedFile,
  ParsedFunction,
  ParsedProjectFile,
} from '../../../runtime/model/projectFiles/projectFile.ts';
import {
  languageOfModule,
  bareHandlerNames,
  nameBareFunctions,
  searchBareModules,
  searchProjectFiles,
  type BareFunction,
} from '../../../runtime/model/projectSearch.ts';
import { phpHandlers } from '../../../runtime/model/phpModule.ts';
import { pythonHandlers } from '../../../runtime/model/pythonModule.ts';
import type { FileLookup } from '../../../runtime/support/fileLookup.ts';
import { readEnvironment } from './environmentFiles.ts';
import type { HandlerExports } from './handlerExports.ts';

/** A function; `bare` when its code declares it, since no project file does. */
export type KnownFunction = CombinedFunction & { bare?: BareFunction };

/** A workspace folder as its files describe it now. */
export interface FolderState {
  root: string;
  /** Paths of the project files that were read, broken ones included. */
  files: string[];
  /** Paths of the files these include. */
  included: string[];
  functions: KnownFunction[];
  /** Functions as their own files declare them, without the settings that a `porchlight.yaml` lays over them. */
  declared: KnownFunction[];
  problems: Problem[];
}

/** Whether a file of this name may be a project file. */
export function isProjectFileName(path: string): boolean {
  return projectFileNames.includes(basename(path));
}

/** A project file as it was read last, with everything that it was made of. */
interface ParsedFile {
  text: string;
  included: [path: string, found: string][];
  parsed: ParsedProjectFile | undefined;
}

/** Folders of the workspace. What is known of one is kept until something changes in it. */
export class Workspace {
  readonly #files: FileLookup;
  readonly #exports: HandlerExports;
  readonly #yaml: YamlVersions;
  readonly #folders = new Map<string, FolderState | undefined>();
  readonly #parsed = new Map<string, ParsedFile>();
  /** Project files by folder; searching is the slow part, and needed only when files come or go. */
  readonly #searched = new Map<string, string[]>();

  constructor(files: FileLookup, exports: HandlerExports, yaml = new YamlVersions()) {
    this.#files = files;
    this.#exports = exports;
    this.#yaml = yaml;
  }

  addFolder(root: string): void {
    this.#folders.set(root, undefined);
  }

  removeFolder(root: string): void {
    this.#folders.delete(root);
    this.#searched.delete(root);
  }

  get roots(): string[] {
    return [...this.#folders.keys()];
  }

  get folders(): FolderState[] {
    return this.roots.map((root) => this.state(root));
  }

  /** The innermost folder a file belongs to. */
  folderOf(path: string): FolderState | undefined {
    const roots = [...this.#folders.keys()].filter((root) => isInside(root, path));
    const root = roots.sort((a, b) => b.length - a.length)[0];
    return root === undefined ? undefined : this.state(root);
  }

  /** A file's text changed, or it came or went (`listed`): what follows from it is found again when asked for. */
  changed(path: string, listed: boolean): void {
    for (const root of this.#folders.keys()) {
      if (!isInside(root, path)) continue;
      this.#folders.set(root, undefined);
      if (listed) this.#searched.delete(root);
    }
  }

  state(root: string): FolderState {
    const known = this.#folders.get(root);
    if (known) return known;
    const state = this.#read(root);
    this.#folders.set(root, state);
    return state;
  }

  #read(root: string): FolderState {
    const searched = this.#searched.get(root) ?? searchProjectFiles(root, this.#files);
    this.#searched.set(root, searched);
    const read = searched.flatMap((file): ReadFile[] => {
      const parsed = this.#parse(file, root);
      return parsed ? [{ file, parsed }] : [];
    });
    const declared = read.some(({ parsed }) => parsed.functions.length > 0);
    const bare = declared ? [] : this.#readBare(root);
    const { functions, problems } = combineFunctions(root, read, bare.map(bareDefinition));
    return {
      root,
      files: read.map(({ file }) => file),
      included: read
        .flatMap(({ file, parsed }) => parsed.includes.map((path) => resolve(dirname(file), path)))
        .filter(this.#files.isFile),
      functions: functions.map((each) => {
        const { name, handler } = each.definition;
        const own = bare.find((candidate) => candidate.name === name && candidate.handler === handler);
        return own ? { ...each, bare: own } : each;
      }),
      declared: read
        .filter(({ parsed }) => parsed.overlays.length === 0)
        .flatMap(({ file, parsed }) => parsed.functions.map((each) => declaredFunction(file, each))),
      problems: [
        ...read.flatMap(({ parsed }) => parsed.problems).filter(({ variable }) => variable === undefined),
        ...problems,
        ...functions.flatMap(({ definition }) => this.#environmentProblems(definition, root)),
      ],
    };
  }

  #parse(file: string, root: string): ParsedProjectFile | undefined {
    const text = this.#files.readText(file);
    if (text === undefined) return undefined;
    const variables = readEnvironment(this.#files, root, dirname(file));
    const key = `${text}\0${JSON.stringify(variables)}`;
    const known = this.#parsed.get(file);
    const included = includeFrom(root, this.#files);
    const isSame = ([path, was]: [string, string]): boolean => JSON.stringify(included(path)) === was;
    if (known?.text === key && known.included.every(isSame)) return known.parsed;
    const reads = new Map<string, string>();
    const include = (path: string): IncludedFile => {
      const found = included(path);
      reads.set(path, JSON.stringify(found));
      return found;
    };
    const variable = (name: string): string | undefined => variables[name] ?? process.env[name];
    const readYaml = (text: string, path: string) => this.#yaml.read(text, path).source;
    const parsed = formatFor(basename(file), text)?.parse(text, { file, variable, include, readYaml });
    this.#parsed.set(file, { text: key, included: [...reads], parsed });
    return parsed;
  }

  #environmentProblems(definition: FunctionDefinition, root: string): Problem[] {
    const variables = readEnvironment(this.#files, root, definition.codeRoot, definition.name);
    const env = mergeEnvironment(definition, variables);
    return [...missingVariables(definition, env), ...environmentProblems(definition, env)];
  }

  #readBare(root: string): BareFunction[] {
    const modules = searchBareModules(root, this.#files).map((module) => {
      const text = this.#files.readText(module.file) ?? '';
      // Most files need not be parsed to know that they export no handler.
      const worthIt = bareHandlerNames.some((name) => text.includes(name));
      const exported = worthIt ? this.#exported(module.file, text) : [];
      return { ...module, exported };
    });
    return nameBareFunctions(modules);
  }

  #exported(file: string, text: string): string[] {
    const language = languageOfModule(file);
    if (language === 'python') return pythonHandlers(text);
    if (language === 'php') return phpHandlers(text);
    return [...(this.#exports.read(file)?.names.keys() ?? [])];
  }
}

function declaredFunction(file: string, each: ParsedFunction): KnownFunction {
  const { definition, handlerRange: range } = each;
  return { definition, events: [], ...(range && { handlerAt: { file: each.file ?? file, range } }) };
}

/** Enough of a definition for overlays to be laid over it. */
function bareDefinition({ name, handler, codeRoot, file }: BareFunction): FunctionDefinition {
  const language = languageOfModule(file);
  const platform = usualPlatform(language);
  const { memoryMB, timeoutMs, region, accountId } = platformDefaults(platform);
  return {
    name,
    platform,
    language,
    handler,
    codeRoot,
    process: defaultProcess,
    memoryMB,
    timeoutMs,
    env: {},
    triggers: [],
    region,
    accountId,
    declaredAt: { file, line: 1, column: 1 },
  };
}
